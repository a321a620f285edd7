"""Dirt for a simulated round: what people really send, planted in known cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vitality.framework import Framework, Question

DIRT_COLUMNS = ("kind", "instrument", "unit", "respondent", "question", "clean", "dirty", "rule")
#: Questions of the town form that are left alone: too much would be lost with them.
SPARED = ("t01", "t04", "t05", "t11", "t31", "t32", "t81", "t82", "t83")
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass
class Texts:
    """The texts of a round before they are written, with what was planted in them.

    `tables` are texts (index respondent, columns question codes), `units` the unit of each respondent as it
    will be written, `unsent` the forms that do not come in, as (instrument, unit); `spared` are respondents
    in whose answers nothing more is planted.
    """

    framework: Framework
    tables: dict[str, pd.DataFrame]
    units: dict[str, pd.Series]
    planted: list[tuple[str, ...]] = field(default_factory=list)
    unsent: set[tuple[str, str]] = field(default_factory=set)
    touched: set[tuple[str, str]] = field(default_factory=set)
    spared: set[str] = field(default_factory=set)

    def plant(self, kind: str, rule: str, instrument: str, respondent: str, question: str, text: str) -> None:
        """Write a dirty text into a cell and remember it."""
        table = self.tables[instrument]
        clean = str(table.at[respondent, question])
        table.at[respondent, question] = text
        self.touched.add((respondent, question))
        unit = str(self.units[instrument][respondent])
        if rule == "missing" and self.framework.instrument(instrument).layout == "export":
            rule = "unanswered"  # nobody can be asked for it
        self.planted.append((kind, instrument, unit, respondent, question, clean, text, rule))

    def table(self) -> pd.DataFrame:
        """Everything that was planted, one row each."""
        return pd.DataFrame(self.planted, columns=list(DIRT_COLUMNS), dtype="str")


def plant_dirt(texts: Texts, answers: dict[str, pd.DataFrame], *, rng: np.random.Generator) -> None:
    """Plant the usual dirt of a round, a moderate amount of each kind."""
    _lists_and_exports(texts, answers, rng)
    _numbers_written_oddly(texts, answers["t"], rng)
    _wrong_answers(texts, answers, rng)
    _gaps(texts, answers, rng)


def _cells(
    texts: Texts,
    answers: pd.DataFrame,
    instrument: str,
    rng: np.random.Generator,
    wanted: Callable[[Question, float], bool],
) -> Iterator[tuple[str, str, float]]:
    """Untouched cells of an instrument whose question and value are wanted, in random order."""
    questions = {question.code: question for question in texts.framework.instrument(instrument).questions}
    numeric = [code for code in questions if code not in SPARED and answers[code].dtype == np.float64]
    values = answers[numeric].to_numpy(dtype=float)
    for place in rng.permutation(values.size):
        row, column = divmod(int(place), len(numeric))
        respondent, code, value = str(answers.index[row]), numeric[column], float(values[row, column])
        if respondent in texts.spared or (respondent, code) in texts.touched:
            continue
        if np.isfinite(value) and wanted(questions[code], value):
            yield respondent, code, value


def _numbers_written_oddly(texts: Texts, town_form: pd.DataFrame, rng: np.random.Generator) -> None:
    """Full-width digits, separators, units, about, ranges, numerals, 无 for 0, ticks for yes."""

    def is_count(low: float) -> Callable[[Question, float], bool]:
        return lambda question, value: question.kind == "count" and value >= low

    def unit_of(code: str) -> str:
        return texts.framework.questions[code].unit_zh

    ways: list[tuple[str, str, int, Callable[[Question, float], bool], Callable[[str, float], str]]] = [
        ("full_width", "reformatted", 3, is_count(10), lambda c, v: f"{v:.0f}".translate(_FULL_WIDTH)),
        ("separator", "reformatted", 3, is_count(1000), lambda c, v: f"{v:,.0f}"),
        ("unit", "reformatted", 3, is_count(3), lambda c, v: f"{v:.0f}{unit_of(c)}"),
        ("approximate", "approximate", 3, is_count(20), lambda c, v: f"约{v:.0f}"),
        ("range", "approximate", 1, is_count(20), lambda c, v: f"{v - 2:.0f}-{v + 2:.0f}"),
        ("none_is_zero", "reformatted", 1, lambda q, v: q.kind == "count" and v == 0, lambda c, v: "无"),
        ("mark", "reformatted", 2, lambda q, v: q.kind == "yesno" and v == 1, lambda c, v: "√"),
        ("numeral", "reformatted", 1, lambda q, v: q.kind == "count" and v == 12, lambda c, v: "十二"),
    ]
    for kind, rule, number, wanted, write in ways:
        for _, (respondent, code, value) in zip(range(number), _cells(texts, town_form, "t", rng, wanted)):
            texts.plant(kind, rule, "t", respondent, code, write(code, value))


def _wrong_answers(texts: Texts, answers: dict[str, pd.DataFrame], rng: np.random.Generator) -> None:
    """Yuan for 10,000 yuan, a part above its whole, text in a number cell, a 6 on a scale to 5."""
    town_form = answers["t"]
    slip, part, words = (str(unit) for unit in rng.choice(town_form.index.to_numpy(), 3, replace=False))
    budget = town_form["t81"].mask(town_form["t81"] < 2).drop(index=[part, words]).dropna()
    slip = slip if slip in budget.index else str(budget.index[0])
    texts.plant("money_slip", "money_slip", "t", slip, "t81", f"{float(budget[slip]) * 1e4:.0f}")
    texts.plant("part_of", "part_of", "t", part, "t32", f"{float(town_form['t31'][part]) + 5:.0f}")
    texts.plant("text", "unreadable", "t", words, "t36", "见附件")
    resident = str(rng.choice(np.setdiff1d(answers["m"].index.to_numpy(), list(texts.spared))))
    texts.plant("beyond", "hard_limit", "m", resident, "m05", "6")
    for respondent, code, _ in _cells(texts, answers["o"], "o", rng, lambda q, v: q.code == "o33"):
        texts.plant("text", "unreadable", "o", respondent, code, "很多")
        break


def _gaps(texts: Texts, answers: dict[str, pd.DataFrame], rng: np.random.Generator) -> None:
    """Blank cells, and 若干 where a number was asked for."""

    def counts(question: Question, value: float) -> bool:
        return question.kind == "count" and question.required and value > 0

    def any_answer(question: Question, value: float) -> bool:
        return True

    for _, (respondent, code, _) in zip(range(1), _cells(texts, answers["t"], "t", rng, counts)):
        texts.plant("unknown", "missing", "t", respondent, code, "若干")
    for instrument, number, wanted in (
        ("t", 4, counts), ("o", 3, counts), ("m", 3, any_answer), ("b", 1, any_answer),
    ):  # fmt: skip
        cells = _cells(texts, answers[instrument], instrument, rng, wanted)
        for _, (respondent, code, _) in zip(range(number), cells):
            texts.plant("blank", "missing", instrument, respondent, code, "")


def list_again(texts: Texts, instrument: str, respondent: str, question: str) -> None:
    """List an organisation, whose name stands in `question`, once more below the others of its town."""
    listed, unit = texts.tables[instrument], str(texts.units[instrument][respondent])
    number = int((texts.units[instrument] == unit).sum()) + 1
    place = pd.Index([f"{unit}-{number:03d}"], dtype=object)
    texts.tables[instrument] = pd.concat([listed, listed.loc[[respondent]].set_axis(place)])
    texts.units[instrument] = pd.concat([texts.units[instrument], pd.Series(unit, index=place)])
    texts.spared |= {respondent}
    name = str(listed.at[respondent, question])
    texts.planted.append(("duplicate", instrument, unit, respondent, question, name, name, "duplicate"))


def misspell_unit(texts: Texts, instrument: str, town: str, respondents: list[str], *, named: str = "") -> None:
    """Let respondents write their town in a way that is no town's name; the key names one of them, or none."""
    units = texts.units[instrument].copy()
    misspelt = town[:-2] + "路" + town[-2:] if town.endswith("街道") else town + "区"
    units[respondents] = misspelt
    texts.units[instrument] = units
    texts.spared |= set(respondents)
    texts.planted.append(("unknown_unit", instrument, town, named, "", town, misspelt, "unknown_unit"))


def _lists_and_exports(texts: Texts, answers: dict[str, pd.DataFrame], rng: np.random.Generator) -> None:
    """A list that does not come in, an organisation listed twice, a misspelt town, a percent sign."""
    listed = texts.tables["o"]
    towns = answers["o"]["unit"].unique().astype(object)
    unsent, doubled = (str(unit) for unit in rng.choice(towns, 2, replace=False))
    texts.unsent.add(("o", unsent))
    texts.planted.append(("unsent", "o", unsent, "", "", "", "", "no_form"))
    rows = listed.index[texts.units["o"] == doubled]
    texts.spared |= {str(respondent) for respondent in listed.index[texts.units["o"] == unsent]}
    list_again(texts, "o", str(rows[1]), "o01")
    residents = texts.units["m"]
    town = str(rng.choice(residents.unique()))
    chosen = rng.choice(residents.index[residents == town].to_numpy(), 3, replace=False)
    misspell_unit(texts, "m", town, [str(respondent) for respondent in chosen])
    person = str(rng.choice(answers["w"].index.to_numpy()))
    texts.plant("percent_sign", "reformatted", "w", person, "w01", f"{float(answers['w']['w01'][person]):.0f}%")
