"""Points on a line: weights from several sources, and correlations with their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vitality.errors import TableError
from vitality.report.figures._tables import numbers, require_columns, require_rows
from vitality.report.style import (
    DIMENSION_COLOURS,
    GRID,
    INK,
    MUTED,
    Lang,
    label,
    new_axes,
    styled,
    wrap_label,
)

__all__ = ["correlation_forest", "weights_comparison"]

MARKERS = ("o", "D", "s", "^", "v", "P", "X")


@styled
def weights_comparison(table: pd.DataFrame, *, ax: Axes | None = None, lang: Lang = "zh") -> Axes:
    """Draw the weights of each node from several sources as points on one line, first row on top.

    Parameters
    ----------
    table : DataFrame, shape (n_nodes up to about 35, 1 to 7 sources)
        Weights from 0 to 1; index: names of the nodes; columns: names of the sources.
    ax : Axes, optional
        Where to draw; new axes of a fitting height by default.
    lang : {"zh", "en"}
        Language of the axis.

    Returns
    -------
    Axes
        Weights in percent, one marker a source.

    Raises
    ------
    TableError
        If the table is empty, has no weight, a value that is no number, or more than 7 sources.

    Examples
    --------
    >>> import pandas as pd
    >>> axes = weights_comparison(pd.DataFrame({"AHP": [0.6, 0.4], "熵权": [0.5, 0.5]}, index=["组织", "队伍"]))
    >>> axes.lines[0].get_xdata().tolist()
    [60.0, 40.0]
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    require_rows(table, "weights_comparison")
    if table.shape[1] > len(MARKERS):
        raise TableError(
            f"weights_comparison: found {table.shape[1]} columns; expected at most {len(MARKERS)} sources. "
            "Choose the sources to compare.",
            zh=f"weights_comparison：表有 {table.shape[1]} 列，最多比较 {len(MARKERS)} 种来源。请选择要比较的来源。",
        )
    percent = numbers(table, "weights_comparison") * 100
    names = [wrap_label(str(name), 34) for name in table.index]
    lines = sum(name.count("\n") + 1 for name in names)
    ax = new_axes(height=1.1 + 0.06 * len(names) + 0.17 * lines) if ax is None else ax
    places = np.arange(len(percent))
    ax.hlines(places, percent.min(axis=1), percent.max(axis=1), color="#c9d0d5", linewidth=2.2, zorder=1)
    for source, column in enumerate(percent.columns):
        ax.plot(
            percent[column].to_numpy(),
            places,
            linestyle="none",
            marker=MARKERS[source],
            markersize=6,
            color=DIMENSION_COLOURS[source],
            markeredgecolor="white",
            markeredgewidth=0.6,
            label=str(column),
        )
    _rows_of_names(ax, names)
    ax.set_xlim(0, float(np.nanmax(percent.to_numpy())) * 1.06)
    ax.grid(axis="x")
    ax.set_xlabel(label("weight", lang))
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=min(table.shape[1], 4), borderaxespad=0.2)
    return ax


def _rows_of_names(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), names, linespacing=1.1)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.spines["left"].set_visible(False)
    for place in range(0, len(names), 2):
        ax.axhspan(place - 0.5, place + 0.5, color="#f5f7f8", zorder=0, linewidth=0)


@styled
def correlation_forest(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: Lang = "zh", significance: float = 0.05
) -> Axes:
    """Draw correlations as points with their intervals around a line at zero.

    Parameters
    ----------
    table : DataFrame, shape (n_pairs, 7 or more)
        Columns ``resource`` and ``node`` (names), ``estimate``, ``low``, ``high`` (-1 to 1; NaN where the
        correlation was refused), ``p_adjusted``, ``n`` and ``note`` (why it was refused).
    ax : Axes, optional
        Where to draw; new axes of a fitting height by default.
    lang : {"zh", "en"}
        Language of the words that the figure adds.
    significance : float
        A point is filled when ``p_adjusted`` is below this, hollow otherwise.

    Returns
    -------
    Axes
        First row on top; n and the adjusted p stand at the right. A refused row is a grey remark.

    Raises
    ------
    TableError
        If a column is missing, there are no rows, or a value is no number.

    Examples
    --------
    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"resource": ["专职人员"], "node": ["总指数"], "estimate": [0.5], "low": [0.2],
    ...     "high": [0.7], "p_adjusted": [0.01], "n": [24], "note": [""]})
    >>> axes = correlation_forest(pairs)
    >>> [float(value) for value in axes.lines[1].get_xdata()]
    [0.5]
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    columns = ["resource", "node", "estimate", "low", "high", "p_adjusted", "n", "note"]
    require_columns(table, columns, "correlation_forest")
    measured = ["estimate", "low", "high", "p_adjusted", "n"]
    table = table.assign(**numbers(table, "correlation_forest", measured, empty=True))
    nodes = table["node"].nunique()
    names = [
        wrap_label(str(row.resource) if nodes == 1 else f"{row.resource} × {row.node}", 34)
        for row in table[["resource", "node"]].itertuples(index=False)
    ]
    lines = sum(name.count("\n") + 1 for name in names)
    ax = new_axes(height=1.15 + 0.1 * len(names) + 0.17 * lines) if ax is None else ax
    ax.axvline(0, color=MUTED, linewidth=1.0)
    for place, row in enumerate(table[columns].to_dict("records")):
        if pd.isna(row["estimate"]):
            _refused(ax, place, str(row["note"]), lang)
        else:
            _interval(ax, place, row, lang, significance=significance)
    _rows_of_names(ax, names)
    ax.set_xlim(-1, 1)
    ax.grid(axis="x")
    ax.set_xlabel(
        label("correlation", lang) if nodes > 1 else f"{label('correlation', lang)} · {table['node'].iloc[0]}"
    )
    _forest_legend(ax, lang, significance)
    return ax


def _refused(ax: Axes, place: int, note: str, lang: Lang) -> None:
    ax.hlines(place, -1, 1, color=GRID, linewidth=1.0)
    ax.text(
        0,
        place,
        label("not_computed", lang, note=note),
        ha="center",
        va="center",
        fontsize=8.5,
        color=MUTED,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )


def _interval(ax: Axes, place: int, row: dict[Any, Any], lang: Lang, *, significance: float) -> None:
    clear = bool(float(row["p_adjusted"]) < significance)
    colour = DIMENSION_COLOURS[0] if clear else MUTED
    ax.hlines(place, row["low"], row["high"], color=colour, linewidth=1.8)
    ax.plot(
        [row["estimate"]],
        [place],
        marker="o",
        markersize=6.5,
        color=colour,
        markerfacecolor=colour if clear else "white",
        linestyle="none",
    )
    p = float(row["p_adjusted"])
    shown = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    n = "" if pd.isna(row["n"]) else f"n = {int(row['n'])}　"
    ax.text(
        1.02, place, n + ("" if np.isnan(p) else shown), transform=ax.get_yaxis_transform(), va="center", fontsize=8.5,
        color=INK if clear else MUTED,
    )  # fmt: skip


def _forest_legend(ax: Axes, lang: Lang, significance: float) -> None:
    filled = ax.plot([], [], "o-", color=DIMENSION_COLOURS[0], label=label("significant", lang, level=significance))
    hollow = ax.plot(
        [],
        [],
        "o-",
        color=MUTED,
        markerfacecolor="white",
        label=label("not_significant", lang, level=significance),
    )
    ax.legend(handles=[*filled, *hollow], loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
