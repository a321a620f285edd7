"""Horizontal bars: the ranking of units, and what holds a unit back."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from vitality.report.figures._tables import numbers, require_columns
from vitality.report.style import (
    DIMENSION_COLOURS,
    GRADE_COLOURS,
    GRID,
    INK,
    MUTED,
    Lang,
    label,
    new_axes,
    styled,
    wrap_label,
)

__all__ = ["obstacle_bars", "ranking"]

MOST_ROWS = 40
BAR_HEIGHT = 0.26
"""Inches of figure for one bar."""


@styled
def ranking(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: Lang = "zh",
    value: str | None = None,
) -> Axes:
    """Draw the units as bars, best rank on top, coloured by grade.

    Parameters
    ----------
    table : DataFrame, shape (n_units, 2 to 4)
        Index: names of the units. Columns ``score`` (0 to 100, NaN where there is none) and ``rank`` (1 = best);
        optional ``grade`` (an ordered categorical keeps its order, otherwise grades are ordered by rank) and
        ``group`` (for example the district, written after the name).
    ax : Axes, optional
        Where to draw; new axes of a fitting height by default.
    lang : {"zh", "en"}
        Language of the words that the figure adds.
    value : str, optional
        Text of the value axis instead of "score".

    Returns
    -------
    Axes
        With more than 40 units only the first and the last 20 are drawn, and a row between them says how many
        are left out.

    Raises
    ------
    TableError
        If ``score`` or ``rank`` is missing or holds what is no number, or there are no rows.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"score": [58.2, 71.4], "rank": [2, 1]}, index=["青石镇", "云溪街道"])
    >>> axes = ranking(scores)
    >>> [text.get_text() for text in axes.get_yticklabels()]
    ['1  云溪街道', '2  青石镇']
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    require_columns(table, ["score", "rank"], "ranking")
    table = table.assign(**numbers(table, "ranking", ["score", "rank"], empty=True))
    rows = table.sort_values(["rank", "score"], ascending=[True, False], na_position="last", kind="stable")
    colours = _grade_colours(rows)
    left_out = max(len(rows) - MOST_ROWS, 0)
    if left_out:
        half = MOST_ROWS // 2
        rows = pd.concat([rows.iloc[:half], rows.iloc[-half:]])
    positions = [place + (1 if left_out and place >= MOST_ROWS // 2 else 0) for place in range(len(rows))]
    if ax is None:
        ax = new_axes(height=0.9 + BAR_HEIGHT * (max(positions) + 1) + 0.3 * bool(colours))
    _draw_ranking(ax, rows, positions, colours, lang)
    if left_out:
        gap = MOST_ROWS // 2
        ax.axhspan(gap - 0.5, gap + 0.5, color=GRID, alpha=0.6, zorder=0, linewidth=0)
        text = label("left_out", lang, count=left_out)
        ax.text(0.5, gap, f"… {text} …", transform=ax.get_yaxis_transform(), ha="center", va="center", color=MUTED)
    ax.set_xlabel(value or label("score", lang))
    _grade_legend(ax, colours, lang)
    return ax


def _grade_colours(rows: pd.DataFrame) -> dict[str, str]:
    """Give each grade that occurs its colour, best first; spread over the scale when there are few."""
    if "grade" not in rows.columns:
        return {}
    grades = rows["grade"]
    order = list(grades.cat.categories) if isinstance(grades.dtype, pd.CategoricalDtype) else []
    if order and isinstance(grades.dtype, pd.CategoricalDtype) and grades.cat.ordered:
        first_rank = rows.groupby("grade", observed=True)["rank"].mean()
        order = order if first_rank.reindex(order).dropna().is_monotonic_increasing else order[::-1]
    names = [str(name) for name in (order or grades.dropna().unique())]
    last = len(GRADE_COLOURS) - 1
    steps = [round(place * last / max(len(names) - 1, 1)) for place in range(len(names))]
    return {name: GRADE_COLOURS[step] for name, step in zip(names, steps)}


def _draw_ranking(ax: Axes, rows: pd.DataFrame, positions: list[int], colours: dict[str, str], lang: Lang) -> None:
    scores = rows["score"].astype(float)
    if colours:
        fills = [colours.get(str(grade), GRID) for grade in rows["grade"]]
    else:
        fills = [DIMENSION_COLOURS[0]] * len(rows)
    ax.barh(positions, scores.fillna(0.0), height=0.72, color=fills)
    top = float(scores.max()) if scores.notna().any() else 100.0
    for place, score in zip(positions, scores):
        text = label("not_ranked", lang) if pd.isna(score) else f"{score:.1f}"
        ax.text(
            (0.0 if pd.isna(score) else score) + top * 0.012,
            place,
            text,
            va="center",
            fontsize=9,
            color=MUTED if pd.isna(score) else INK,
            in_layout=False,
        )
    ax.set_yticks(positions, [_row_name(name, row) for name, row in zip(rows.index, rows.to_dict("records"))])
    ax.set_ylim(max(positions) + 0.6, -0.6)
    ax.set_xlim(0, top * 1.12)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def _row_name(name: object, row: dict[Any, Any]) -> str:
    group = row.get("group")
    named = f"{name} · {group}" if isinstance(group, str) and group else str(name)
    rank = row["rank"]
    return f"{rank:g}  {named}" if isinstance(rank, int | float) and not pd.isna(rank) else f"—  {named}"


def _grade_legend(ax: Axes, colours: dict[str, str], lang: Lang) -> None:
    if not colours:
        return
    handles = [Patch(facecolor=colour, label=name) for name, colour in colours.items()]
    legend = ax.legend(
        handles=handles,
        title=label("grade", lang),
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(handles),
        borderaxespad=0.2,
        alignment="left",
        handlelength=1.2,
        columnspacing=1.2,
    )
    legend.get_title().set_color(MUTED)
    legend.get_title().set_fontsize(9)


@styled
def obstacle_bars(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: Lang = "zh",
    most: int = 10,
    value: str | None = None,
) -> Axes:
    """Draw what holds a unit (or all units) back, largest share on top.

    Parameters
    ----------
    table : DataFrame, shape (n_nodes, 1)
        Index: names of indicators or groups. Column ``share``: part of the whole shortfall, 0 to 1.
    ax : Axes, optional
        Where to draw; new axes of a fitting height by default.
    lang : {"zh", "en"}
        Language of the axis.
    most : int
        How many bars at most.
    value : str, optional
        Text of the value axis instead of "obstacle degree (%)".

    Returns
    -------
    Axes
        Bars in percent.

    Raises
    ------
    TableError
        If ``share`` is missing, holds no number or what is none, or there are no rows.

    Examples
    --------
    >>> import pandas as pd
    >>> axes = obstacle_bars(pd.DataFrame({"share": [0.1, 0.3]}, index=["宣传", "经费"]))
    >>> [round(bar.get_width()) for bar in axes.patches]
    [30, 10]
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    require_columns(table, ["share"], "obstacle_bars")
    rows = (
        numbers(table, "obstacle_bars", ["share"])["share"]
        .dropna()
        .sort_values(ascending=False, kind="stable")
        .head(most)
        * 100
    )
    names = [wrap_label(str(name), 30) for name in rows.index]
    lines = sum(name.count("\n") + 1 for name in names)
    if ax is None:
        ax = new_axes(height=0.8 + 0.12 * len(rows) + 0.2 * lines)
    positions = list(range(len(rows)))
    ax.barh(positions, rows, height=0.62, color=GRADE_COLOURS[3])
    top = float(rows.max()) if len(rows) else 1.0
    for place, share in zip(positions, rows):
        ax.text(share + top * 0.012, place, f"{share:.1f}", va="center", fontsize=9, in_layout=False)
    ax.set_yticks(positions, names)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, top * 1.12 or 1.0)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(value or label("obstacle_share", lang))
    return ax
