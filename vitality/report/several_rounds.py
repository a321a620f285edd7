"""Several rounds in one index, with the weights and the scale of one framework."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike

import pandas as pd

from vitality.errors import SurveyError, some, some_zh
from vitality.framework import Framework
from vitality.index import IndexResult, Method, build_index
from vitality.report.evaluation import Evaluation, evaluate_round
from vitality.survey import compute_indicators, find_round, prepare_round, round_settings

__all__ = ["evaluate_rounds"]


def evaluate_rounds(
    round_folders: Sequence[str | PathLike[str]],
    *,
    framework: str | PathLike[str] | Framework | None = None,
    weighting: str = "auto",
    method: Method | None = None,
    progress: Callable[[str, str], None] | None = None,
) -> tuple[Evaluation, IndexResult]:
    """Evaluate the last of several rounds, and build one index of all of them with its weights.

    Parameters
    ----------
    round_folders : sequence of path
        Two or more, in order of time.
    framework, weighting, method, progress
        As in `evaluate_round`, for the last round.

    Returns
    -------
    last : Evaluation
        Of the last round.
    result : IndexResult
        All rounds together, for `compare_rounds`.

    Raises
    ------
    SurveyError
        If there are fewer than two rounds, two of one name, or they were made with different frameworks.
    """
    folders = [find_round(folder) for folder in round_folders]
    settings = [round_settings(folder) for folder in folders]
    names = [folder.name for folder in folders]
    if len(folders) < 2 or len({*map(str, folders)}) < len(folders):
        raise SurveyError(
            f"rounds: found {some(names)}; expected two or more different round folders.",
            zh=f"轮次：给出的是 {some_zh(names)}；应为两个或更多不同的轮次文件夹。",
        )
    plans = dict.fromkeys(setting.framework for setting in settings)
    if framework is None and len(plans) > 1:
        raise SurveyError(
            f"rounds: {some(names)} name different frameworks, {some(plans)}; expected the same. Choose one with "
            "framework=.",
            zh=f"轮次：{some_zh(names)} 所用框架不同（{some_zh(plans)}），应当相同。请用 --framework 指定一个。",
        )
    last = evaluate_round(folders[-1], framework=framework, weighting=weighting, method=method, progress=progress)
    surveys = [prepare_round(folder, last.framework, progress=progress) for folder in folders[:-1]]
    rounds = [survey.round for survey in (*surveys, last.survey)]
    if len({*rounds}) < len(rounds):
        raise SurveyError(
            f"rounds: the folders {some(names)} hold the rounds {some(rounds)}; expected a name of its own for each.",
            zh=f"轮次：文件夹 {some_zh(names)} 中的轮次名为 {some_zh(rounds)}；名称不应重复。",
        )
    matrix = pd.concat([*(compute_indicators(survey, last.framework) for survey in surveys), last.matrix])
    units = pd.concat(
        {survey.round: survey.units for survey in (*surveys, last.survey)}, names=["round", "unit"]
    ).reorder_levels(["unit", "round"])
    return last, build_index(matrix, last.framework, last.result.method, units=units)
