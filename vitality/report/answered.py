"""How many persons answered the questionnaires: small counts are not shown, nor what would give them away."""

from __future__ import annotations

import pandas as pd

from vitality.framework import Framework, Instrument, Lang
from vitality.report.evaluation import Evaluation
from vitality.survey import protect_counts
from vitality.survey.measures import ENOUGH, minimum_answers, samples_people

_HEADS = {"unit": ("单位", "Unit"), "group": ("所属", "Group")}


def asks_persons(instrument: Instrument) -> bool:
    """Whether each row of an instrument is one person who answered: staff, residents, beneficiaries."""
    return instrument.respondent in ("staff", "resident", "beneficiary")


def few_answers(framework: Framework, lang: Lang = "zh") -> list[str]:
    """Give a notice where a framework lets shares of a sample of people stand on few answers; none otherwise."""
    low = {}
    for part in (*(framework.indicator(code) for code in framework.leaves), *framework.resources):
        if part.measure is not None and part.measure.kind == "share" and samples_people(part.measure, framework):
            low[part.code] = minimum_answers(part.measure, framework)
    low = {code: minimum for code, minimum in low.items() if minimum < ENOUGH}
    if not low:
        return []
    if lang == "zh":
        codes = "、".join(f"{code}（{minimum}份）" for code, minimum in low.items())
        return [f"按框架，以下比例不足{ENOUGH}份答卷即可计算，很不稳定，也可能指向个人：{codes}。"]
    codes = ", ".join(f"{code} ({minimum})" for code, minimum in low.items())
    return [
        f"By the framework these shares need fewer than {ENOUGH} answers; they are uncertain and may point at "
        f"persons: {codes}."
    ]


def answered_table(found: Evaluation, *, most: int = 60, lang: Lang = "zh") -> pd.DataFrame:
    """One row a unit, or a group of units where there are more than `most`; one column a questionnaire.

    The cells are text, by `protect_counts`; the total of each questionnaire may be published beside it, as
    `wording.data_text` does. Empty where no persons were asked.
    """
    survey = found.survey
    asked = [
        form for form in found.framework.instruments if asks_persons(form) and len(survey.answers.get(form.code, ()))
    ]
    if not asked:
        return pd.DataFrame()
    units = survey.units
    grouped = len(units) > most and "group" in units.columns
    names = units["group" if grouped else "name"].fillna("")
    counts = pd.DataFrame(
        {form.label(lang): survey.answers[form.code]["unit"].map(names).value_counts() for form in asked},
        index=pd.Index(names.unique()),
    )
    table = protect_counts(counts.fillna(0), sums="columns")
    table.insert(0, _HEADS["group" if grouped else "unit"][lang == "en"], table.index)
    return table.reset_index(drop=True)
