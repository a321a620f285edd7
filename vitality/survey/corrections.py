"""Reviewed corrections: each says which cell it mends, from what, to what, why and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path

import pandas as pd

from vitality.errors import SurveyError, did_you_mean, meant_zh, some, some_zh
from vitality.survey.dates import read_date
from vitality.survey.findings import Finding
from vitality.survey.grids import read_grids
from vitality.survey.personal import mask_personal, masked_name
from vitality.survey.raw import RawRound

CORRECTIONS_FILE = "corrections.csv"
CORRECTION_COLUMNS = ("file", "sheet", "cell", "from", "to", "reason", "by", "date")


def read_corrections(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a corrections file.

    Parameters
    ----------
    path : path
        csv in UTF-8 or GB18030 with the columns ``file``, ``sheet``, ``cell``, ``from``, ``to``,
        ``reason``, ``by``, ``date``; ``sheet`` is empty for csv files.

    Returns
    -------
    DataFrame
        The columns above, text; index the row in the file.

    Raises
    ------
    SurveyError
        If a column is missing, a row has more or fewer cells than the head, or does not say who corrects, why and
        when.
    """
    name = Path(path).name
    grid = read_grids(Path(path))[0]
    if not grid.texts:
        return pd.DataFrame(columns=list(CORRECTION_COLUMNS), dtype=object)
    head = [text.strip().lower() for text in grid.texts[0]]
    _refuse_columns(head, name)
    lines = {number: row for number, row in enumerate(grid.texts[1:], start=2) if any(map(str.strip, row))}
    uneven = [number for number, row in lines.items() if len(row) != len(head)]
    if uneven:
        raise SurveyError(
            f"{name}: row {some(uneven)} has more or fewer cells than the head; a comma may stand in a text. "
            'Put such a text into quotation marks, as in "1,200".',
            zh=f"{name}：第 {some_zh(uneven)} 行的格数与表头不同，文字中可能有逗号；"
            '请给含逗号的文字加上双引号，如 "1,200"。',
        )
    table = pd.DataFrame(list(lines.values()), columns=head, dtype=object, index=list(lines))
    table = table.reindex(columns=list(CORRECTION_COLUMNS), fill_value="").apply(lambda column: column.str.strip())
    _refuse_unsigned(table, name)
    return table


def _refuse_columns(head: Sequence[str], name: str) -> None:
    missing = [column for column in CORRECTION_COLUMNS if column != "sheet" and column not in head]
    if missing:
        raise SurveyError(
            f"{name}: no column {some(missing)}.{did_you_mean(missing[0], head)} "
            f"Expected {', '.join(CORRECTION_COLUMNS)}.",
            zh=f"{name}：缺少列 {some_zh(missing)}。{meant_zh(missing[0], head)}"
            f"应有：{'、'.join(CORRECTION_COLUMNS)}。",
        )


def _refuse_unsigned(table: pd.DataFrame, name: str) -> None:
    """Every change is signed: why, by whom and when, so that it can be defended later."""
    unsigned = table.index[(table[["reason", "by", "date"]] == "").any(axis=1)]
    if len(unsigned):
        raise SurveyError(
            f"{name}: row {some(unsigned)} does not say 'reason', 'by' and 'date'; "
            "expected all three, since every change is signed.",
            zh=f"{name}：第 {some_zh(unsigned)} 行没有写明 reason（原因）、by（更正人）和 date（日期）；"
            "每处更正都须签名。",
        )
    undated = {number: date for number, date in table["date"].items() if read_date(str(date)) is None}
    if undated:
        found = [mask_personal(str(date)) for date in undated.values()]
        raise SurveyError(
            f"{name}: row {some(undated)}: {some(found)} is no date; expected one such as 2024-12-01. If the row is "
            "out of step, put texts with a comma into quotation marks.",
            zh=f"{name}：第 {some_zh(undated)} 行的 {some_zh(found)} 不是日期；应如 2024-12-01。"
            "若该行错位，请给含逗号的文字加上双引号。",
        )


def corrected_round(
    raw: RawRound, corrections: pd.DataFrame | str | PathLike[str] | None = None
) -> tuple[RawRound, list[Finding]]:
    """Give the round with its reviewed corrections, by default those of ``corrections.csv`` in its folder.

    Raises
    ------
    SurveyError
        As `read_corrections` and `apply_corrections`.
    """
    own = raw.folder / CORRECTIONS_FILE
    found = own if corrections is None and own.is_file() else corrections
    if found is None:
        return raw, []
    if not isinstance(found, pd.DataFrame):
        return apply_corrections(raw, read_corrections(found))
    _refuse_columns([str(column) for column in found.columns], "corrections")
    given = found.reindex(columns=list(CORRECTION_COLUMNS)).fillna("").astype("str")
    given.index = pd.RangeIndex(2, len(given) + 2)
    _refuse_unsigned(given, "corrections")
    return apply_corrections(raw, given)


def apply_corrections(raw: RawRound, corrections: pd.DataFrame) -> tuple[RawRound, list[Finding]]:
    """Give the round with corrected texts, and one note a correction.

    Raises
    ------
    SurveyError
        With every correction whose cell is not there or private, or no longer holds the text that it mends.
    """
    tables = dict(raw.tables)
    problems: list[str] = []
    chinese: list[str] = []
    notes: list[Finding] = []
    places = _places(raw)
    unread = {masked_name(note.value) for note in raw.notes if note.rule == "unreadable_file"}
    for number, row in zip(corrections.index, corrections.to_dict("records")):
        key = (masked_name(str(row["file"])), masked_name(str(row["sheet"])), str(row["cell"]).upper())
        place = places.get(key)
        cell = " / ".join(part for part in key if part)
        where, where_zh = f"row {number}: {cell}", f"第{number}行 {cell}"
        if place is None and key[0] in unread:
            continue  # a finding tells of the file, and a round with such a file is only checked
        if place is None:
            files = {k[0] for k in places}
            problems.append(f"{where} is no answer of this round.{did_you_mean(key[0], files)}")
            chinese.append(f"{where_zh}：本轮没有这个答案。{meant_zh(key[0], files)}")
            continue
        code, i, j = place
        if tables[code].questions[j] in raw.private:
            problems.append(f"{where} is private and is not kept. Correct it in the form itself.")
            chinese.append(f"{where_zh}：该题属个人信息，不保存答案；请在原表中更正。")
            continue
        found = tables[code].text_at(i, j)
        if found.strip() != mask_personal(str(row["from"])).strip():
            problems.append(
                f"{where}: expected {row['from']!r} there, found {found!r}. The value has changed since; "
                "check it and mend or remove the correction."
            )
            chinese.append(
                f"{where_zh}：原值应为 {row['from']!r}，现为 {found!r}，已有变化；请核对后修改或删去这条更正。"
            )
            continue
        text = tables[code].text.copy()
        given = mask_personal(str(row["to"]))
        text.iloc[i, j] = given
        tables[code] = replace(tables[code], text=text)
        respondent, question = str(text.index[i]), str(text.columns[j])
        signed = {name: row[name] for name in ("by", "reason", "date")}
        details = {"number": given, "how": f"{row['reason']} ({row['by']})", **signed}
        source = tables[code].source(i, j)
        notes.append(Finding("correction", code, source, respondent, question, found, details))
    if problems:
        shown = "\n  ".join(problems[:5])
        more = f"\n  and {len(problems) - 5} more" if len(problems) > 5 else ""
        shown_zh = "\n  ".join(chinese[:5])
        raise SurveyError(
            f"{CORRECTIONS_FILE}: {len(problems)} correction(s) do not fit\n  {shown}{more}",
            zh=f"{CORRECTIONS_FILE}：{len(problems)}条更正对不上\n  {shown_zh}",
        )
    return replace(raw, tables=tables), notes


def _places(raw: RawRound) -> dict[tuple[str, str, str], tuple[str, int, int]]:
    """Position of every cell by file, sheet and cell name, as the findings write them."""
    return {
        (masked_name(str(file)), masked_name(str(sheet)), table.cell(i, j)): (code, i, j)
        for code, table in raw.tables.items()
        for i, (file, sheet) in enumerate(zip(table.about["file"], table.about["sheet"]))
        for j in range(table.text.shape[1])
    }
