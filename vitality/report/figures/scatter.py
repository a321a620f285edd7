"""Resources against vitality: four quadrants cut at the medians, each unit named."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vitality.report.figures._tables import numbers, require_columns
from vitality.report.style import (
    MUTED,
    QUADRANT_COLOURS,
    Lang,
    label,
    new_axes,
    styled,
    text_width,
    wrap_label,
)

__all__ = ["place_labels", "quadrants"]

LABEL_SIZE = 8.0
DIRECTIONS = (0, 180, 90, 270, 45, 315, 135, 225)
RINGS = (5.0, 13.0, 22.0)
PREFERENCE = np.arange(len(DIRECTIONS) * len(RINGS)) * 0.01 + np.repeat([0.0, 1.2, 2.4], len(DIRECTIONS))
LEADER = {"arrowstyle": "-", "color": "#b9c0c5", "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3}
"""Line from a name to its point when the name does not stand next to it."""
CORNERS = {
    "high_high": (0.99, 0.99),
    "low_high": (0.01, 0.99),
    "high_low": (0.99, 0.01),
    "low_low": (0.01, 0.01),
}


MOST_NAMED = 40


@styled
def quadrants(table: pd.DataFrame, *, ax: Axes | None = None, lang: Lang = "zh") -> Axes:
    """Draw units by resources (across) and vitality (up), with the medians as cross-hairs.

    Parameters
    ----------
    table : DataFrame, shape (n_units, 3)
        Index: names of the units. Columns ``resources`` and ``vitality`` (any unit; vitality 0 to 100) and
        ``quadrant``, the name of the quadrant that the unit is in. ``attrs["resources"]`` may name the resources.
    ax : Axes, optional
        Where to draw; new axes by default.
    lang : {"zh", "en"}
        Language of the axes, and of the name of a quadrant that no unit is in.

    Returns
    -------
    Axes
        Points coloured by quadrant, the four names of the quadrants in the corners. Each point has its name; of
        more than 40, only the 20 that are farthest from the cross-hairs have.

    Raises
    ------
    TableError
        If a column is missing, a value is no number, or no row has both.

    Examples
    --------
    >>> import pandas as pd
    >>> towns = pd.DataFrame({"resources": [1.0, 3.0], "vitality": [70.0, 50.0], "quadrant": ["经验推广", "机制改革"]},
    ...     index=["云溪街道", "青石镇"])
    >>> axes = quadrants(towns)
    >>> axes.collections[0].get_offsets().tolist()
    [[1.0, 70.0], [3.0, 50.0]]
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    require_columns(table, ["resources", "vitality", "quadrant"], "quadrants")
    table = table.assign(**numbers(table, "quadrants", ["resources", "vitality"]))
    points = table.dropna(subset=["resources", "vitality"])
    require_columns(points, ["quadrant"], "quadrants")
    ax = new_axes(height=5.2) if ax is None else ax
    corners = _corners(points)
    middle_x, middle_y = float(points["resources"].median()), float(points["vitality"].median())
    ax.scatter(
        points["resources"],
        points["vitality"],
        s=34,
        c=[QUADRANT_COLOURS[corner] for corner in corners],
        edgecolor="white",
        linewidth=0.6,
        zorder=3,
    )
    ax.axvline(middle_x, color=MUTED, linewidth=0.9, linestyle="--", zorder=1)
    ax.axhline(middle_y, color=MUTED, linewidth=0.9, linestyle="--", zorder=1)
    what = str(table.attrs.get("resources", ""))
    ax.set_xlabel(f"{what} · {label('resources', lang)}" if what else label("resources", lang))
    ax.set_ylabel(label("vitality", lang))
    ax.margins(0.14)
    _name_corners(ax, points["quadrant"], corners, lang)
    named = _outermost(points) if len(points) > MOST_NAMED else points
    place_labels(ax, named["resources"].to_numpy(float), named["vitality"].to_numpy(float), list(named.index))
    return ax


def _outermost(points: pd.DataFrame) -> pd.DataFrame:
    """The points that are farthest from both medians, each in units of its spread."""
    values = points[["resources", "vitality"]]
    away = ((values - values.median()) / values.std().replace(0.0, 1.0)).pow(2).sum(axis=1).to_numpy()
    return points.iloc[(-away).argsort(kind="stable")[: MOST_NAMED // 2]]


def _corners(points: pd.DataFrame) -> list[str]:
    """Tell each unit's corner from the medians, then let the table's own names move those that sit on a line."""
    across = points["resources"] >= points["resources"].median()
    up = points["vitality"] >= points["vitality"].median()
    seen = [f"{'high' if x else 'low'}_{'high' if y else 'low'}" for x, y in zip(across, up)]
    usual = pd.Series(seen).groupby(points["quadrant"].to_numpy()).agg(lambda corner: corner.mode().iloc[0])
    if usual.is_unique:
        return [str(usual[name]) for name in points["quadrant"]]
    return seen


def _name_corners(ax: Axes, names: pd.Series, corners: list[str], lang: Lang) -> None:
    for corner, (x, y) in CORNERS.items():
        inside = [str(name) for name, place in zip(names, corners) if place == corner]
        ax.text(
            x,
            y,
            wrap_label(max(inside, key=inside.count) if inside else label(corner, lang), 28),
            transform=ax.transAxes,
            ha="right" if x > 0.5 else "left",
            va="top" if y > 0.5 else "bottom",
            color=QUADRANT_COLOURS[corner],
            fontsize=10,
            fontweight="bold",
            gid=f"corner-{corner}",
            in_layout=False,
        )


def place_labels(ax: Axes, x: np.ndarray, y: np.ndarray, names: list[object]) -> None:
    """Write each point's name beside it, at the place of 24 that hides least of the points and names.

    Parameters
    ----------
    ax : Axes
        With its limits already set; the layout is computed once to know the sizes.
    x, y : ndarray, shape (n_points,)
        Points in data units.
    names : list, length n_points
        What to write.

    Examples
    --------
    >>> axes = new_axes()
    >>> place_labels(axes, np.array([0.0, 0.0]), np.array([0.0, 0.0]), ["a", "b"])
    >>> first, second = (text.xyann for text in axes.texts)
    >>> first == second
    False
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    figure = ax.get_figure(root=True)
    if not isinstance(figure, Figure):
        return
    figure.draw_without_rendering()
    pixel = figure.dpi / 72
    dots = ax.transData.transform(np.column_stack([x, y])) / pixel
    frame = np.asarray(ax.get_window_extent().extents) / pixel
    taken: np.ndarray = np.vstack(
        [
            np.hstack([dots - 4, dots + 4]),
            *(np.asarray(text.get_window_extent().extents) / pixel for text in ax.texts),
        ]
    )
    for at, name in enumerate(names):
        size = np.array([text_width(str(name)) * LABEL_SIZE * 0.53, LABEL_SIZE * 1.25])
        offsets, boxes = _places(dots[at], size)
        hidden = _shared_areas(boxes, taken).sum(axis=1)
        outside = size.prod() - _shared_areas(boxes, frame[None])[:, 0]
        best = int(np.argmin(hidden + outside + PREFERENCE))
        taken = np.vstack([taken, boxes[best]])
        ax.annotate(
            str(name),
            (x[at], y[at]),
            xytext=tuple(offsets[best]),
            textcoords="offset points",
            fontsize=LABEL_SIZE,
            va="bottom",
            ha="left",
            zorder=4,
            arrowprops=LEADER if best >= 8 else None,
            in_layout=False,
        )


def _places(dot: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give offsets and boxes (left, bottom, right, top) of 24 places: 8 directions, in three rings."""
    angles = np.tile(np.radians(DIRECTIONS), len(RINGS))
    towards = np.column_stack([np.cos(angles), np.sin(angles)])
    reach = np.repeat(RINGS, len(DIRECTIONS))[:, None]
    offsets = towards * (reach + np.abs(towards) * size / 2) - size / 2
    return offsets, np.hstack([dot + offsets, dot + offsets + size])


def _shared_areas(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Area that each of `boxes` (rows) shares with each of `others` (columns)."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.clip(high - low, 0, None).prod(axis=2)
