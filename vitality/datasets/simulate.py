"""`simulate_round`: a whole round for invented towns, with the truth behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from vitality.datasets.dirt import Texts, plant_dirt
from vitality.datasets.dirt_mix import plant_mix
from vitality.datasets.latent import Latent, on_goalposts, planted_effects, round_number, simulate_latent
from vitality.datasets.people_answers import (
    beneficiary_answers,
    organisation_answers,
    resident_answers,
    staff_answers,
)
from vitality.datasets.places import invented_towns, organisation_names, organisation_types
from vitality.datasets.town_answers import Places, town_answers
from vitality.errors import MethodError
from vitality.framework import Framework, read_framework
from vitality.survey.answers import answer_text, typed_columns
from vitality.survey.written_text import guarded_table

RESIDENTS_A_TOWN = 100
_FRAMEWORK = "redcross"
_FROM_TARGETS = ("B23", "F11", "F12", "F21", "F22")


@dataclass(frozen=True)
class Truth:
    """What a simulated round was made from.

    Attributes
    ----------
    vitality : Series
        Standard score of each town, index town.
    blocks : DataFrame
        Standard scores of the resource blocks; uncorrelated with each other.
    effects : Series
        Planted rank correlation of each block with vitality.
    indicators : DataFrame
        Index (unit, round): every indicator before dirt; those from questionnaires before sampling.
    resources, controls : DataFrame
        Index (unit, round).
    """

    vitality: pd.Series
    blocks: pd.DataFrame
    effects: pd.Series
    indicators: pd.DataFrame
    resources: pd.DataFrame
    controls: pd.DataFrame


@dataclass(frozen=True)
class SimulatedRound:
    """模拟数据 SIMULATED: a round of invented towns. Made by `simulate_round`.

    Attributes
    ----------
    round, seed
        What it was made with.
    units : DataFrame
        Index unit; columns ``name``, ``group`` (district).
    answers : dict
        Instrument -> clean answers, typed as in `CleanSurvey`.
    truth : Truth
    dirt : DataFrame
        What was planted in the texts: ``kind``, ``instrument``, ``unit``, ``respondent``, ``question``,
        ``clean``, ``dirty``, ``rule`` (the rule of `check_round` that has to find it).
    """

    round: str
    seed: int
    framework: Framework
    units: pd.DataFrame
    answers: dict[str, pd.DataFrame]
    truth: Truth
    dirt: pd.DataFrame
    texts: Texts = field(repr=False)

    def write(self, folder: str | PathLike[str], *, answer_key: bool = False) -> Path:
        """Write the round as a round folder: ``round.yaml``, ``raw``, ``corrections.csv``.

        With `answer_key`, ``answer_key.csv`` beside them says what was planted where.

        Every file says that it is simulated. The same round gives the same bytes. Needs about two seconds.

        Raises
        ------
        SurveyError
            If the folder holds files already.
        """
        from vitality.datasets.simulated_files import write_round_folder

        place = write_round_folder(self, Path(folder))
        if answer_key:
            guarded_table(self.dirt).to_csv(place / "answer_key.csv", index=False, encoding="utf-8-sig")
        return place

    def __repr__(self) -> str:
        counts = ", ".join(f"{code}: {len(table)}" for code, table in self.answers.items())
        return f"<SimulatedRound {self.round!r} 模拟数据 SIMULATED: {len(self.units)} units; {counts}>"


def simulate_round(
    *,
    towns: int = 24,
    organisations: int = 480,
    seed: int,
    effects: Mapping[str, float] | None = None,
    round: str = "2024",
    dirt: bool | float | Mapping[str, int] = True,
) -> SimulatedRound:
    """Simulate a whole round of the framework ``redcross`` for invented towns.

    Each town has a standard score of vitality; the resource blocks go with it as planted. Dimensions follow
    vitality and indicators follow their dimension; values lie between the framework's goalposts, and answers
    are whole numbers that amount to them. Questionnaires are samples: 100 residents, 34 to 50 people served
    and 4 to 10 staff a town.

    Parameters
    ----------
    towns : int
        At least 4; half of them in each of two invented districts.
    organisations : int
        At least 6 a town.
    seed : int
        The same seed gives the same towns in every round; most of a town's standing lasts.
    effects : mapping of str to float, optional
        Rank correlation with vitality of the blocks ``staffing``, ``funding``, ``venue``; by default 0.65,
        0.55 and 0.1.
    round : str
        Name of the round, usually a year: towns gain a little from year to year.
    dirt : bool, float or mapping of str to int
        Whether the texts are made dirty in the usual ways; or the share of answered cells to make dirty, evenly
        in all ways of `vitality.datasets.dirt_mix.KINDS`; or how many of each kind.

    Returns
    -------
    SimulatedRound

    Raises
    ------
    MethodError
        If there are too few towns or organisations, or the effects cannot hold together.

    Examples
    --------
    >>> made = simulate_round(towns=4, organisations=40, seed=1)
    >>> made
    <SimulatedRound '2024' 模拟数据 SIMULATED: 4 units; t: 4, o: 40, ...>
    >>> made.truth.effects.to_dict()
    {'staffing': 0.65, 'funding': 0.55, 'venue': 0.1}
    """
    if towns < 4 or organisations < 6 * towns:
        raise MethodError(
            f"towns={towns}, organisations={organisations}: expected at least 4 towns and 6 organisations a town.",
            zh=f"towns={towns}，organisations={organisations}：应至少有 4 个街镇，且平均每个街镇至少 6 个组织。",
        )
    framework = read_framework(_FRAMEWORK)
    planted = planted_effects(effects, (part.block for part in framework.resources))
    places = _places(towns, organisations, seed, round)
    latent = simulate_latent(framework, places.towns.index, seed=seed, round_name=round, effects=planted)
    targets = on_goalposts(latent.positions, framework)
    rng = np.random.default_rng([seed, 4, round_number(round)])
    lasting = np.random.default_rng([seed, 7])
    answers, parts = _answers(framework, latent, targets, places, rng, lasting)
    indicators = pd.concat([*parts, targets[list(_FROM_TARGETS)]], axis=1)[list(framework.leaves)]
    truth = Truth(
        vitality=latent.vitality.rename("vitality"),
        blocks=latent.blocks,
        effects=pd.Series(planted, name="effect"),
        indicators=_of_round(indicators, round),
        resources=_of_round(_true_resources(answers["t"], _support(framework, latent)), round),
        controls=_of_round(_true_controls(answers["t"]), round),
    )
    texts = _texts(framework, answers)
    rng_of_dirt = np.random.default_rng([seed, 5, round_number(round)])
    if dirt is True:
        plant_dirt(texts, answers, rng=rng_of_dirt)
    elif dirt is not False:
        plant_mix(texts, answers, dirt, rng=rng_of_dirt)
    units = pd.DataFrame({"name": places.towns.index, "group": places.towns["district"]})
    return SimulatedRound(round, seed, framework, units, answers, truth, texts.table(), texts)


def _of_round(table: pd.DataFrame, round_name: str) -> pd.DataFrame:
    units = table.index.to_numpy()
    index = pd.MultiIndex.from_arrays([units, [round_name] * len(units)], names=["unit", "round"])
    return table.set_axis(index)


def _places(towns: int, organisations: int, seed: int, round_name: str) -> Places:
    """Towns and organisations; the same in every round of a seed but for some growth of the population."""
    rng = np.random.default_rng([seed, 3])
    names, districts, kinds = zip(*invented_towns(towns))
    kind = np.array(kinds, dtype=object)
    table = pd.DataFrame({"district": districts, "kind": kind}, index=pd.Index(names, name="unit"), dtype=object)
    size = np.exp(rng.normal(np.where(kind == "industrial_zone", 10.4, 11.1), 0.35))
    years = int(round_name) - 2023 if round_name.isdigit() else 0
    growth = 1 + rng.normal(0.008, 0.006, towns) * np.clip(years, -5, 10)
    table["population"] = np.round(np.clip(size, 24000, 180000) * growth)
    table["migrants"] = rng.uniform(0.2, 0.55, towns) + np.where(kind == "industrial_zone", 0.1, 0.0)
    table["aged"] = rng.uniform(0.17, 0.34, towns)
    low, high = np.where(kind == "street", 3.0, 18.0), np.where(kind == "street", 11.0, 70.0)
    table["area"] = np.round(rng.uniform(low, high), 2)
    exact = organisations * (0.5 / towns + 0.5 * np.sqrt(size) / np.sqrt(size).sum())
    counts = np.maximum(np.floor(exact).astype(int), 6)
    while counts.sum() != organisations:
        step = 1 if counts.sum() < organisations else -1
        gap = (exact - counts) * step - 1e9 * ((counts <= 6) & (step < 0))
        counts[int(np.argmax(gap))] += step
    rows = []
    for town, count, first in zip(names, counts, rng.integers(0, 64, towns)):
        types = organisation_types(int(count))
        for number, (name, kind_) in enumerate(zip(organisation_names(town, types, int(first)), types), start=1):
            rows.append((f"{town}-{number:03d}", town, name, kind_))
    listed = pd.DataFrame(rows, columns=["respondent", "unit", "o01", "o02"], dtype=object)
    return Places(table, listed.set_index("respondent"))


def _support(framework: Framework, latent: Latent) -> pd.Series:
    """Career support of each town's staff, 0 to 100."""
    part = framework.resource("R16")
    low, high = float(part.worst or 0.0), float(part.best or 0.0)
    return low + (high - low) / (1 + np.exp(-1.35 * latent.resources["R16"]))


def _answers(
    framework: Framework,
    latent: Latent,
    targets: pd.DataFrame,
    places: Places,
    rng: np.random.Generator,
    lasting: np.random.Generator,
) -> tuple[dict[str, pd.DataFrame], list[pd.DataFrame]]:
    """Clean answers of every instrument, and the indicators that those of towns and organisations give."""
    form, of_towns = town_answers(framework, latent, targets, places, rng=rng, lasting=lasting)
    listed, of_organisations = organisation_answers(places.organisations, targets, form, rng=rng)
    tables = {
        "t": form.rename_axis("respondent").assign(unit=form.index),
        "o": listed,
        "w": staff_answers(targets, _support(framework, latent), form["t37"], rng=rng),
        "m": resident_answers(targets, residents=RESIDENTS_A_TOWN, rng=rng),
        "b": beneficiary_answers(targets, rng=rng),
    }
    for code in ("w", "m", "b"):
        order = rng.permutation(len(tables[code]))
        names = [f"{code}{number}" for number in range(1, len(order) + 1)]
        tables[code] = tables[code].iloc[order].set_axis(pd.Index(names, name="respondent", dtype=object))
    answers = {}
    for code, table in tables.items():
        dtypes = {"unit": "object", **typed_columns(framework.instrument(code).questions)}
        typed = table[list(dtypes)].astype(dtypes)
        answers[code] = typed.set_axis(pd.Index(typed.index, dtype=object, name="respondent"))
    return answers, [of_towns, of_organisations]


def _texts(framework: Framework, answers: dict[str, pd.DataFrame]) -> Texts:
    """Write every clean answer as a person would."""
    tables, units = {}, {}
    for code, table in answers.items():
        columns = {}
        for question in framework.instrument(code).questions:
            written = {value: answer_text(value, question) for value in table[question.code].unique()}
            columns[question.code] = [
                written.get(value, "") if value == value else "" for value in table[question.code]
            ]
        tables[code] = pd.DataFrame(columns, index=table.index, dtype=object)
        units[code] = table["unit"].copy()
    return Texts(framework, tables, units)


def _true_resources(form: pd.DataFrame, support: pd.Series) -> pd.DataFrame:
    """Resources by plain arithmetic on the clean town form; career support before sampling."""
    form = form.drop(columns="unit").rename_axis("unit")
    population = form["t01"]
    return pd.DataFrame(
        {
            "R11": form["t71"],
            "R12": form["t72"],
            "R13": form["t73"],
            "R14": form["t74"],
            "R15": 1000 * form["t75"] / population,
            "R16": support,
            "R21": form["t81"],
            "R22": 10000 * form["t82"] / population,
            "R23": 100 * ((form["t82"] / form["t83"]) ** (1 / 3) - 1),
            "R24": form["t84"],
            "R31": form["t85"],
            "R32": 100 * form["t86"] / form["t11"],
            "R33": form["t87"].map({"none": 0.0, "shared": 1.0, "dedicated": 2.0}),
            "R34": 100 * form["t88"] / form["t89"],
        }
    )


def _true_controls(form: pd.DataFrame) -> pd.DataFrame:
    form = form.drop(columns="unit").rename_axis("unit")
    return pd.DataFrame(
        {
            "Z1": form["t01"],
            "Z2": 100 * form["t02"] / form["t01"],
            "Z3": 100 * form["t03"] / form["t01"],
            "Z4": form["t04"],
            "Z5": form["t05"],
            "Z6": form["t06"],
            "Z7": form["t07"],
        }
    )
