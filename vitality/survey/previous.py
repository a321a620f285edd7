"""The round before, for checks of large changes."""

from __future__ import annotations

import pandas as pd

from vitality.framework import Framework
from vitality.survey.corrections import CORRECTIONS_FILE, apply_corrections, read_corrections
from vitality.survey.examination import examine
from vitality.survey.raw import RawRound
from vitality.survey.reading import read_round
from vitality.survey.settings import find_round


def previous_answers(raw: RawRound, framework: Framework) -> dict[str, pd.DataFrame]:
    """Read the answers of the round that ``previous`` in ``round.yaml`` names; empty when it names none.

    Raises
    ------
    SurveyError
        If that folder is missing, or its corrections do not fit.
    """
    if not raw.settings.previous:
        return {}
    place = find_round(raw.folder / raw.settings.previous)
    earlier = read_round(place, framework)
    if (place / CORRECTIONS_FILE).is_file():
        earlier, _ = apply_corrections(earlier, read_corrections(place / CORRECTIONS_FILE))
    found = {}
    for code, table in examine(earlier, framework).tables.items():
        answers = table.answers.copy()
        for row, column in table.refused:
            if answers.dtypes.iloc[column] == "float64":
                answers.iloc[row, column] = float("nan")
        found[code] = answers.assign(unit=table.units.to_numpy())
    return found
