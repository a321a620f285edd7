"""`check_round`: what came in, and can it be trusted? Findings as rows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vitality.framework import Framework, Lang
from vitality.survey.examination import Examination, examine
from vitality.survey.findings import Finding, issues_table
from vitality.survey.measures import minimum_answers
from vitality.survey.patience import uncollected
from vitality.survey.previous import previous_answers
from vitality.survey.raw import RawRound


@uncollected()
def check_round(raw: RawRound, framework: Framework, *, lang: Lang = "zh") -> pd.DataFrame:
    """Check a round against the framework and list what was found.

    Parameters
    ----------
    raw : RawRound
        As `read_round` gives it; it is not changed, and corrections are not applied.
    framework : Framework
        Its questions carry the checks: kinds, hard limits, usual ranges, parts and wholes, totals of another
        form, who is asked. Large changes are told where ``round.yaml`` names the round before.
    lang : {"zh", "en"}
        Language of messages and actions.

    Returns
    -------
    DataFrame
        One row a finding, the gravest first. Columns ``round``, ``instrument``, ``source`` (file / sheet /
        cell), ``respondent``, ``question``, ``value`` (text that stands there), ``rule``, ``severity``
        (``error``: not used until mended; ``query``: used, to be confirmed; ``note``), ``message``,
        ``action``.
    """
    examination = examine(raw, framework, before=previous_answers(raw, framework))
    return issues_table(all_findings(examination, framework), framework, round_name=raw.round, lang=lang)


def all_findings(examination: Examination, framework: Framework) -> list[Finding]:
    """Findings about cells, respondents, units and samples."""
    return [*examination.findings, *_small_samples(examination, framework)]


def _small_samples(examination: Examination, framework: Framework) -> Iterator[Finding]:
    """Units with fewer respondents than a share or a mean needs."""
    needs = _minimum_answers(framework)
    for code, table in examination.tables.items():
        if code not in needs:
            continue
        answered = table.answers.notna().any(axis=1).to_numpy()
        counts = table.units[answered].value_counts()
        for unit in examination.units.index:
            count = int(counts.get(unit, 0))
            short = [part for part, minimum in needs[code].items() if count < minimum]
            if short:
                details: dict[str, object] = {
                    "n": count,
                    "minimum": max(needs[code][part] for part in short),
                    "codes": "、".join(short),
                }
                name = str(examination.units.at[unit, "name"])
                yield Finding("too_few", code, value=name, details=details)


def _minimum_answers(framework: Framework) -> dict[str, dict[str, int]]:
    """Instrument -> indicator or resource -> fewest respondents it needs, where that is more than one."""
    found: dict[str, dict[str, int]] = {}
    for part in (*(framework.indicator(code) for code in framework.leaves), *framework.resources):
        if part.measure is not None and (minimum := minimum_answers(part.measure, framework)) > 1:
            code = framework.instrument_of[part.measure.asked[0]]
            found.setdefault(code, {})[part.code] = minimum
    return found
