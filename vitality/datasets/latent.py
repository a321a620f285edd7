"""What lies behind a simulated round: vitality, resource blocks, and where each indicator stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh
from vitality.framework import Framework

Array = npt.NDArray[np.float64]
#: Rank correlation of each resource block with vitality, unless the caller gives other ones.
DEFAULT_EFFECTS = {"staffing": 0.65, "funding": 0.55, "venue": 0.10}
#: Share of a town's standing that stays from round to round.
PERSISTENCE = 0.90
#: How far an indicator follows its dimension, and a dimension follows vitality.
DIMENSION_LOADING, INDICATOR_LOADING, RESOURCE_LOADING = 0.85, 0.80, 0.95
#: Gain of all towns a year, in standard deviations.
YEARLY_GAIN = 0.10


@dataclass(frozen=True)
class Latent:
    """Standard scores behind a round, one row a town.

    `vitality` has mean 0 and variance 1; its correlations with the columns of `blocks` are exactly those
    planted, in this very sample. `positions` are shares from 0 (worst) to 1 (best) of the goalposts.
    """

    vitality: pd.Series
    blocks: pd.DataFrame
    positions: pd.DataFrame
    resources: pd.DataFrame


def planted_effects(effects: Mapping[str, float] | None, blocks: Iterable[str]) -> dict[str, float]:
    """Check the effects asked for, as rank correlations, and complete them.

    Raises
    ------
    MethodError
        If a block is unknown, or the effects together leave no room for anything else.

    Examples
    --------
    >>> planted_effects({"funding": 0.3}, ["staffing", "funding", "venue"])
    {'staffing': 0.0, 'funding': 0.3, 'venue': 0.0}
    """
    known = list(dict.fromkeys(blocks))
    given = DEFAULT_EFFECTS if effects is None else effects
    unknown = [block for block in given if block not in known]
    if unknown:
        raise MethodError(
            f"effects: unknown block {unknown[0]!r}.{did_you_mean(unknown[0], known)} Expected {some(known)}.",
            zh=f"effects：没有资源类别 {unknown[0]!r}。{meant_zh(unknown[0], known)}可选：{some_zh(known)}。",
        )
    found = {block: float(given.get(block, 0.0)) for block in known}
    total = sum(pearson_of_rank(value) ** 2 for value in found.values())
    if not all(-1 < value < 1 for value in found.values()) or total >= 1:
        raise MethodError(
            f"effects: {found} cannot hold together (the squares of the correlations sum to {total:.2f}); "
            "expected less than 1. Make some of them smaller.",
            zh=f"effects：{found} 不能同时成立（相关系数的平方和为 {total:.2f}），平方和应小于 1。请调小其中几个。",
        )
    return found


def pearson_of_rank(rank: float) -> float:
    """Correlation of two normal variables whose rank correlation is `rank`: 2 sin(pi rank / 6).

    Examples
    --------
    >>> round(pearson_of_rank(0.5), 4)
    0.5176
    """
    return float(2 * np.sin(np.pi * rank / 6))


def round_number(name: str) -> int:
    """Number that a round's name stands for: its year, or else a hash; the same on every machine."""
    return int(name) if name.isdigit() else crc32(name.encode())


def simulate_latent(
    framework: Framework,
    towns: Iterable[str],
    *,
    seed: int,
    round_name: str,
    effects: Mapping[str, float],
) -> Latent:
    """Draw what lies behind a round; towns keep most of it between rounds of the same seed."""
    names = pd.Index(towns, name="unit")
    lasting = np.random.default_rng([seed, 1])
    passing = np.random.default_rng([seed, 2, round_number(round_name)])
    n_columns = 1 + len(effects)

    def draw(columns: int) -> Array:
        stay, change = (
            lasting.standard_normal((len(names), columns)),
            passing.standard_normal((len(names), columns)),
        )
        return PERSISTENCE * stay + np.sqrt(1 - PERSISTENCE**2) * change

    independent = _orthogonal(draw(n_columns))
    blocks = pd.DataFrame(independent[:, 1:], index=names, columns=list(effects))
    strength = np.array([pearson_of_rank(effects[block]) for block in blocks.columns])
    own = np.sqrt(1 - np.sum(strength**2))
    vitality = pd.Series(blocks.to_numpy() @ strength + own * independent[:, 0], index=names)
    gain = YEARLY_GAIN * (int(round_name) - 2023) if round_name.isdigit() else 0.0
    scores = _indicator_scores(framework, vitality.to_numpy(), draw)
    positions = pd.DataFrame(_share(scores + np.clip(gain, -0.5, 0.5)), index=names, columns=list(framework.leaves))
    resources = {
        part.code: RESOURCE_LOADING * blocks[part.block].to_numpy() + np.sqrt(1 - RESOURCE_LOADING**2) * draw(1)[:, 0]
        for part in framework.resources
    }
    return Latent(vitality, blocks, positions, pd.DataFrame(resources, index=names))


def _orthogonal(columns: Array) -> Array:
    """Columns with mean 0, variance 1 and no correlation among them, close to those given."""
    centred = columns - columns.mean(axis=0)
    if len(centred) <= centred.shape[1] + 1:
        spread = centred.std(axis=0)
        return np.asarray(centred / np.where(spread > 0, spread, 1.0))
    basis, triangle = np.linalg.qr(centred)
    return np.asarray(basis * np.sign(np.diag(triangle)) * np.sqrt(len(centred)))


def _indicator_scores(framework: Framework, vitality: Array, draw: Callable[[int], Array]) -> Array:
    """Standard score of each indicator: vitality -> dimension -> indicator."""
    columns: dict[str, Array] = {}
    for dimension in framework.children(framework.root):
        common = DIMENSION_LOADING * vitality + np.sqrt(1 - DIMENSION_LOADING**2) * draw(1)[:, 0]
        leaves = framework.leaves_below(dimension)
        own = draw(len(leaves))
        for position, leaf in enumerate(leaves):
            noise = np.sqrt(1 - INDICATOR_LOADING**2) * own[:, position]
            columns[leaf] = INDICATOR_LOADING * common + noise
    return np.column_stack([columns[leaf] for leaf in framework.leaves])


def _share(scores: Array) -> Array:
    """From a standard score to a share of the goalposts between 0.02 and 0.98; the middle town is at 0.6."""
    return 0.02 + 0.96 / (1 + np.exp(-0.45 - 1.35 * scores))


def on_goalposts(positions: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Values in natural units that stand at the given shares of the goalposts.

    For an interval indicator a share runs from the worst lower end to the middle of the best range.
    """
    columns = {}
    for code in positions.columns:
        indicator = framework.indicator(code)
        worst, best = float(indicator.worst or 0.0), float(indicator.best or 0.0)
        if indicator.interval is not None:
            best = sum(indicator.interval) / 2
        columns[code] = worst + positions[code] * (best - worst)
    return pd.DataFrame(columns)
