"""Text of answers in files that people open: never a live formula, never a sign that breaks a workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pandas as pd

from vitality.survey.personal import masked_source, masked_texts

#: Signs with which a spreadsheet program takes a text for a formula, also in full width.
_FORMULA = re.compile(r"^'*[=+\-@＝＋－＠\t\r\n]")
_GUARDED = re.compile(r"^'+[=+\-@＝＋－＠\t\r\n]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?( ~ -?\d+(\.\d+)?)?|[-－]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet program would take for a formula.

    Plain numbers and dashes stay as they are. `unguarded` takes the apostrophe away again.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-5"), guarded("约50")
    ("'=1+1", '-5', '约50')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Give back the text that `guarded` was given.

    Examples
    --------
    >>> unguarded(guarded("=1+1")), unguarded(guarded("'=1+1"))
    ('=1+1', "'=1+1")
    """
    return text[1:] if _GUARDED.match(text) and not _NUMBER.fullmatch(text) else text


def visible(text: str) -> str:
    """Take away control characters, which no workbook can hold; a bare carriage return is a line feed.

    Examples
    --------
    >>> visible("12" + chr(7)), visible("a" + chr(13) + "=1+1")
    ('12', 'a\\n=1+1')
    """
    return _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def text_table(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> pd.DataFrame:
    """Put rows of text into a table that may leave the folder raw: no control characters, no personal data.

    A column ``source`` holds the places of cells: names of files and sheets are masked one by one.

    Examples
    --------
    >>> text_table([("12" + chr(7), "a")], ["value", "rule"]).to_numpy().tolist()
    [['12', 'a']]
    """
    texts = zip(*rows) if rows else ((),) * len(columns)
    shown = {name: (_places if name == "source" else _shown)(column) for name, column in zip(columns, texts)}
    return pd.DataFrame(shown, dtype="str")


def _places(sources: Sequence[str]) -> list[str]:
    """Places of cells, ``file / sheet / cell``: few names, and very many cells in them."""
    names = {source.rpartition(" / ")[0] or source for source in sources}
    held = bool(masked_texts(names))
    return _visible([masked_source(source) for source in sources] if held else sources)


def _shown(texts: Sequence[str]) -> list[str]:
    masked = masked_texts(texts)
    return _visible([masked.get(text, text) for text in texts] if masked else texts)


def _visible(texts: Sequence[str]) -> list[str]:
    whole = "".join(texts)
    return list(map(visible, texts) if "\r" in whole or _CONTROL.search(whole) else texts)


def guarded_table(table: pd.DataFrame) -> pd.DataFrame:
    """Guard every text of a table, of its index and of its heads; numbers stay numbers.

    Examples
    --------
    >>> guarded_table(pd.DataFrame({"value": ["=1+1", -5]}, index=["@a", "b"])).to_dict()
    {'value': {"'@a": "'=1+1", 'b': -5}}
    """
    named = _of_distinct(table, _guarded).rename(index=_guarded, columns=_guarded)
    return named.rename_axis(index=_guarded)


def unguarded_table(table: pd.DataFrame) -> pd.DataFrame:
    """Undo `guarded_table` in a table without an index."""
    return _of_distinct(table, lambda value: unguarded(value) if isinstance(value, str) else value)


def _guarded(value: object) -> object:
    return guarded(visible(value)) if isinstance(value, str) else value


def _of_distinct(table: pd.DataFrame, change: Callable[[object], object]) -> pd.DataFrame:
    changed = {}
    for place, (_, column) in enumerate(table.items()):
        words = {text: change(text) for text in column.unique()}
        moved = {text: new for text, new in words.items() if text is not new and text != new}
        plain = column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
        changed[place] = plain.replace(moved) if moved else column
    return pd.DataFrame(changed, index=table.index).set_axis(table.columns, axis=1)
