"""From a clean round to the indicator matrix, the resources and the background variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from vitality.errors import TableError
from vitality.framework import Framework, Measure
from vitality.survey.measures import measure_units


class Survey(Protocol):
    """What the indicators are computed from: a `CleanSurvey`, or anything with these three parts."""

    @property
    def round(self) -> str:
        """Name of the round."""

    @property
    def answers(self) -> Mapping[str, pd.DataFrame]:
        """Typed answers by instrument, with a column ``unit``."""

    @property
    def units(self) -> pd.DataFrame:
        """Units of the round, in order."""


def compute_indicators(survey: Survey, framework: Framework) -> pd.DataFrame:
    """Compute every indicator of a round from the answers.

    Parameters
    ----------
    survey : CleanSurvey
        One round; several rounds are computed one by one and concatenated.
    framework : Framework
        Its measures are followed.

    Returns
    -------
    DataFrame, shape (n_units, n_indicators)
        Index (unit, round), columns indicator codes in the order of the framework, float64, in the
        indicators' own units. NaN where an answer that is needed is missing; nothing is filled in.

    Raises
    ------
    TableError
        If the answers do not fit the framework.
    """
    measures = {code: framework.indicator(code).measure for code in framework.leaves}
    return _table(measures, survey, framework).astype("float64")


def compute_resources(survey: Survey, framework: Framework) -> pd.DataFrame:
    """Compute every resource of a round from the answers.

    Returns
    -------
    DataFrame, shape (n_units, n_resources)
        Index (unit, round), columns resource codes, float64, in their own units.

    Raises
    ------
    TableError
        If the answers do not fit the framework.
    """
    measures = {resource.code: resource.measure for resource in framework.resources}
    return _table(measures, survey, framework).astype("float64")


def compute_controls(survey: Survey, framework: Framework) -> pd.DataFrame:
    """Give the background variables of a round.

    Returns
    -------
    DataFrame, shape (n_units, n_controls)
        Index (unit, round), columns control codes; numbers as float64, names and types as object.

    Raises
    ------
    TableError
        If the answers do not fit the framework.
    """
    return _table({control.code: control.measure for control in framework.controls}, survey, framework)


def _table(measures: Mapping[str, Measure | None], survey: Survey, framework: Framework) -> pd.DataFrame:
    without = [code for code, measure in measures.items() if measure is None]
    if without:
        raise TableError(
            f"framework {framework.name!r}: {without[0]!r} has no measure, so nothing can be computed from "
            "answers. Give the matrix itself, or add a 'measure' to each indicator.",
            zh=f"框架 {framework.name!r}：{without[0]!r} 没有计算方法，无法由答案算出。"
            "请直接给出指标矩阵，或在框架中为各项补上 'measure'（计算方法）。",
        )
    units = pd.Index(survey.units.index, name="unit")
    columns = {
        code: measure_units(measure, survey.answers, units, framework)
        for code, measure in measures.items()
        if measure is not None
    }
    index = pd.MultiIndex.from_arrays([units.to_numpy(), [survey.round] * len(units)], names=["unit", "round"])
    return pd.DataFrame(
        {code: column.to_numpy() for code, column in columns.items()}, index=index, columns=list(measures)
    )
