"""The tree of indicators as rings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from vitality.errors import TableError
from vitality.report.figures._tables import numbers, require_columns
from vitality.report.style import DIMENSION_COLOURS, INK, Lang, new_axes, styled, text_width, wrap_label

__all__ = ["sunburst"]

LETTER = 8.0  # points
COLUMN, LINE = 0.027, 0.062  # of the outer radius: half a Chinese letter, and a line


@styled
def sunburst(table: pd.DataFrame, *, ax: Axes | None = None, lang: Lang = "zh", levels: int = 2) -> Axes:
    """Draw the weights of a tree as rings: the dimensions inside, their children around them.

    Parameters
    ----------
    table : DataFrame, shape (n_nodes, 3 or more)
        What `Framework.table` gives: index: codes; columns: ``parent`` (empty for the root), ``global_weight``
        (0 to 1) and the names, ``name_zh`` or ``name_en``.
    ax : Axes, optional
        Where to draw; new axes by default.
    lang : {"zh", "en"}
        Which names are written.
    levels : int
        How many rings, at least 1; 3 shows the indicators of a tree with three levels.

    Returns
    -------
    Axes
        Wedges as wide as their weights, in the order of the table; a wedge too narrow for its name shows none.

    Raises
    ------
    TableError
        If a column or a weight is missing, no node is without a parent, or `levels` is below 1.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> axes = sunburst(read_framework("redcross").table())
    >>> len(axes.patches)
    19
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    require_columns(table, ["parent", "global_weight", f"name_{lang}"], "sunburst")
    weights = numbers(table, "sunburst", ["global_weight"])["global_weight"]
    if weights.isna().any() or (weights < 0).any() or not weights.any():
        raise TableError(
            "sunburst: a weight is missing or negative, or all are 0; expected weights from 0 to 1 for every node.",
            zh="sunburst：有权重缺失、为负，或全部为 0；每个节点的权重应在 0 到 1 之间。",
        )
    parents = table["parent"].fillna("")
    roots = table.index[parents == ""]
    if len(roots) != 1 or levels < 1:
        raise TableError(
            f"sunburst: found {len(roots)} nodes without a parent and levels={levels}; expected one root and at least "
            "one ring. Hand over the whole table of a framework.",
            zh=f"sunburst：有 {len(roots)} 个节点没有上级，levels={levels}；应恰有一个根节点，至少画一环。"
            "请给出框架的整张表。",
        )
    ax = new_axes(width=6.2, height=5.6) if ax is None else ax
    ring = [str(code) for code in table.index[parents == roots[0]]]
    colours = {code: to_rgb(DIMENSION_COLOURS[at % len(DIMENSION_COLOURS)]) for at, code in enumerate(ring)}
    for depth in range(levels):
        if depth:
            ring = [str(child) for code in ring for child in table.index[parents == code]]
            colours |= {code: _lighter(colours[str(parents[code])]) for code in ring}
        if ring:
            _ring(ax, table.loc[ring], [colours[code] for code in ring], depth, levels, lang)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def _lighter(colour: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = (1 - (1 - part) * 0.62 for part in colour)
    return red, green, blue


def _ring(
    ax: Axes, rows: pd.DataFrame, colours: list[tuple[float, float, float]], depth: int, levels: int, lang: Lang
) -> None:
    """Draw one ring and write the names that fit into their wedges."""
    width = 0.74 / levels
    middle = 0.26 + width * (depth + 0.5)
    shares = rows["global_weight"].to_numpy(dtype=float)
    ax.pie(shares, radius=middle + width / 2, colors=colours, startangle=90, counterclock=False,
           wedgeprops={"width": width, "edgecolor": "white", "linewidth": 1.2})  # fmt: skip
    shares = shares / shares.sum()
    angles = np.pi / 2 - 2 * np.pi * (np.cumsum(shares) - shares / 2)
    for angle, share, name, colour in zip(angles, shares, rows[f"name_{lang}"], colours):
        text, turned = _fitted(str(name), float(angle), width, 2 * np.pi * middle * float(share))
        dark = sum(part * weight for part, weight in zip(colour, (0.3, 0.59, 0.11))) < 0.62
        ax.text(middle * np.cos(angle), middle * np.sin(angle), text, ha="center", va="center", fontsize=LETTER,
                linespacing=1.15, color="white" if dark else INK, rotation=turned)  # fmt: skip


def _fitted(name: str, angle: float, width: float, room: float) -> tuple[str, float]:
    """Break and, if need be, turn a name so that it fits into its wedge; an empty text where it cannot."""
    across, along = abs(np.cos(angle)), abs(np.sin(angle))
    for columns in (18, 14, 12, 10, 8, 6):
        text = wrap_label(name, columns)
        long = COLUMN * max(text_width(line) for line in text.split("\n"))
        high = LINE * (text.count("\n") + 1)
        if long * across + high * along <= width and long * along + high * across <= room:
            return text, 0.0
        if long <= width and high <= room:
            degrees = float(np.degrees(angle)) % 360
            return text, degrees - 180 if 90 < degrees < 270 else degrees
    return "", 0.0
