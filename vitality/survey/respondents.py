"""Which units a round has, and to which of them each respondent belongs."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vitality.framework import Framework, Instrument
from vitality.survey.findings import Finding
from vitality.survey.naming import near_miss, simplified, tidy
from vitality.survey.raw import RawRound, RawTable

_BRACKETS = re.compile(r"[(（].*?[)）]")
_OFFICES = re.compile(r"(红十字会办公室|红十字会|红十字服务站|人民政府|办事处|党工委|政府)$")


@dataclass
class Arranged:
    """Respondents of known units, without repeated ones; `dropped` is (source, respondent, old, rule)."""

    table: RawTable
    units: pd.Series
    findings: list[Finding] = field(default_factory=list)
    dropped: list[tuple[str, str, str, str]] = field(default_factory=list)


def known_units(raw: RawRound, framework: Framework) -> pd.DataFrame:
    """Units of a round: those that ``round.yaml`` lists, otherwise those of the first form of the units.

    Returns
    -------
    DataFrame
        Index ``unit`` in order; columns ``name`` and ``group`` (empty text where unknown).
    """
    if raw.settings.units:
        listed = list(raw.settings.units)
        index = pd.Index(listed, dtype=object, name="unit")
        columns = {"name": listed, "group": list(raw.settings.units.values())}
        return pd.DataFrame(columns, index=index, dtype=object)
    for instrument in framework.instruments:
        if instrument.respondent == "unit" and instrument.code in raw.tables:
            about = raw.tables[instrument.code].about
            units = about["unit"].map(tidy)
            first = about[["name", "group"]].set_axis(pd.Index(units, dtype=object, name="unit"))
            first = first[(first.index != "") & ~first.index.duplicated()]
            names = first["name"].where(first["name"] != "", first.index.to_series())
            return first.assign(name=names)
    return pd.DataFrame({"name": [], "group": []}, dtype=object).rename_axis("unit")


def arrange(
    table: RawTable, instrument: Instrument, units: pd.DataFrame, aliases: Mapping[str, str] | None = None
) -> Arranged:
    """Give the respondents of known units; tell of the others, of repeated ones and of units without any."""
    known = set(units.index)
    written = table.about["unit"]
    names = {text: unit_name(text, known, aliases or {}) for text in written.unique()}
    own = written.map(names).astype(object)
    found = Arranged(table, own)
    for text, name in names.items():
        if name in known and name != tidy(text):
            first = int(np.flatnonzero((written == text).to_numpy())[0])
            details: dict[str, object] = {"unit": name}
            source = table.source(first)
            found.findings.append(Finding("alias", instrument.code, source, value=str(text), details=details))
    keep = own.isin(units.index).to_numpy()
    for name, rows in own[~keep].groupby(own[~keep], sort=False):
        first = int(np.flatnonzero(own.index == rows.index[0])[0])
        near = near_miss(str(name), map(str, units.index)) if len(str(name)) > 3 else ""  # not for country codes
        details = {"n": len(rows), "near": near}
        coded = instrument.layout == "export" and str(name).isdecimal()
        rule = "coded_unit" if coded else "unknown_unit" if name else "no_unit"
        found.findings.append(
            Finding(rule, instrument.code, table.source(first), str(rows.index[0]), "", str(name), details)
        )
        found.dropped += [
            (table.row_source(row), str(table.text.index[row]), str(name), rule)
            for row in np.flatnonzero((own == name).to_numpy()).tolist()
        ]
    keep = keep & ~_repeated(found, instrument, keep)
    found.table = table.rows_kept(keep)
    found.units = own[keep].rename("unit")
    _absent_units(found, instrument, units)
    return found


def unit_name(text: str, known: Container[str], aliases: Mapping[str, str]) -> str:
    """Give the unit that a text names: by its letters, by the table of aliases, or without 红十字会 and the like.

    Examples
    --------
    >>> known = {"甲镇", "乙街道"}
    >>> unit_name("甲 鎮", known, {}), unit_name("乙街道办事处红十字会", known, {})
    ('甲镇', '乙街道')
    >>> unit_name("老镇", known, {"老镇": "甲镇"}), unit_name("甲镇（原丙镇）", known, {}), unit_name("丁镇", known, {})
    ('甲镇', '甲镇', '丁镇')
    """
    name = tidy(text)
    plain = simplified(name)
    bare = _BRACKETS.sub("", plain)
    for candidate in (name, plain, aliases.get(name, ""), aliases.get(plain, ""), bare, _shortened(bare)):
        if candidate and candidate in known:
            return candidate
    return name


def _shortened(name: str) -> str:
    """A name without the words that stand behind a unit's own."""
    while (shorter := _OFFICES.sub("", name)) != name:
        name = shorter
    return name


def _repeated(found: Arranged, instrument: Instrument, keep: np.ndarray) -> np.ndarray:
    """Rows that a later row of the same unit, or of the same organisation, replaces."""
    table, own = found.table, found.units
    if instrument.respondent == "unit":
        rule, names = "repeated_form", own
    elif instrument.layout == "list" and _name_question(instrument):
        rule, names = "duplicate", table.text[_name_question(instrument)].map(tidy)
    else:
        return _sent_twice(found, instrument, keep)
    key = pd.DataFrame({"unit": own, "name": names})
    usable = keep & names.ne("").to_numpy()
    repeated = np.zeros(len(own), dtype=bool)
    repeated[usable] = key[usable].duplicated(keep="last").to_numpy()
    question = "" if rule == "repeated_form" else _name_question(instrument)
    column = instrument.question_codes.index(question) if question else None
    pairs = list(zip(own, names))
    last = {pairs[row]: row for row in np.flatnonzero(usable).tolist()}
    for row in np.flatnonzero(repeated).tolist():
        source, kept = table.source(row, column), table.source(last[pairs[row]], column)
        respondent, name = str(table.text.index[row]), str(names.iloc[row])
        found.findings.append(Finding(rule, instrument.code, source, respondent, question, name, {"kept": kept}))
        found.dropped.append((source, respondent, name, rule))
    return repeated


def _sent_twice(found: Arranged, instrument: Instrument, keep: np.ndarray) -> np.ndarray:
    """Rows of an export with the same unit, time and answers as an earlier row."""
    table = found.table
    submitted = table.about["submitted"]
    key = pd.DataFrame({"unit": found.units, "submitted": submitted})
    repeated = np.zeros(len(key), dtype=bool)
    usable = keep & submitted.ne("").to_numpy()
    near = usable & key.duplicated(keep=False).to_numpy()
    seen: dict[tuple[str, ...], int] = {}
    for row in np.flatnonzero(near).tolist():
        answers = (str(found.units.iloc[row]), submitted.iloc[row], *table.text.iloc[row])
        repeated[row] = answers in seen
        first = seen.setdefault(answers, row)
        if repeated[row]:
            source, respondent = table.row_source(row), str(table.text.index[row])
            details: dict[str, object] = {"kept": table.row_source(first)}
            found.findings.append(Finding("sent_twice", instrument.code, source, respondent, "", respondent, details))
            found.dropped.append((source, respondent, respondent, "sent_twice"))
    return repeated


def _name_question(instrument: Instrument) -> str:
    """The question that holds the name of an organisation: the first one that asks for text."""
    return next((question.code for question in instrument.questions if question.kind == "text"), "")


def _absent_units(found: Arranged, instrument: Instrument, units: pd.DataFrame) -> None:
    """Units without a form, and forms without an answer."""
    if instrument.layout == "export":
        return
    present = set(found.units)
    rule = "no_row" if instrument.layout == "table" else "no_form"
    for unit in units.index:
        if unit not in present:
            found.findings.append(Finding(rule, instrument.code, value=str(units.at[unit, "name"])))
    if instrument.layout != "form":
        return
    blank = found.table.text.apply(lambda column: column.str.strip() == "").all(axis=1).to_numpy()
    if blank.any():
        for row in np.flatnonzero(blank):
            unit = str(found.units.iloc[row])
            source = found.table.source(int(row))
            found.findings.append(Finding("empty_form", instrument.code, source, unit, "", unit))
        found.table = found.table.rows_kept(~blank)
        found.units = found.units[~blank]
