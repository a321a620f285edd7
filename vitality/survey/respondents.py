"""Which units a round has, and to which of them each respondent belongs."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from vitality.framework import Framework, Instrument
from vitality.survey.findings import Finding
from vitality.survey.naming import near_miss, simplified, tidy
from vitality.survey.raw import RawRound, RawTable
from vitality.survey.repeated import Dropped, repeated_rows

_BRACKETS = re.compile(r"[(（].*?[)）]")
_OFFICES = re.compile(r"(红十字会办公室|红十字会|红十字服务站|人民政府|办事处|党工委|政府)$")


@dataclass
class Arranged:
    """Respondents of known units, without repeated ones."""

    table: RawTable
    units: pd.Series
    findings: list[Finding] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


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
            (table.row_source(row), str(table.text.index[row]), "", str(name), "", rule)
            for row in np.flatnonzero((own == name).to_numpy()).tolist()
        ]
    repeated = repeated_rows(table, own, instrument, keep)
    found.findings += repeated.findings
    found.dropped += repeated.dropped
    keep = keep & ~repeated.rows
    found.table = _renumbered(table.rows_kept(keep))
    found.units = own[keep].set_axis(found.table.text.index).rename("unit")
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


def _renumbered(table: RawTable) -> RawTable:
    """Respondents without the number behind their name, where the first of that name was left out."""
    names = [str(name) for name in table.text.index]
    if not any("#" in name for name in names):
        return table
    there = set(names)
    bare = [name.rpartition("#")[0] for name in names]
    index = pd.Index(
        [short if short and short not in there else name for name, short in zip(names, bare)],
        dtype=object, name=table.text.index.name,
    )  # fmt: skip
    if index.has_duplicates:
        return table
    return replace(table, text=table.text.set_axis(index), about=table.about.set_axis(index))


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
