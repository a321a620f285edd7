"""Profiles over several nodes: radar lines for a few units, a heat map for all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from vitality.errors import TableError
from vitality.report.figures._tables import numbers, require_rows
from vitality.report.style import (
    DIMENSION_COLOURS,
    GRID,
    INK,
    MUTED,
    Lang,
    label,
    new_axes,
    styled,
    text_width,
    wrap_label,
)

__all__ = ["heatmap", "radar"]

MOST_LINES = 5
MOST_ANNOTATED = 40
WIDEST_ROW_NAME = 36
SHADES = LinearSegmentedColormap.from_list("vitality", ["#f6f1e4", "#cfe0d6", "#7fb8b0", "#2f8187", "#12505c"])
LINE_STYLES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)))


@styled
def radar(table: pd.DataFrame, *, ax: Axes | None = None, lang: Lang = "zh") -> Axes:
    """Draw one closed line a unit over the dimensions, 0 in the middle and 100 at the rim.

    Parameters
    ----------
    table : DataFrame, shape (1 to 5 units, 3 or more dimensions)
        Scores from 0 to 100; index and columns are names. A missing score leaves its corner open.
    ax : Axes, optional
        Polar axes to draw on; new ones by default.
    lang : {"zh", "en"}
        Kept for the common signature; the figure adds no words of its own.

    Returns
    -------
    Axes
        Polar axes; long names are wrapped outside the rim.

    Raises
    ------
    TableError
        If there are more than 5 rows or fewer than 3 columns, no score or a value that is no number.

    Examples
    --------
    >>> import pandas as pd
    >>> axes = radar(pd.DataFrame([[40, 60, 80]], index=["云溪街道"], columns=["组织", "队伍", "服务"]))
    >>> axes.lines[0].get_ydata().tolist()
    [40.0, 60.0, 80.0, 40.0]
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    require_rows(table, "radar")
    if len(table) > MOST_LINES or table.shape[1] < 3:
        raise TableError(
            f"radar: found {len(table)} rows and {table.shape[1]} columns; expected 1 to {MOST_LINES} rows and at "
            "least 3 columns. Choose fewer units, or draw a heatmap.",
            zh=f"radar：表有 {len(table)} 行 {table.shape[1]} 列，应为 1 至 {MOST_LINES} 行、至少 3 列。"
            "请减少单位，或改画 heatmap（热力图）。",
        )
    table = numbers(table, "radar")
    ax = new_axes(width=6.2, height=4.9, polar=True) if ax is None else ax
    if ax.name != "polar":
        raise TableError(
            "radar: the axes given are not polar; make them with new_axes(polar=True).",
            zh="radar：给出的坐标轴不是极坐标，请用 new_axes(polar=True) 建立。",
        )
    angles = np.linspace(0, 2 * np.pi, table.shape[1], endpoint=False)
    for place, (name, scores) in enumerate(table.iterrows()):
        values = np.append(scores.to_numpy(dtype=float), float(scores.iloc[0]))
        colour = DIMENSION_COLOURS[place]
        ax.plot(
            np.append(angles, angles[0]),
            values,
            linestyle=LINE_STYLES[place],
            color=colour,
            marker="o",
            markersize=3.5,
            label=str(name),
        )
        if len(table) <= 2:
            ax.fill(np.append(angles, angles[0]), np.nan_to_num(values), color=colour, alpha=0.10, linewidth=0)
    _radar_frame(ax, angles, [str(column) for column in table.columns])
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=min(len(table), 3))
    return ax


def _radar_frame(ax: Axes, angles: np.ndarray, names: list[str]) -> None:
    """Set the rim, the rings and the names outside the rim, each turned away from the middle."""
    ax.set_theta_offset(np.pi / 2)  # type: ignore[attr-defined]
    ax.set_theta_direction(-1)  # type: ignore[attr-defined]
    ax.set_ylim(0, 100)
    ax.set_yticks([20, 40, 60, 80, 100], ["20", "40", "60", "80", "100"], fontsize=7.5, color=MUTED)
    ax.set_rlabel_position(float(np.degrees(angles[1] / 2)))  # type: ignore[attr-defined]
    ax.set_xticks(angles, [""] * len(angles))
    ax.grid(color=GRID)
    ax.spines["polar"].set_color(GRID)
    for angle, name in zip(angles, names):
        side = round(float(np.sin(angle)), 6)
        height = round(float(np.cos(angle)), 6)
        ax.text(
            angle,
            107,
            wrap_label(name, 16),
            ha="center" if side == 0 else ("left" if side > 0 else "right"),
            va="center" if abs(height) < 0.5 else ("bottom" if height > 0 else "top"),
            fontsize=9.5,
            linespacing=1.25,
        )


@styled
def heatmap(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: Lang = "zh",
    limits: tuple[float, float] = (0.0, 100.0),
) -> Axes:
    """Draw scores of units (rows) on nodes (columns) as shades; written into the cells for up to 40 rows.

    Parameters
    ----------
    table : DataFrame, shape (n_units, n_nodes)
        Scores; index and columns are names; NaN is drawn as a hatched cell.
    ax : Axes, optional
        Where to draw; new axes of a fitting size by default.
    lang : {"zh", "en"}
        Language of the colour bar.
    limits : (float, float)
        Values of the lightest and the darkest shade.

    Returns
    -------
    Axes
        First row on top, names of the columns above.

    Raises
    ------
    TableError
        If the table has no rows or columns, or a value that is no number.

    Examples
    --------
    >>> import pandas as pd
    >>> axes = heatmap(pd.DataFrame([[40.0, 60.0]], index=["云溪街道"], columns=["组织", "队伍"]))
    >>> [text.get_text() for text in axes.texts]
    ['40', '60']
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    require_rows(table, "heatmap")
    values = numbers(table, "heatmap", empty=True).to_numpy()
    rows, columns = values.shape
    upright = columns > 10 or (columns > 7 and max(text_width(str(name)) for name in table.columns) > 16)
    if ax is None:
        row_height = 0.27 if rows <= MOST_ANNOTATED else max(0.06, 10.5 / rows)
        longest = max(text_width(str(name)) for name in table.columns)
        ax = new_axes(
            width=max(6.6, 1.9 + 0.34 * columns),
            height=0.5 + (0.075 * min(longest, 28) if upright else 0.7) + row_height * rows,
        )
    ax.set_facecolor(GRID)
    image = ax.imshow(np.ma.masked_invalid(values), cmap=SHADES, vmin=limits[0], vmax=limits[1], aspect="auto")
    _heatmap_names(ax, table, upright=upright)
    if rows <= MOST_ANNOTATED:
        _annotate(ax, values, limits, size=8.5 if columns <= 14 else 6.5)
    bar = ax.figure.colorbar(image, ax=ax, shrink=min(1.0, 6.0 / max(rows, 1) + 0.35), pad=0.02, aspect=28)
    bar.outline.set_visible(False)
    bar.set_label(label("score", lang), color=MUTED, fontsize=9)
    return ax


def _heatmap_names(ax: Axes, table: pd.DataFrame, *, upright: bool) -> None:
    rows, columns = table.shape
    beside = [wrap_label(str(name), WIDEST_ROW_NAME) for name in table.index]
    taken = max(text_width(line) for name in beside for line in name.split("\n"))
    width = 28 if upright else max(8, (84 - taken) // columns)
    names = [wrap_label(str(name), width) for name in table.columns]
    ax.set_xticks(range(columns), names, rotation=90 if upright else 0, linespacing=1.2)
    ax.xaxis.tick_top()
    step = 1 if rows <= 60 else -(-rows // 60)
    shown = range(0, rows, step)
    size = 7.0 if rows > MOST_ANNOTATED else (7.5 if any("\n" in name for name in beside) else 9.5)
    ax.set_yticks(shown, [beside[place] for place in shown], fontsize=size, linespacing=1.05)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    if rows <= MOST_ANNOTATED:
        ax.grid(which="minor", color="white", linewidth=1.2)
    ax.tick_params(which="minor", length=0)


def _annotate(ax: Axes, values: np.ndarray, limits: tuple[float, float], *, size: float) -> None:
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            frame = Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", edgecolor="#c3c9ce", lw=0)
            ax.add_patch(frame)
            continue
        dark = (value - limits[0]) / (limits[1] - limits[0]) > 0.62
        ax.text(
            column,
            row,
            f"{value:.0f}",
            ha="center",
            va="center",
            fontsize=size,
            color="white" if dark else INK,
            in_layout=False,
        )
