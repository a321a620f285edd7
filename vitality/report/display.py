"""What a report notebook calls to say something: text, tables and figures for people.

The four functions show the same in JupyterLab as in the published report. How a notebook becomes a report:

* `front_matter` hands over title, notices and the line for the head of every page. What stands above its output
  (a remark on how to run the notebook, imports, parameters) is for the notebook only and is not published.
* `say` emits Markdown: headings (``#`` is a chapter), paragraphs, lists, formulas between dollars.
* `show_table` emits a table, `show_figure` a figure, both with a caption **without** a number: rendering writes
  表 1, 图 1 (Table 1, Figure 1) in the order of the report.
* Code, printed text, warnings and the plain value of a last line are never published. A Markdown cell is; tagged
  ``zh`` or ``en`` it goes into the report of that language only, tagged ``notebook-only`` into none.
"""

from __future__ import annotations

import base64
import html
import io
import re
import warnings
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vitality.errors import ReportError, TableError, did_you_mean, meant_zh, some, some_zh

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas.io.formats.style import Styler

__all__ = ["FRONT_MATTER", "SCREEN_ONLY", "front_matter", "say", "show_figure", "show_table", "table_html"]

FRONT_MATTER = "application/vnd.vitality.front+json"
"""Media type of the output that carries title and notices to the renderer."""

SCREEN_ONLY = "application/vnd.vitality.screen+json"
"""Media type that marks an output as one for the notebook only."""

NOTHING = "—"
_COUNT = re.compile(r"\d+|<\d+|…")
"""Shown where a table has no value."""

Formats = str | Callable[[Any], str] | Mapping[Any, str | Callable[[Any], str]]


def front_matter(
    *,
    title: str,
    subtitle: str = "",
    notices: Sequence[str] = (),
    running: str = "",
    author: str = "",
    date: str = "",
) -> None:
    """Hand title and notices to the report, and show them in the notebook.

    Parameters
    ----------
    title, subtitle : str
        Title of the report.
    notices : sequence of str
        Stand in a frame under the title: simulated data, reconstructed framework.
    running : str
        Short notice for the head of every page; the first of `notices` by default.
    author, date : str
        Stand under the title when given.

    Raises
    ------
    ReportError
        If the title is empty, or `notices` is one text instead of several.

    Examples
    --------
    >>> front_matter(title="活力评价报告", notices=["模拟数据 SIMULATED"])  # doctest: +SKIP
    """
    if not title.strip():
        raise ReportError(
            "front_matter: the title is empty; a report needs one.",
            zh="front_matter：标题为空，报告须有标题。",
        )
    if isinstance(notices, str):
        raise ReportError(
            f"front_matter: notices is one text; expected a list, such as [{notices!r}].",
            zh=f"front_matter：notices 是一段文字，应为列表，例如 [{notices!r}]。",
        )
    front = {
        "title": title,
        "subtitle": subtitle,
        "notices": [notice for notice in notices if notice],
        "running": running or next(iter(notices), ""),
        "author": author,
        "date": date,
    }
    lines = [f"# {title}", subtitle, author, date, *(f"> {notice}" for notice in front["notices"])]
    _emit({FRONT_MATTER: front, "text/markdown": "\n\n".join(line for line in lines if line)})


def say(*texts: str) -> None:
    """Put Markdown text into the report, one paragraph after the other; empty texts are left out.

    Examples
    --------
    >>> say("# 四、总体结果", "")
    {'text/markdown': '# 四、总体结果'}
    """
    spoken = [text for text in texts if text and text.strip()]
    if spoken:
        _emit({"text/markdown": "\n\n".join(spoken)})


def show_figure(figure: Figure | Axes, *, caption: str = "", alt: str = "", dpi: int = 160, close: bool = True) -> None:
    """Put a figure into the report.

    Parameters
    ----------
    figure : Figure or Axes
        What a function of `vitality.report.figures` gave.
    caption : str
        Without a number; rendering numbers the figures.
    alt : str
        What the figure shows, for people who do not see it; the caption by default.
    dpi : int
        Dots per inch of the picture.
    close : bool
        Whether to close the figure, so that the notebook does not show it a second time.

    Raises
    ------
    ReportError
        If no font on this machine, the shipped one included, has a letter of the figure.

    Examples
    --------
    >>> from vitality.report import figures
    >>> show_figure(figures.obstacle_bars(shares), caption="平均障碍度最大的项目")  # doctest: +SKIP
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    drawn = figure.get_figure(root=True) if isinstance(figure, Axes) else figure
    if not isinstance(drawn, Figure):
        raise ReportError(
            f"show_figure: found {type(figure).__name__}; expected a Figure or Axes.",
            zh=f"show_figure：得到的是 {type(figure).__name__}，应为 Figure 或 Axes。",
        )
    picture = _picture(drawn, dpi)
    if close:
        import matplotlib.pyplot as plt

        plt.close(drawn)
    wide, high = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))  # head of a PNG
    size = {"width": round(wide * 100 / dpi), "height": round(high * 100 / dpi)}
    shown = {"alt": alt or caption, "caption": caption, **size}
    _emit({"image/png": base64.b64encode(picture).decode("ascii")}, {"image/png": shown})
    if caption:
        _emit({SCREEN_ONLY: {}, "text/markdown": f"*{caption}*"})


def _picture(figure: Figure, dpi: int) -> bytes:
    from vitality.report.style import house_style

    stream = io.BytesIO()
    with warnings.catch_warnings(), house_style():
        warnings.filterwarnings("error", message="Glyph")
        try:
            figure.savefig(stream, format="png", dpi=dpi, bbox_inches="tight", pad_inches=0.04)
        except UserWarning as problem:
            raise ReportError(
                f"show_figure: a letter would be drawn as an empty box ({problem}). Replace the letter, or install "
                "a font that has it, for example Noto Sans CJK SC.",
                zh=f"show_figure：图中有的字会画成空框（{problem}）。请换掉这个字，"
                "或安装含有它的字体，例如 Noto Sans CJK SC（思源黑体）。",
            ) from None
    return stream.getvalue()


def show_table(
    table: pd.DataFrame | Styler,
    *,
    caption: str = "",
    formats: Formats | None = None,
    shade: Sequence[Hashable] = (),
    limits: tuple[float, float] = (0.0, 100.0),
    index: bool | None = None,
) -> None:
    """Put a table into the report.

    Parameters
    ----------
    table : DataFrame or Styler
        Labels are names for people. A Styler keeps its colours and formats.
    caption : str
        Without a number; rendering numbers the tables.
    formats : str, callable or mapping, optional
        How numbers are written: one format such as ``".1f"`` for all columns of floats, or a mapping from column to
        format. By default floats get one decimal, three when all are between -1 and 1, none when all are whole.
    shade : sequence of column labels
        Columns whose cells are shaded, pale at the lower of `limits`, darker at the upper.
    limits : (float, float)
        Values of the palest and the darkest shade.
    index : bool, optional
        Whether to show the index; by default unless it only counts the rows.

    Raises
    ------
    TableError
        If `formats` or `shade` name a column that the table does not have, or the table has no columns.

    Examples
    --------
    >>> show_table(pd.DataFrame({"名次": [1], "指数": [71.4]}), caption="活力指数与名次")  # doctest: +SKIP
    """
    if isinstance(table, pd.DataFrame):
        text = table_html(table, caption=caption, formats=formats, shade=shade, limits=limits, index=index)
    else:
        text = (table.set_caption(caption) if caption else table).to_html()
    _emit({"text/html": text})


def table_html(
    table: pd.DataFrame,
    *,
    caption: str = "",
    formats: Formats | None = None,
    shade: Sequence[Hashable] = (),
    limits: tuple[float, float] = (0.0, 100.0),
    index: bool | None = None,
) -> str:
    """Write a table as plain HTML, numbers to the right; the arguments are those of `show_table`.

    Returns
    -------
    str
        A ``<table class="vitality">`` with ``<caption>``, ``<thead>`` and ``<tbody>``; no script, no style block.

    Examples
    --------
    >>> text = table_html(pd.DataFrame({"指数": [71.44, None]}, index=["云溪街道", "青石镇"]))
    >>> "71.4" in text and "—" in text
    True
    """
    if table.shape[1] == 0:
        raise TableError(
            "show_table: the table has no columns; expected at least one.",
            zh="show_table：表没有列，至少需要一列。",
        )
    named = [*shade, *(formats if isinstance(formats, Mapping) else ())]
    unknown = [column for column in named if column not in table.columns]
    if unknown:
        names = list(map(str, table.columns))
        near, near_zh = did_you_mean(str(unknown[0]), names), meant_zh(str(unknown[0]), names)
        raise TableError(
            f"show_table: there is no column {some(unknown)}; found {some(table.columns)}.{near}",
            zh=f"show_table：没有列 {some_zh(unknown)}，现有 {some_zh(table.columns)}。{near_zh}",
        )
    with_index = not isinstance(table.index, pd.RangeIndex) if index is None else index
    places = [place for place, column in enumerate(table.columns) if column in set(shade)]
    columns = [
        _column(table.iloc[:, place], formats, limits if place in places else None) for place in range(table.shape[1])
    ]
    heads = [_label(name) for name in table.columns]
    aligns = ["right" if _of_numbers(table.iloc[:, place]) else "left" for place in range(table.shape[1])]
    first = [_label(name) for name in table.index] if with_index else None
    corner = _label(table.index.name) if table.index.name is not None else ""
    return _html(caption, corner, first, heads, aligns, columns)


def _of_numbers(column: pd.Series) -> bool:
    """Whether a column holds numbers, or counts of which some are not shown (<5, …)."""
    return pd.api.types.is_numeric_dtype(column) or (
        len(column) > 0 and all(isinstance(text, str) and _COUNT.fullmatch(text) for text in column)
    )


def _html(
    caption: str,
    corner: str,
    first: list[str] | None,
    heads: list[str],
    aligns: list[str],
    columns: list[list[tuple[str, str]]],
) -> str:
    """Put the pieces together; each cell is its text and its style."""
    top = [] if first is None else [f'<th style="text-align:left">{_safe(corner)}</th>']
    top += [f'<th style="text-align:{align}">{_safe(head)}</th>' for head, align in zip(heads, aligns)]
    rows = []
    for place, cells in enumerate(zip(*columns)):
        row = [] if first is None else [f'<th style="text-align:left">{_safe(first[place])}</th>']
        row += [
            f'<td style="text-align:{align}{style}">{_safe(text)}</td>' for (text, style), align in zip(cells, aligns)
        ]
        rows.append(f"<tr>{''.join(row)}</tr>")
    title = f"<caption>{_safe(caption)}</caption>\n" if caption else ""
    return (
        f'<table class="vitality">\n{title}<thead><tr>{"".join(top)}</tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody></table>"
    )


def _safe(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")


def _label(name: object) -> str:
    return " / ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _column(values: pd.Series, formats: Formats | None, limits: tuple[float, float] | None) -> list[tuple[str, str]]:
    """Give text and style of every cell of a column."""
    write = _writer(values, formats)
    cells = []
    for value in values:
        empty = value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))
        style = "" if empty or limits is None else f";background-color:{_shade(float(value), limits)}"
        cells.append((NOTHING if empty else write(value), style))
    return cells


def _writer(values: pd.Series, formats: Formats | None) -> Callable[[Any], str]:
    """Find how a column is written: as told, or by what its numbers look like."""
    told = formats.get(values.name) if isinstance(formats, Mapping) else formats
    numeric = pd.api.types.is_float_dtype(values.dtype)
    if told is not None and (numeric or isinstance(formats, Mapping)):
        if callable(told):
            return told
        return told.format if "{" in told else lambda value: format(value, told)
    if not numeric:
        return str
    seen = np.abs(values.dropna().to_numpy(dtype=float))
    if seen.size and np.all(seen == np.round(seen)):
        return "{:.0f}".format
    return "{:.3f}".format if seen.size and seen.max() <= 1 else "{:.1f}".format


def _shade(value: float, limits: tuple[float, float]) -> str:
    """Mix a pale and a middle tone; both leave black letters easy to read."""
    share = min(max((value - limits[0]) / (limits[1] - limits[0]), 0.0), 1.0)
    pale, middle = (250, 246, 236), (127, 184, 176)
    mixed = [round(low + share * (high - low)) for low, high in zip(pale, middle)]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def _emit(content: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
    from IPython.display import display

    display(content, raw=True, metadata=metadata or {})
