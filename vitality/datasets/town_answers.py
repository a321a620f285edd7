"""Answers of the simulated town form: whole numbers that stand where the truth says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vitality.datasets.latent import Array, Latent
from vitality.framework import Framework

#: Indicators whose counts are rare events: their numbers are drawn, not rounded.
_RARE = ("C21", "C22")
#: Indicator -> (numerator question, denominator question, times), for ratios of two answers.
_RATIOS = {
    "A23": ("t26", "t15", 100),
    "B11": ("t32", "t31", 100),
    "B13": ("t35", "t34", 100),
    "B21": ("t36", "t37", 1),
    "C11": ("t41", "t01", 1000),
    "C12": ("t42", "t01", 1000),
    "C13": ("t43", "t44", 100),
    "C21": ("t45", "t01", 100000),
    "C22": ("t46", "t01", 100000),
    "C23": ("t47", "t01", 1000),
    "D12": ("t53", "t52", 100),
    "D22": ("t56", "t01", 1000),
    "E12": ("t63", "t62", 100),
    "E21": ("t65", "t64", 100),
}
_CHECKLISTS = {
    "A22": [f"t{number}" for number in range(21, 26)],
    "B12": [f"t33{number:02d}" for number in range(1, 11)],
    "E11": [f"t61{number:02d}" for number in range(1, 9)],
}
_VALUES = {"C32": "t48", "D11": "t51", "D13": "t54"}


@dataclass(frozen=True)
class Places:
    """Facts of the towns that do not change with vitality: one row a town, and its organisations."""

    towns: pd.DataFrame
    organisations: pd.DataFrame


def town_answers(
    framework: Framework,
    latent: Latent,
    targets: pd.DataFrame,
    places: Places,
    *,
    rng: np.random.Generator,
    lasting: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the answers of the town form and the indicators that they amount to.

    `lasting` draws what stays the same from round to round, `rng` the rest.

    Returns
    -------
    (answers, truth)
        Answers: index town, one column a question of the town form. Truth: the indicators that are made of
        this form alone, in their own units, by the arithmetic of the simulation itself.
    """
    answers = _facts(places, rng, lasting)
    truth: dict[str, Array] = {}
    _coverage(answers, truth, targets, rng)
    for code, (above, below, times) in _RATIOS.items():
        whole = answers[below]
        expected = targets[code].to_numpy() * whole / times
        count = rng.poisson(expected).astype(float) if code in _RARE else np.round(expected)
        if framework.questions[above].part_of == below:
            count = np.minimum(count, whole)
        answers[above] = count
        truth[code] = times * count / whole
    for code, questions in _CHECKLISTS.items():
        number = np.round(targets[code].to_numpy()).astype(int)
        truth[code] = number.astype(float)
        for question, ticked in zip(questions, _ticked(number, len(questions), rng).T):
            answers[question] = ticked
    for code, question in _VALUES.items():
        answers[question] = truth[code] = np.round(targets[code].to_numpy())
    answers["t55"] = np.round(targets["D21"].to_numpy() * answers["t01"] / 1e4, 2)
    truth["D21"] = 1e4 * answers["t55"] / answers["t01"]
    texts = {"t04": places.towns["district"].to_numpy(), "t05": places.towns["kind"].to_numpy()}
    resources = _resources(framework, latent, answers, rng)
    index = places.towns.index
    table = pd.DataFrame({**answers, **resources, **texts}, index=index)
    return table[list(framework.instrument("t").question_codes)], pd.DataFrame(truth, index=index)


def _facts(places: Places, rng: np.random.Generator, lasting: np.random.Generator) -> dict[str, Array]:
    """Population, area and the wholes that parts are taken of."""
    towns, n = places.towns, len(places.towns)
    population = towns["population"].to_numpy(dtype=float)
    types = pd.crosstab(places.organisations["unit"], places.organisations["o02"]).reindex(towns.index)
    return {
        "t01": population,
        "t02": np.round(population * towns["migrants"].to_numpy()),
        "t03": np.round(population * towns["aged"].to_numpy()),
        "t06": towns["area"].to_numpy(dtype=float),
        "t07": types.sum(axis=1).to_numpy(dtype=float),
        "t11": np.ceil(types["village_residential"].to_numpy(dtype=float) / lasting.uniform(0.88, 1.0, n)),
        "t12": types["village_residential"].to_numpy(dtype=float),
        "t14": types["school"].to_numpy(dtype=float),
        "t17": np.round(population / 1000 * lasting.uniform(0.6, 1.4, n)) + 15,
        "t31": lasting.integers(11, 30, n).astype(float),
        "t34": rng.integers(12, 37, n).astype(float),
        "t37": lasting.integers(4, 13, n).astype(float),
        "t44": np.round(population * lasting.uniform(0.003, 0.009, n)),
        "t52": rng.integers(6, 25, n).astype(float),
        "t62": np.round(population * rng.uniform(0.01, 0.04, n)),
        "t64": np.round(population / lasting.uniform(900, 1500, n)),
    }


def _coverage(
    answers: dict[str, Array],
    truth: dict[str, Array],
    targets: pd.DataFrame,
    rng: np.random.Generator,
) -> None:
    """Schools, members and two-new organisations."""
    n = len(targets)
    share = targets["A12"].to_numpy() / 100
    answers["t13"] = np.maximum(np.round(answers["t14"] / share), answers["t14"])
    truth["A12"] = 100 * answers["t14"] / answers["t13"]
    members = np.round(targets["A13"].to_numpy() * answers["t01"] / 1000)
    answers["t16"] = np.round(members * rng.uniform(0.5, 0.8, n))
    answers["t15"] = members - answers["t16"]
    truth["A13"] = 1000 * members / answers["t01"]
    covered = np.round(targets["A21"].to_numpy() * answers["t17"] / 100)
    answers["t18"] = np.round(covered * rng.uniform(0.3, 0.6, n))
    answers["t19"] = np.round((covered - answers["t18"]) * rng.uniform(0.4, 0.9, n))
    answers["t20"] = covered - answers["t18"] - answers["t19"]
    truth["A21"] = 100 * covered / answers["t17"]


def _ticked(number: np.ndarray, items: int, rng: np.random.Generator) -> Array:
    """Tick so many of the items of a list, the first ones more often."""
    order = np.argsort(np.arange(items) * 0.12 + rng.random((len(number), items)), axis=1)
    ticked = np.zeros((len(number), items))
    for row, count in enumerate(number):
        ticked[row, order[row, :count]] = 1.0
    return ticked


def _resources(
    framework: Framework, latent: Latent, answers: dict[str, Array], rng: np.random.Generator
) -> dict[str, Array]:
    """Staff, money and venues, along the goalposts of the resources."""
    n = len(latent.vitality)

    def at(code: str) -> Array:
        part = framework.resource(code)
        low, high = float(part.worst or 0.0), float(part.best or 0.0)
        share = 0.02 + 0.96 / (1 + np.exp(-1.5 * latent.resources[code].to_numpy()))
        return np.asarray(low + share * (high - low))

    population, villages = answers["t01"], answers["t11"]
    funding = np.round(at("R22") * population / 1e4, 2)
    stations = answers["t12"] + rng.integers(0, 4, n)
    return {
        "t71": np.round(2 * at("R11")) / 2,
        "t72": np.round(at("R12")),
        "t73": np.round(at("R13")),
        "t74": np.round(at("R14")),
        "t75": np.maximum(np.round(at("R15") * population / 1000), 40),
        "t81": np.maximum(np.round(at("R21") / 60 * funding * 1.1, 2), 0.5),
        "t82": np.maximum(funding, 0.6),
        "t83": np.maximum(np.round(np.maximum(funding, 0.6) / (1 + at("R23") / 100) ** 3, 2), 0.2),
        "t84": (latent.resources["R24"].to_numpy() > -0.4).astype(float),
        "t85": np.round(at("R31")),
        "t86": np.round(at("R32") / 100 * villages),
        "t87": np.array(["none", "shared", "dedicated"], dtype=object)[
            np.digitize(latent.resources["R33"].to_numpy(), [-0.6, 0.6])
        ],
        "t88": np.round(at("R34") / 100 * stations),
        "t89": stations,
    }
