"""Scores of single organisations: the outcome of the multilevel model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.analysis.terms import names_of
from vitality.errors import MethodError, TableError, some, some_zh
from vitality.index import Method, fit_scale, map_intervals, normalise
from vitality.survey.measures import measure_units
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework, Indicator
    from vitality.survey.indicators import Survey

__all__ = ["organisation_scores"]


def organisation_scores(
    survey: Survey, framework: Framework, *, minimum: int = 2, leave_out: Sequence[str] = ()
) -> pd.DataFrame:
    """Score every organisation on the indicators that organisations answer for themselves.

    An indicator counts when all its questions stand in the instrument of the organisations; it is computed as
    for a town, with the organisation in the town's place. A threshold over several yes/no questions (such as
    at least four of five) becomes the share of them answered yes. Equal weights, 0 to 100 between the
    framework's goalposts: compare organisations of the same type.

    Parameters
    ----------
    survey : CleanSurvey
    framework : Framework
        With an instrument whose respondents are organisations.
    minimum : int
        Indicators that an organisation needs for a score.
    leave_out : sequence of str
        Indicators that the score is made without, because they share a part with a resource that it is to be
        compared with (see `associate_multilevel`).

    Returns
    -------
    DataFrame, index respondent
        ``unit`` (its town), ``type`` (the first choice that the instrument asks), one column an indicator (0 to
        100) and ``score``, their mean; NaN where fewer than `minimum` were answered. ``attrs["indicators"]``
        has their codes.

    Raises
    ------
    TableError
        If the framework has no such instrument, or it was not answered.
    MethodError
        If an indicator to leave out is none of the organisations'.
    """
    forms = [form for form in framework.instruments if form.respondent == "organisation"]
    if not forms or not len(survey.answers.get(forms[0].code, ())):
        raise TableError(
            f"framework {framework.name!r}: no answers of organisations; expected an instrument of them.",
            zh=f"框架 {framework.name!r}：没有组织的填报；应有面向组织的填报表。",
        )
    form = forms[0]
    answers = survey.answers[form.code]
    each = {form.code: answers.assign(unit=answers.index)}
    asked = set(form.question_codes)
    items = [framework.indicator(code) for code in framework.leaves]
    own = [item for item in items if item.measure is not None and set(item.measure.asked) <= asked]
    out = names_of(leave_out)
    for code in out:
        choose("leave_out", code, [item.code for item in own])
    own = [item for item in own if item.code not in out]
    if not own:
        raise MethodError(
            f"leave_out={some(out)}: no indicator of organisations is left; expected at least one.",
            zh=f"leave_out={some_zh(out)}：组织层面没有剩下任何指标，至少应留一项。",
        )
    scores = _between_goalposts(own, each, answers.index, framework)
    scores = scores.assign(**{item.code: shares for item in own if (shares := _checked(item, answers)) is not None})
    kinds = [question.code for question in form.questions if question.kind == "choice"]
    found = pd.DataFrame({"unit": answers["unit"], "type": answers[kinds[0]] if kinds else ""}, index=answers.index)
    known = scores.notna().sum(axis=1) >= minimum
    table = found.join(scores).assign(score=scores.mean(axis=1).where(known))
    table.attrs["indicators"] = [item.code for item in own]
    return table


def _between_goalposts(
    items: list[Indicator], each: dict[str, pd.DataFrame], respondents: pd.Index, framework: Framework
) -> pd.DataFrame:
    """Indicators of every organisation, 0 to 100."""
    values = pd.DataFrame(np.nan, index=pd.Index(respondents), columns=list(framework.leaves))
    for item in items:
        if item.measure is not None:
            values[item.code] = measure_units(item.measure, each, values.index, framework).astype(float)
    scale = fit_scale(values, framework, Method())
    return normalise(map_intervals(values, framework), scale)[[item.code for item in items]]


def _checked(item: Indicator, answers: pd.DataFrame) -> pd.Series | None:
    """Share of the yes/no questions answered yes, for an indicator that sets a threshold over them."""
    conditions = [part for part in getattr(item.measure, "condition", ()) if part.yes_at_least is not None]
    if not conditions:
        return None
    shares = 100 * answers[list(conditions[0].questions)].astype(float).mean(axis=1, skipna=False)
    for code, kinds in getattr(item.measure, "where", {}).items():
        shares = shares.where(answers[code].isin(kinds))
    return shares
