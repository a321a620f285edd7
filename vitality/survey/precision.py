"""How many answers stand behind each value, and how exact a value from a sample is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vitality.framework import Framework, Measure
from vitality.survey.indicators import Survey
from vitality.survey.measures import answered_by_unit, minimum_answers

#: Respondents who are a sample of more people, so that their answers have a sampling error.
SAMPLED = ("staff", "resident", "beneficiary")


def compute_precision(survey: Survey, framework: Framework) -> pd.DataFrame:
    """Tell how many answers stand behind each indicator and resource of each unit, and its standard error.

    Parameters
    ----------
    survey : CleanSurvey
    framework : Framework

    Returns
    -------
    DataFrame
        One row a unit and an indicator or a resource that is computed. Columns ``unit``, ``round``, ``code``;
        ``n``, usable answers (respondents, or 1 for an answer of the unit itself; 0 where it is missing); and
        ``standard_error`` in the unit of the value: of a mean ``s / sqrt(n)``, of a share
        ``sqrt(p (1 - p) / (n - 1))``, for simple random samples. NaN where all are counted (lists and forms of
        units) or fewer than two answered.

    Examples
    --------
    >>> from vitality import clean_round, read_framework, read_round
    >>> framework = read_framework("redcross")
    >>> survey = clean_round(read_round("data/rounds/2024", framework), framework)
    >>> table = compute_precision(survey, framework).set_index(["unit", "code"])
    >>> table.loc[("清漪街道", "F11"), ["n", "standard_error"]].round(2).tolist()[0] > 30
    True
    """
    units = pd.Index(survey.units.index, name="unit")
    parts: list[Any] = [*(framework.indicator(code) for code in framework.leaves), *framework.resources]
    rows = []
    for part in parts:
        if part.measure is None:
            continue
        number, error = _precision(part.measure, survey, units, framework)
        rows.append(
            pd.DataFrame({"unit": units, "code": part.code, "n": number, "standard_error": error.to_numpy(dtype=float)})
        )
    columns = ["unit", "round", "code", "n", "standard_error"]
    if not rows:
        return pd.DataFrame(columns=columns)
    return pd.concat(rows, ignore_index=True).assign(round=survey.round)[columns]


def _precision(measure: Measure, survey: Survey, units: pd.Index, framework: Framework) -> tuple[np.ndarray, pd.Series]:
    """Answers behind one measure, and its standard error, by unit."""
    used = answered_by_unit(measure, survey.answers, units, framework).reset_index(drop=True)
    number = used.groupby("unit")["value"].count().reindex(units).fillna(0).to_numpy(dtype=int)
    sampled = framework.instrument(framework.instrument_of[measure.asked[0]]).respondent in SAMPLED
    if not sampled or measure.kind not in ("mean", "share"):
        return number, pd.Series(np.nan, index=units)
    values = used.groupby("unit")["value"]
    count = values.count()
    # the variance of zeros and ones with n - 1 is n p (1 - p) / (n - 1): both cases are one formula
    error = ((values.var(ddof=1) / count) ** 0.5).where(count >= max(2, minimum_answers(measure, framework)))
    return number, error.reindex(units)
