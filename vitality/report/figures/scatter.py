"""Resources against vitality: four quadrants cut at the medians, each unit named."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from vitality.report.figures._tables import require_columns
from vitality.report.style import (
    MUTED,
    QUADRANT_COLOURS,
    Lang,
    label,
    new_axes,
    styled,
    text_width,
)

__all__ = ["place_labels", "quadrants"]

LABEL_SIZE = 8.0
CORNERS = {
    "high_high": (0.99, 0.99),
    "low_high": (0.01, 0.99),
    "high_low": (0.99, 0.01),
    "low_low": (0.01, 0.01),
}


@styled
def quadrants(table: pd.DataFrame, *, ax: Axes | None = None, lang: Lang = "zh") -> Axes:
    """Draw units by resources (across) and vitality (up), with the medians as cross-hairs.

    Parameters
    ----------
    table : DataFrame, shape (n_units, 3)
        Index: names of the units. Columns ``resources`` and ``vitality`` (any unit; vitality 0 to 100) and
        ``quadrant``, the name of the quadrant that the unit is in.
    ax : Axes, optional
        Where to draw; new axes by default.
    lang : {"zh", "en"}
        Language of the axes, and of the name of a quadrant that no unit is in.

    Returns
    -------
    Axes
        Points coloured by quadrant, each with its name, the four names of the quadrants in the corners.

    Raises
    ------
    TableError
        If a column is missing or there are no rows.

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
    ax.set_xlabel(label("resources", lang))
    ax.set_ylabel(label("vitality", lang))
    ax.margins(0.14)
    _name_corners(ax, points["quadrant"], corners, lang)
    place_labels(
        ax, points["resources"].to_numpy(float), points["vitality"].to_numpy(float), list(points.index)
    )
    return ax


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
            max(inside, key=inside.count) if inside else label(corner, lang),
            transform=ax.transAxes,
            ha="right" if x > 0.5 else "left",
            va="top" if y > 0.5 else "bottom",
            color=QUADRANT_COLOURS[corner],
            fontsize=10,
            fontweight="bold",
            gid=f"corner-{corner}",
        )


def place_labels(ax: Axes, x: np.ndarray, y: np.ndarray, names: list[object]) -> None:
    """Write each point's name beside it, at the first of 24 places that hides neither a point nor a name.

    Parameters
    ----------
    ax : Axes
        With its limits already set; the layout is computed once to know the sizes in pixels.
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
    frame = Bbox(ax.get_window_extent().get_points() / pixel)
    taken = [Bbox.from_bounds(*(dot - 4), 8, 8) for dot in dots]
    taken += [Bbox(text.get_window_extent().get_points() / pixel) for text in ax.texts]
    for dot, name in zip(dots, names):
        size = np.array([text_width(str(name)) * LABEL_SIZE * 0.53, LABEL_SIZE * 1.25])
        offset, box = min(
            (_candidate(dot, size, step, taken, frame) for step in range(24)), key=lambda found: found[2]
        )[:2]
        taken.append(box)
        ax.annotate(
            str(name),
            dot_xy(ax, dot, pixel),
            xytext=tuple(offset),
            textcoords="offset points",
            fontsize=LABEL_SIZE,
            va="bottom",
            ha="left",
            zorder=4,
            arrowprops=_leader(offset, size),
        )


def dot_xy(ax: Axes, dot: np.ndarray, pixel: float) -> tuple[float, float]:
    """Turn a place in points back into data units."""
    across, up = ax.transData.inverted().transform(dot * pixel)
    return float(across), float(up)


def _candidate(
    dot: np.ndarray, size: np.ndarray, step: int, taken: list[Bbox], frame: Bbox
) -> tuple[np.ndarray, Bbox, float]:
    """Give the offset, the box and the cost of the `step`-th place: 8 directions, in three rings."""
    ring, direction = divmod(step, 8)
    reach = (5.0, 13.0, 22.0)[ring]
    angle = (0, 180, 90, 270, 45, 315, 135, 225)[direction] * np.pi / 180
    towards = np.array([np.cos(angle), np.sin(angle)])
    offset = towards * (reach + np.abs(towards) * size / 2) - size / 2
    box = Bbox.from_bounds(*(dot + offset), *size)
    hidden = sum(_shared_area(box, other) for other in taken)
    outside = size[0] * size[1] - _shared_area(box, frame)
    return offset, box, hidden + outside + 0.01 * step + 1.2 * ring


def _shared_area(one: Bbox, other: Bbox) -> float:
    both = Bbox.intersection(one, other)
    return 0.0 if both is None else both.width * both.height


def _leader(offset: np.ndarray, size: np.ndarray) -> dict[str, object] | None:
    """Draw a thin line to the point when the name stands far from it."""
    middle = offset + size / 2
    if np.hypot(*(np.maximum(np.abs(middle) - size / 2, 0))) < 9:
        return None
    return {"arrowstyle": "-", "color": "#b9c0c5", "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3}
