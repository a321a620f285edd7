"""`load_fdrs`: the real rounds 2018 to 2020 of the Federation-wide Databank and Reporting System."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import vitality
from vitality.errors import SurveyError
from vitality.framework import Framework, read_framework
from vitality.survey import (
    CleanSurvey,
    clean_round,
    compute_controls,
    compute_indicators,
    compute_resources,
    read_round,
)

ROUNDS = ("2018", "2019", "2020")


@dataclass(frozen=True)
class FdrsRounds:
    """Real figures of National Societies in three rounds.

    Attributes
    ----------
    framework : Framework
        ``ifrc_fdrs``.
    matrix, resources, controls : DataFrame
        Index (unit, round), unit is the three-letter country code; natural units, gaps are real.
    units : DataFrame
        Index unit; columns ``name`` (National Society), ``group`` (region).
    surveys : dict
        Round -> `CleanSurvey`.
    """

    framework: Framework
    matrix: pd.DataFrame
    resources: pd.DataFrame
    controls: pd.DataFrame
    units: pd.DataFrame
    surveys: dict[str, CleanSurvey]

    def __repr__(self) -> str:
        return f"<FdrsRounds {', '.join(self.surveys)}: {len(self.units)} National Societies>"


def load_fdrs() -> FdrsRounds:
    """Load the real FDRS rounds 2018 to 2020 from ``data/rounds/fdrs_<year>``.

    Returns
    -------
    FdrsRounds
        Reach per resident (indicators), staff, volunteers, money and local units (resources). It is no
        judgement of any National Society; see ``data/rounds/fdrs_README.md`` for what to beware of.

    Raises
    ------
    SurveyError
        If the data folder is not there, as in an installation without the project checkout.

    Examples
    --------
    >>> load_fdrs()
    <FdrsRounds 2018, 2019, 2020: 192 National Societies>
    """
    home = rounds_folder()
    framework = read_framework("ifrc_fdrs")
    surveys = {year: clean_round(read_round(home / f"fdrs_{year}", framework), framework) for year in ROUNDS}

    def stacked(compute: Callable[[CleanSurvey, Framework], pd.DataFrame]) -> pd.DataFrame:
        return pd.concat([compute(survey, framework) for survey in surveys.values()])

    units = pd.concat([survey.units for survey in reversed(surveys.values())])
    return FdrsRounds(
        framework=framework,
        matrix=stacked(compute_indicators),
        resources=stacked(compute_resources),
        controls=stacked(compute_controls),
        units=units[~units.index.duplicated()].sort_index(),
        surveys=surveys,
    )


def rounds_folder() -> Path:
    """Find ``data/rounds`` of the project: above the package, then above the working directory.

    Raises
    ------
    SurveyError
        If it is in neither place.
    """
    package = Path(vitality.__file__).resolve().parent
    for start in (package, Path.cwd()):
        for above in (start, *start.parents):
            found = above / "data" / "rounds"
            if (found / f"fdrs_{ROUNDS[-1]}").is_dir():
                return found
    raise SurveyError(
        f"the FDRS rounds are not there: no folder data/rounds/fdrs_{ROUNDS[-1]} above {package} or "
        f"{Path.cwd()}. They come with the project's source; get a checkout and work in it.",
        zh=f"找不到 FDRS 各轮数据：{package} 和 {Path.cwd()} 之上都没有文件夹 data/rounds/fdrs_{ROUNDS[-1]}。"
        "这些数据随项目源码提供，请取得源码并在其中运行。",
    )
