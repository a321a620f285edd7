"""Answers of simulated organisations, staff, residents and people served."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vitality.datasets.latent import Array

_HAVES = ("o11", "o12", "o13", "o14", "o15")
_SERVING = ("village_residential", "medical", "other")
_SERVICES = (
    ("first_aid", 0.45), ("relief", 0.40), ("blood", 0.45), ("stem_cell", 0.15), ("body_organ", 0.12),
    ("volunteering", 0.30), ("fundraising", 0.25), ("equipment", 0.15), ("other", 0.05),
)  # fmt: skip
_TAKEN_PART = (
    ("training", 0.40), ("activity", 0.50), ("donation", 0.35), ("blood", 0.15), ("registration", 0.05),
    ("volunteering", 0.25),
)  # fmt: skip


def organisation_answers(
    organisations: pd.DataFrame,
    targets: pd.DataFrame,
    town_form: pd.DataFrame,
    *,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the answers of all organisations and the indicators that they amount to, town by town."""
    table = organisations.copy()
    of_town = targets.loc[table["unit"]].set_axis(table.index)
    n = len(table)
    own = rng.standard_normal(n)

    def near(code: str) -> Array:
        """Chance of an organisation around the rate of its town (never above 0.98)."""
        rate = np.clip(of_town[code].to_numpy() / 100, 0.02, 0.97)
        return np.asarray(np.clip(1 / (1 + np.exp(-(np.log(rate / (1 - rate)) + 0.35 * own))), 0.01, 0.98))

    volunteers = town_form["t75"].loc[table["unit"]].to_numpy()
    per_town = table.groupby("unit")["unit"].transform("size").to_numpy()
    table["o21"] = rng.poisson(np.maximum(0.9 * volunteers / per_town, 1.0)).astype(float)
    table["o22"] = rng.binomial(table["o21"].astype(int), near("B22")).astype(float)
    activities = of_town["C31"].to_numpy() * np.exp(0.25 * own - 0.03)
    table["o23"] = np.minimum(rng.poisson(np.maximum(activities, 0.3)), 55).astype(float)
    table["o24"] = rng.binomial(table["o23"].astype(int), of_town["E23"].to_numpy() / 100).astype(float)
    serving = table["o02"].isin(_SERVING).to_numpy()
    people = np.round(np.exp(rng.normal(4.4, 0.6, n)))
    times = people + np.round(people * rng.uniform(0.5, 4.0, n))
    served = {
        "o31": people,
        "o32": rng.binomial(people.astype(int), near("E22")).astype(float),
        "o33": times,
        "o34": rng.binomial(times.astype(int), near("F23")).astype(float),
    }
    for code, values in served.items():
        table[code] = np.where(serving, values, np.nan)
    _haves(table, targets["A11"], town_form["t11"], own, rng)
    return table, _town_truth(table, town_form)


def _haves(table: pd.DataFrame, coverage: pd.Series, villages: pd.Series, own: Array, rng: np.random.Generator) -> None:
    """The five haves: the right number of stations has four or five of them."""
    yes = (rng.random((len(table), 5)) < (0.45 + 0.1 * np.tanh(own))[:, None]).astype(float)
    working = np.zeros(len(table), dtype=bool)
    for name, rows in table.groupby("unit", sort=False).indices.items():
        town = str(name)
        stations = rows[(table["o02"].to_numpy()[rows] == "village_residential")]
        wanted = int(np.round(coverage[town] * villages[town] / 100))
        best = stations[np.argsort(-own[stations], kind="stable")]
        working[best[: min(wanted, len(best))]] = True
        others = np.setdiff1d(rows, stations)
        working[others] = own[others] > -0.3
    for row in range(len(table)):
        if working[row]:
            yes[row] = 1.0
            if rng.random() < 0.5:
                yes[row, rng.integers(5)] = 0.0
        elif yes[row].sum() > 3:
            yes[row, rng.choice(5, size=2, replace=False)] = 0.0
    table[list(_HAVES)] = yes


def _town_truth(table: pd.DataFrame, town_form: pd.DataFrame) -> pd.DataFrame:
    """Indicators from organisations by plain sums over each town's rows."""
    rows = []
    for town in town_form.index:
        own = table[table["unit"] == town]
        stations = own[own["o02"] == "village_residential"]
        four = int((stations[list(_HAVES)].sum(axis=1) >= 4).sum())
        rows.append(
            {
                "A11": 100 * four / float(town_form["t11"][town]),
                "B22": 100 * own["o22"].sum() / own["o21"].sum(),
                "C31": own["o23"].mean(),
                "E22": 100 * own["o32"].sum() / own["o31"].sum(),
                "E23": 100 * own["o24"].sum() / own["o23"].sum(),
                "F23": 100 * own["o34"].sum() / own["o33"].sum(),
            }
        )
    return pd.DataFrame(rows, index=town_form.index)


def staff_answers(
    targets: pd.DataFrame, support: pd.Series, workers: pd.Series, *, rng: np.random.Generator
) -> pd.DataFrame:
    """Answers of the staff: time on paperwork (per cent) and career support (1 to 5)."""
    counts = np.clip(workers.to_numpy(dtype=int), 4, 10)
    units = np.repeat(targets.index.to_numpy(), counts)
    paperwork = targets["B23"].loc[units].to_numpy() / 100
    share = rng.beta(20 * paperwork, 20 * (1 - paperwork))
    table = pd.DataFrame({"unit": units, "w01": np.round(100 * share)})
    return table.assign(**_scales(("w02", "w03", "w04"), support.loc[units].to_numpy(), rng))


def resident_answers(targets: pd.DataFrame, *, residents: int, rng: np.random.Generator) -> pd.DataFrame:
    """Answers of residents: know, can name services, took part, trust."""
    units = np.repeat(targets.index.to_numpy(), residents)
    aware = targets["F11"].loc[units].to_numpy() / 100
    heard = aware + 0.25 * (1 - aware)
    knows = rng.random(len(units)) < heard
    names = rng.random(len(units)) < np.where(knows, aware / heard, 0.04)
    part = rng.random(len(units)) < targets["F12"].loc[units].to_numpy() / 100
    table = pd.DataFrame(
        {
            "unit": units,
            "m01": knows.astype(float),
            "m02": _several(names, _SERVICES, rng),
            "m03": _several(part, _TAKEN_PART, rng),
        }
    )
    return table.assign(**_scales(("m04", "m05", "m06"), targets["F22"].loc[units].to_numpy(), rng))


def beneficiary_answers(targets: pd.DataFrame, *, rng: np.random.Generator) -> pd.DataFrame:
    """Answers of people served: satisfaction."""
    units = np.repeat(targets.index.to_numpy(), rng.integers(34, 51, len(targets)))
    scales = _scales(("b01", "b02", "b03"), targets["F21"].loc[units].to_numpy(), rng)
    return pd.DataFrame({"unit": units, **scales})


def _scales(questions: tuple[str, ...], points: Array, rng: np.random.Generator) -> dict[str, Array]:
    """Answers from 1 to 5 whose expectation, put on 0 to 100, is `points`; people differ from each other."""
    rate = np.clip(points / 100, 0.02, 0.98)
    own = rng.beta(5 * rate, 5 * (1 - rate))
    return {question: np.asarray(1.0 + rng.binomial(4, own), dtype=np.float64) for question in questions}


def _several(any_of_them: np.ndarray, options: tuple[tuple[str, float], ...], rng: np.random.Generator) -> list[str]:
    """Options ticked by those who tick any, in the order of the form; the others tick none."""
    draws = rng.random((len(any_of_them), len(options)))
    chances = np.array([chance for _, chance in options])
    ticked = draws < chances
    nothing = ~ticked.any(axis=1)
    ticked[nothing, np.argmin(draws[nothing] / chances, axis=1)] = True
    return [
        "|".join(code for (code, _), on in zip(options, row) if on) if some else "none"
        for row, some in zip(ticked, any_of_them)
    ]
