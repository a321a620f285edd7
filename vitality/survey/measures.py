"""From answers to one value a unit, by the kind of measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from vitality.errors import TableError, some, some_zh
from vitality.framework import Condition, Framework, Measure
from vitality.survey.answers import split_options

Answers = Mapping[str, pd.DataFrame]
#: Answers that a share of a sample of people needs.
ENOUGH = 30


def measure_units(measure: Measure, answers: Answers, units: pd.Index, framework: Framework) -> pd.Series:
    """Compute one measure for every unit.

    Parameters
    ----------
    measure : Measure
        One of the kinds ``value``, ``ratio``, ``mean``, ``share``, ``checklist``, ``growth``.
    answers : mapping of str to DataFrame
        Instrument -> typed answers with a column ``unit``, as in `CleanSurvey`.
    units : Index
        Units of the result.
    framework : Framework
        Says in which instrument a question stands, and the scores of options.

    Returns
    -------
    Series
        Index `units`; NaN where an answer that is needed is missing, a denominator is 0, or fewer
        respondents than `minimum_answers` answered. Float, or text for the value of a choice without scores.
    """
    computed: Callable[..., pd.Series] = {
        "value": _value,
        "ratio": _ratio,
        "mean": _mean,
        "share": _share,
        "checklist": _checklist,
        "growth": _growth,
    }[measure.kind]
    return computed(measure, answers, units, framework).reindex(units)


def minimum_answers(measure: Measure, framework: Framework) -> int:
    """Fewest answers that a measure needs: what the framework says, else `ENOUGH` for a share of a sample of people.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> framework = read_framework("redcross")
    >>> minimum_answers(framework.indicator("F11").measure, framework)
    30
    """
    given = getattr(measure, "minimum", None)
    if given is not None:
        return int(given)
    return ENOUGH if measure.kind == "share" and samples_people(measure, framework) else 1


def samples_people(measure: Measure, framework: Framework) -> bool:
    """Whether a measure stands on a sample of residents or of people served."""
    return framework.instrument(framework.instrument_of[measure.asked[0]]).respondent in ("resident", "beneficiary")


def _columns(codes: Sequence[str], answers: Answers, framework: Framework) -> pd.DataFrame:
    """Answers to some questions of one instrument, with their unit; empty when it did not come in."""
    instruments = dict.fromkeys(framework.instrument_of[code] for code in codes)
    instrument = next(iter(instruments))
    if instrument not in answers:
        return pd.DataFrame(columns=["unit", *dict.fromkeys(codes)], dtype=object)
    table = answers[instrument]
    missing = [code for code in codes if code not in table.columns]
    if missing or "unit" not in table.columns:
        raise TableError(
            f"answers of instrument {instrument!r}: no column {some(missing or ['unit'])}; expected 'unit' "
            "and one column a question. Clean the round again with this framework.",
            zh=f"问卷 {instrument!r} 的答案缺少列 {some_zh(missing or ['unit'])}；"
            "应有 'unit' 列，并且每题一列。请用当前框架重新清洗这一轮。",
        )
    return table[["unit", *dict.fromkeys(codes)]]


def _of_units(codes: Sequence[str], answers: Answers, units: pd.Index, framework: Framework) -> pd.DataFrame:
    """Answers of the units themselves, which may stand in several forms: index unit, columns questions."""
    columns = {}
    for code in dict.fromkeys(codes):
        table = _columns([code], answers, framework)
        columns[code] = table.drop_duplicates("unit", keep="last").set_index("unit")[code].reindex(units)
    return pd.DataFrame(columns, index=units)


def _asks_units(code: str, framework: Framework) -> bool:
    return framework.instrument(framework.instrument_of[code]).respondent == "unit"


def _value(measure: Any, answers: Answers, units: pd.Index, framework: Framework) -> pd.Series:
    column = _of_units([measure.question], answers, units, framework)[measure.question]
    question = framework.questions[measure.question]
    scores = {option.code: option.score for option in question.options if option.score is not None}
    if scores:
        return column.map(scores).astype(float)
    return column if question.kind in ("choice", "multichoice", "text") else column.astype(float)


def _where(table: pd.DataFrame, where: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Respondents whose answers are among those wanted."""
    for code, wanted in where.items():
        table = table[_as_codes(table[code]).isin(wanted)]
    return table


def _as_codes(column: pd.Series) -> pd.Series:
    """Answers as codes; yes/no answers are 1 and 0 in the table."""
    if not pd.api.types.is_numeric_dtype(column):
        return column.astype(object)
    return column.astype(float).map({1.0: "yes", 0.0: "no"}).astype(object)


def _divide(numerator: pd.Series, denominator: pd.Series, times: float) -> pd.Series:
    return times * numerator / denominator.where(denominator != 0)


def _ratio(measure: Any, answers: Answers, units: pd.Index, framework: Framework) -> pd.Series:
    """Sum over sum; over the respondents that answered every question of the ratio."""
    codes = [*measure.numerator, *measure.denominator]
    if _asks_units(codes[0], framework):
        table = _of_units(codes, answers, units, framework).astype(float)
        above = table[list(measure.numerator)].sum(axis=1, skipna=False)
        below = table[list(measure.denominator)].sum(axis=1, skipna=False)
        return _divide(above, below, measure.times)
    table = _where(_columns([*codes, *measure.where], answers, framework), measure.where)
    table = table.dropna(subset=codes)
    sums = table[list(dict.fromkeys(codes))].astype(float).groupby(table["unit"]).sum()
    above, below = sums[list(measure.numerator)].sum(axis=1), sums[list(measure.denominator)].sum(axis=1)
    return _divide(above, below, measure.times)


def _mean(measure: Any, answers: Answers, units: pd.Index, framework: Framework) -> pd.Series:
    """Mean over respondents of the mean of the answers that each gave."""
    codes = list(measure.questions)
    table = _where(_columns([*codes, *measure.where], answers, framework), measure.where)
    each = table[codes].astype(float).mean(axis=1)
    by_unit = each.groupby(table["unit"])
    means = by_unit.mean().where(by_unit.count() >= minimum_answers(measure, framework))
    if measure.rescale is not None:
        low, high = measure.rescale
        means = 100 * (means - low) / (high - low)
    return means


def _share(measure: Any, answers: Answers, units: pd.Index, framework: Framework) -> pd.Series:
    """Respondents who meet all conditions, over those who answered them or over an answer of the unit."""
    codes = [code for condition in measure.condition for code in condition.asked]
    everyone = _columns([*codes, *measure.where], answers, framework)
    minimum = minimum_answers(measure, framework)
    if measure.of is not None:
        whole = _of_units([measure.of], answers, units, framework)[measure.of].astype(float)
        return _divide(_count(measure, everyone, minimum).reindex(units), whole, measure.times)
    table = _where(everyone, measure.where)
    tests = pd.concat([_meets(condition, table) for condition in measure.condition], axis=1)
    known = tests.notna().all(axis=1)
    answered = known.groupby(table["unit"]).sum()
    counts = ((tests == 1).all(axis=1) & known).groupby(table["unit"]).sum().astype(float)
    return _divide(counts.where(answered >= minimum), answered.astype(float), measure.times)


def _count(measure: Any, everyone: pd.DataFrame, minimum: int) -> pd.Series:
    """Respondents of a unit who meet all conditions; NaN while that cannot be told of one of them.

    Unlike a share of those who answered, a count over an answer of the unit would take whoever left a condition, or
    what makes it apply to them, blank for one who does not meet it.
    """
    tests = pd.concat([_meets(condition, everyone) for condition in measure.condition], axis=1)
    for code, wanted in measure.where.items():
        given = _as_codes(everyone[code])
        tests[f"where {code}"] = given.isin(wanted).astype(float).where(given.notna())
    concerned = (tests.filter(like="where ") == 1).all(axis=1)
    met, failed = (tests == 1).all(axis=1), (tests == 0).any(axis=1)
    by_unit = pd.DataFrame({"met": met, "open": ~met & ~failed, "told": concerned & (met | failed)})
    sums = by_unit.groupby(everyone["unit"].to_numpy()).sum()
    enough = (sums["told"] >= minimum) | (minimum <= 1)
    return sums["met"].astype(float).where(enough & (sums["open"] == 0))


def _meets(condition: Condition, table: pd.DataFrame) -> pd.Series:
    """1 where a respondent meets a condition, 0 where not, NaN where the answers do not tell."""
    if condition.yes_at_least is not None:
        answers = table[list(condition.questions)].astype(float)
        sure = answers.sum(axis=1, skipna=True)
        possible = sure + answers.isna().sum(axis=1)
        told = (sure >= condition.yes_at_least) | (possible < condition.yes_at_least)
        return (sure >= condition.yes_at_least).astype(float).where(told)
    column = table[str(condition.question)]
    if condition.at_least is not None:
        return (column.astype(float) >= condition.at_least).astype(float).where(column.notna())
    codes = _as_codes(column)
    wanted, excluded = condition.is_, set(condition.any_except or ())
    if wanted is not None:
        hits = codes.map(lambda answer: any(code in wanted for code in split_options(answer)))
    else:
        hits = codes.map(lambda answer: any(code not in excluded for code in split_options(answer)))
    return hits.astype(float).where(codes.notna())


def _checklist(measure: Any, answers: Answers, units: pd.Index, framework: Framework) -> pd.Series:
    """How many are yes; NaN when any item is missing."""
    table = _of_units(measure.questions, answers, units, framework).astype(float)
    return table.sum(axis=1, skipna=False)


def _growth(measure: Any, answers: Answers, units: pd.Index, framework: Framework) -> pd.Series:
    """Average yearly growth in per cent; NaN where the earlier amount is 0."""
    table = _of_units([measure.now, measure.before], answers, units, framework).astype(float)
    now, before = table[measure.now], table[measure.before]
    ratio = (now / before.where(before > 0)).where(now >= 0)
    return pd.Series(100 * (np.power(ratio, 1 / measure.years) - 1), index=units)


def answered_by_unit(measure: Measure, answers: Answers, units: pd.Index, framework: Framework) -> pd.DataFrame:
    """Give what each respondent adds to a measure: columns ``unit`` and ``value``, NaN where it cannot be used.

    For a mean the value is the respondent's own mean, for a share ``times`` or 0, in the unit of the measure;
    for others 1. Answers of the units themselves are one row a unit.
    """
    if measure.kind == "share":
        codes = [code for condition in measure.condition for code in condition.asked]
        table = _where(_columns([*codes, *measure.where], answers, framework), measure.where)
        tests = pd.concat([_meets(condition, table) for condition in measure.condition], axis=1)
        known = tests.notna().all(axis=1)
        value = (measure.times * (tests == 1).all(axis=1).astype(float)).where(known)
        return pd.DataFrame({"unit": table["unit"], "value": value})
    if measure.kind == "mean":
        table = _where(_columns([*measure.questions, *measure.where], answers, framework), measure.where)
        value = table[list(measure.questions)].astype(float).mean(axis=1)
        low, high = measure.rescale or (0.0, 1.0)
        return pd.DataFrame(
            {"unit": table["unit"], "value": (100 if measure.rescale else 1) * (value - low) / (high - low)}
        )
    codes = list(dict.fromkeys(measure.asked))
    if _asks_units(codes[0], framework):
        table = _of_units(codes, answers, units, framework)
        return pd.DataFrame({"unit": units, "value": table.notna().all(axis=1).astype(float).replace(0.0, np.nan)})
    where = getattr(measure, "where", {})
    table = _where(_columns([*codes, *where], answers, framework), where)
    return pd.DataFrame(
        {"unit": table["unit"], "value": table[codes].notna().all(axis=1).astype(float).replace(0.0, np.nan)}
    )
