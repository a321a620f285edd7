"""SPSS files as rows of text, by pyreadstat: labels instead of codes, user-missing values as skipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vitality.errors import SurveyError
from vitality.survey.numerals import number_text

#: How an answer that SPSS calls missing is written, as a survey platform would.
SKIPPED = "(跳过)"


def read_sav(path: Path) -> list[list[str]]:
    """Read an SPSS file: first a row of heads (name and label of the variable in two lines), then the cases.

    Raises
    ------
    SurveyError
        If it is no SPSS file.
    """
    import pyreadstat

    try:
        table, meta = pyreadstat.read_sav(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError) as problem:
        raise SurveyError(
            f"{path.name}: cannot be read as an SPSS file ({problem}). Save it again as .sav, or as csv with labels.",
            zh=f"{path.name}：不能作为 SPSS 文件读取（{problem}）。请重新另存为 .sav，或导出为带标签的 csv。",
        ) from None
    heads = [f"{name}\n{label}" if label else name for name, label in zip(meta.column_names, meta.column_labels)]
    columns = [
        _texts(table[name], meta.variable_value_labels.get(name, {}), meta.missing_ranges.get(name, []))
        for name in table.columns
    ]
    return [heads, *(list(row) for row in zip(*columns))]


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
