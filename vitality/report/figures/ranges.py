"""Lines from one value to another: rank intervals, and the scores of two rounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vitality.errors import TableError
from vitality.report.figures._tables import numbers, require_columns, require_rows
from vitality.report.style import DIMENSION_COLOURS, GRADE_COLOURS, INK, MUTED, Lang, label, new_axes, styled

__all__ = ["rank_intervals", "rounds_dumbbell"]


@styled
def rank_intervals(table: pd.DataFrame, *, ax: Axes | None = None, lang: Lang = "zh") -> Axes:
    """Draw the interval of each unit's rank, the best median on top, with rank 1 at the left.

    Parameters
    ----------
    table : DataFrame, shape (n_units, 3 or more)
        What `rank_intervals` of the analysis gives: ``low``, ``median``, ``high`` (1 is the best) and, where it is
        there, ``nominal``, the rank of the chosen method; index: names of the units, or (unit, round).
    ax : Axes, optional
        Where to draw; new axes of a fitting height by default.
    lang : {"zh", "en"}
        Language of the words that the figure adds.

    Returns
    -------
    Axes
        A line from ``low`` to ``high`` with a point at the median, and a hollow diamond at the nominal rank.

    Raises
    ------
    TableError
        If a column is missing, there are no rows, no number, or a value that is none.

    Examples
    --------
    >>> import pandas as pd
    >>> axes = rank_intervals(pd.DataFrame({"low": [1, 2], "median": [1, 3], "high": [2, 4]}, index=["甲镇", "乙镇"]))
    >>> axes.lines[0].get_xdata().tolist()
    [1.0, 3.0]
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    require_columns(table, ["low", "median", "high"], "rank_intervals")
    order = [name for name in ("median", "nominal", "low", "high") if name in table.columns]
    drawn = numbers(table, "rank_intervals", ["low", "median", "high"])
    nominal = numbers(table, "rank_intervals", order, empty=True)[order[1:-2]]
    rows = pd.concat([drawn, nominal], axis=1).sort_values(order, kind="stable")
    ax = new_axes(height=1.0 + 0.22 * len(rows)) if ax is None else ax
    places = np.arange(len(rows))
    ax.hlines(places, rows["low"], rows["high"], color=GRADE_COLOURS[1], linewidth=3.2, zorder=2)
    ax.plot(rows["median"].astype(float), places, "o", markersize=6, color=DIMENSION_COLOURS[0],
            markeredgecolor="white", markeredgewidth=0.6, label=label("median", lang))  # fmt: skip
    if "nominal" in rows.columns:
        ax.plot(rows["nominal"].astype(float), places, "D", markersize=5, color=INK, markerfacecolor="none",
                label=label("nominal", lang))  # fmt: skip
    _named_rows(ax, rows.index)
    last = float(drawn.max().max())
    ax.set_xlim(0.5, last + 0.5)
    ax.set_xticks([1, *range(5, int(last) + 1, 5)] if last <= 60 else np.linspace(1, last, 7).round())
    ax.grid(axis="x")
    ax.set_xlabel(label("rank", lang))
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    return ax


@styled
def rounds_dumbbell(table: pd.DataFrame, *, ax: Axes | None = None, lang: Lang = "zh") -> Axes:
    """Draw the scores of two rounds, one line a unit from the earlier to the later, the latest best on top.

    Parameters
    ----------
    table : DataFrame, shape (n_units, 2)
        Scores from 0 to 100; index: names of the units; columns: the earlier and the later round. A unit that is
        in one round only has one point.
    ax : Axes, optional
        Where to draw; new axes of a fitting height by default.
    lang : {"zh", "en"}
        Language of the axis.

    Returns
    -------
    Axes
        A hollow point for the earlier round, a full one for the later; the change stands at the right.

    Raises
    ------
    TableError
        If there are no rows, no score or a value that is no number, or not just two columns.

    Examples
    --------
    >>> import pandas as pd
    >>> axes = rounds_dumbbell(pd.DataFrame({"2023": [40.0, 60.0], "2024": [50.0, 55.0]}, index=["甲镇", "乙镇"]))
    >>> [text.get_text() for text in axes.texts]
    ['−5.0', '+10.0']
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    require_rows(table, "rounds_dumbbell")
    if table.shape[1] != 2:
        raise TableError(
            f"rounds_dumbbell: found {table.shape[1]} columns; expected two, the earlier and the later round.",
            zh=f"rounds_dumbbell：表有 {table.shape[1]} 列，应为两列：较早的一轮和较晚的一轮。",
        )
    rows = numbers(table, "rounds_dumbbell")
    rows = rows.iloc[(-rows.iloc[:, 1].fillna(rows.iloc[:, 0] - 1000)).argsort(kind="stable")]
    ax = new_axes(height=1.0 + 0.24 * len(rows)) if ax is None else ax
    places = np.arange(len(rows))
    before, after = rows.iloc[:, 0].to_numpy(), rows.iloc[:, 1].to_numpy()
    colours = np.where(after >= before, GRADE_COLOURS[0], GRADE_COLOURS[4])
    ax.hlines(places, before, after, color=colours.tolist(), linewidth=2.4, zorder=2)
    ax.scatter(before, places, s=30, facecolor="white", edgecolor=MUTED, linewidth=1.4, zorder=3,
               label=str(rows.columns[0]))  # fmt: skip
    ax.scatter(after, places, s=36, color=INK, zorder=4, label=str(rows.columns[1]))
    for place, change in enumerate(after - before):
        if not np.isnan(change):
            ax.text(1.015, place, f"{change:+.1f}".replace("-", "−"), transform=ax.get_yaxis_transform(), va="center",
                    fontsize=8.5, color=colours[place])  # fmt: skip
    _named_rows(ax, rows.index)
    ax.grid(axis="x")
    ax.set_xlabel(label("score", lang))
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    return ax


def _named_rows(ax: Axes, index: pd.Index) -> None:
    """Write the names at the left, first row on top; (unit, round) is written with a dot between."""
    names = [" · ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in index]
    step = 1 if len(names) <= 60 else -(-len(names) // 60)
    ax.set_yticks(range(0, len(names), step), names[::step])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.spines["left"].set_visible(False)
