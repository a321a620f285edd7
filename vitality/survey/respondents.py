"""Which units a round has, and to which of them each respondent belongs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vitality.framework import Framework, Instrument
from vitality.survey.findings import Finding
from vitality.survey.naming import near_miss, tidy
from vitality.survey.raw import RawRound, RawTable


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


def arrange(table: RawTable, instrument: Instrument, units: pd.DataFrame) -> Arranged:
    """Give the respondents of known units; tell of the others, of repeated ones and of units without any."""
    own = table.about["unit"].map(tidy).astype(object)
    found = Arranged(table, own)
    keep = own.isin(units.index).to_numpy()
    for name, rows in own[~keep].groupby(own[~keep], sort=False):
        first = int(np.flatnonzero(own.index == rows.index[0])[0])
        near = near_miss(str(name), map(str, units.index)) if len(str(name)) > 3 else ""  # not for country codes
        details = {"n": len(rows), "near": near}
        rule = "unknown_unit" if name else "no_unit"
        found.findings.append(
            Finding(rule, instrument.code, table.source(first), str(rows.index[0]), "", str(name), details)
        )
    keep = keep & ~_repeated(found, instrument, keep)
    found.table = table.rows_kept(keep)
    found.units = own[keep].rename("unit")
    _absent_units(found, instrument, units)
    return found


def _repeated(found: Arranged, instrument: Instrument, keep: np.ndarray) -> np.ndarray:
    """Rows that a later row of the same unit, or of the same organisation, replaces."""
    table, own = found.table, found.units
    if instrument.respondent == "unit":
        rule, names = "repeated_form", own
    elif instrument.layout == "list" and _name_question(instrument):
        rule, names = "duplicate", table.text[_name_question(instrument)].map(tidy)
    else:
        return np.zeros(len(own), dtype=bool)
    key = pd.DataFrame({"unit": own, "name": names})
    usable = keep & names.ne("").to_numpy()
    repeated = np.zeros(len(own), dtype=bool)
    repeated[usable] = key[usable].duplicated(keep="last").to_numpy()
    question = "" if rule == "repeated_form" else _name_question(instrument)
    column = instrument.question_codes.index(question) if question else None
    for row in np.flatnonzero(repeated).tolist():
        same = np.flatnonzero((key == key.iloc[row]).all(axis=1).to_numpy() & usable)
        source, kept = table.source(int(row), column), table.source(int(same[-1]), column)
        respondent, name = str(table.text.index[row]), str(names.iloc[row])
        found.findings.append(Finding(rule, instrument.code, source, respondent, question, name, {"kept": kept}))
        found.dropped.append((source, respondent, name, rule))
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
    blank = found.table.text.apply(lambda column: column.str.strip() == "").all(axis=1).to_numpy()
    if instrument.layout == "form" and blank.any():
        for row in np.flatnonzero(blank):
            unit = str(found.units.iloc[row])
            source = found.table.source(int(row))
            found.findings.append(Finding("empty_form", instrument.code, source, unit, "", unit))
        found.table = found.table.rows_kept(~blank)
        found.units = found.units[~blank]
