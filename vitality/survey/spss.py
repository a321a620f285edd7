"""SPSS files as rows of text, by pyreadstat: labels and the values behind them, user-missing values as skipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vitality.errors import SurveyError
from vitality.survey.numerals import number_text

#: How an answer that SPSS calls missing is written, as a survey platform would.
SKIPPED = "(跳过)"
#: How files of SPSS begin, and what one with a password says in its first bytes.
_SIGNS, _ENCRYPTED, _HEADER = (b"$FL2", b"$FL3"), b"ENCRYPTEDSAV", 36


def read_sav(path: Path) -> tuple[list[list[str]], dict[int, list[str]]]:
    """Read an SPSS file as rows of text.

    Returns
    -------
    tuple of (list of list of str, dict)
        First a row of heads (name and label of the variable in two lines), then the cases, labels instead of
        values; and, for each column with labels, the values themselves, in the same rows.

    Raises
    ------
    SurveyError
        If it is no SPSS file.
    """
    import pyreadstat

    try:
        table, meta = pyreadstat.read_sav(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError):
        raise _unreadable(path) from None
    heads = [f"{name}\n{label}" if label else name for name, label in zip(meta.column_names, meta.column_labels)]
    columns: list[list[str]] = []
    codes: dict[int, list[str]] = {}
    for place, name in enumerate(table.columns):
        missing, labels = meta.missing_ranges.get(name, []), meta.variable_value_labels.get(name, {})
        columns.append(_texts(table[name], labels, missing))
        if labels:
            codes[place] = [heads[place], *_texts(table[name], {}, missing)]
    return [heads, *(list(row) for row in zip(*columns))], codes


def _unreadable(path: Path) -> SurveyError:
    """Say why a file cannot be read, by how it begins."""
    start = path.read_bytes()[:_HEADER]
    if not start:
        what, zh = "it is empty", "文件是空的"
    elif _ENCRYPTED in start:
        what, zh = "it is protected with a password", "设有打开密码，请先取消密码"
    elif start.startswith(_SIGNS):
        what, zh = "it is damaged or not complete", "文件不完整或已损坏"
    else:
        what, zh = "its content is of another kind", "内容不是 SPSS 数据"
    return SurveyError(
        f"{path.name}: cannot be read as an SPSS file: {what}. Save it again as .sav, or as csv with labels.",
        zh=f"{path.name}：不能作为 SPSS 文件读取：{zh}。请重新另存为 .sav，或导出为带标签的 csv。",
    )


def _texts(column: Any, labels: dict[Any, str], missing: Any) -> list[str]:
    """Texts of one variable; a value is looked up once."""
    known: dict[Any, str] = {}
    texts = []
    for value in column:
        if value is None or value != value:
            texts.append("")
            continue
        if value not in known:
            known[value] = SKIPPED if _is_missing(value, missing) else labels.get(value, _plain(value))
        texts.append(known[value])
    return texts


def _is_missing(value: Any, ranges: Any) -> bool:
    try:
        return any(item["lo"] <= value <= item["hi"] for item in ranges)
    except TypeError:
        return False


def _plain(value: object) -> str:
    if isinstance(value, (int, float)):
        return number_text(float(value))
    return str(value).strip()
