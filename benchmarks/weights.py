"""Measure how fast weights are, beside the Python packages that compute some of them.

``python benchmarks/weights.py`` prints a table of medians and of ratios, all from one run on one machine. Packages
that are not installed are left out: ``pip install --group benchmarks`` brings them, in an environment of its own.
Every peer is given the same numbers; what it does not do (checks, consistency, agreement) is said beside it.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pandas as pd
from run import seconds

import vitality.weights as weights

STEPS = np.array([*(1 / np.arange(9, 1, -1)), *np.arange(1.0, 10)])


def panel(n_experts: int, n: int, *, error: float = 0.5, seed: int = 0) -> np.ndarray:
    """Judgements of experts who hold weights in common and err by a factor of exp(error) or so."""
    generator = np.random.default_rng(seed)
    priorities = np.exp(generator.normal(0, 0.7, n))
    logs = np.log(priorities[:, None] / priorities) + generator.normal(0, error, (n_experts, n, n))
    values = STEPS[np.abs(logs[..., None] - np.log(STEPS)).argmin(axis=-1)]
    i, j = np.triu_indices(n, 1)
    stack = np.ones((n_experts, n, n))
    stack[:, i, j], stack[:, j, i] = values[:, i, j], 1 / values[:, i, j]
    return stack


def peer(module: str) -> object | None:
    """A module, or None where it is not installed; what it prints on import is dropped."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(ImportError):
        return importlib.import_module(module)
    return None


def quiet(work: Callable[[], object]) -> Callable[[], object]:
    """Drop what a package prints while it computes."""

    def silent() -> object:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            return work()

    return silent


def numpy_power(stack: np.ndarray) -> np.ndarray:
    """Weights alone, by the plain power method on all matrices at once: no check, no ratio."""
    vectors = np.full(stack.shape[:2], 1 / stack.shape[1])
    while True:
        stepped = np.matmul(stack, vectors[:, :, None])[:, :, 0]
        stepped /= stepped.sum(axis=1, keepdims=True)
        if np.abs(stepped - vectors).max() < 1e-12:
            return stepped
        vectors = stepped


def numpy_entropy(values: np.ndarray) -> np.ndarray:
    """Entropy weights written out, with the table of shares: no check."""
    shares = values / values.sum(axis=0)
    entropy = -(shares * np.log(shares)).sum(axis=0) / np.log(len(values))
    return (1 - entropy) / (1 - entropy).sum()


def of_ahpy(stack: np.ndarray) -> Callable[[], object] | None:
    """AHPy takes a dict of pairs; making it is not counted."""
    ahpy = peer("ahpy")
    if ahpy is None:
        return None
    n = stack.shape[1]
    pairs = [{(i, j): float(matrix[i, j]) for i in range(n) for j in range(i + 1, n)} for matrix in stack]
    return lambda: [ahpy.Compare("x", one, precision=4, random_index="saaty").consistency_ratio for one in pairs]


def ahp_peers(stack: np.ndarray) -> dict[str, Callable[[], object] | None]:
    """What each peer does with a stack of matrices, one after the other."""
    subjective, decision, crispyn = (
        peer(name) for name in ("pymcdm.weights.subjective", "pyDecision.algorithm", "crispyn.weighting_methods")
    )
    return {
        "AHPy": of_ahpy(stack),
        "pymcdm": None if subjective is None else lambda: [subjective.AHP(matrix=matrix)() for matrix in stack],
        "pyDecision (max_eigen)": None
        if decision is None
        else lambda: [decision.ahp_method(matrix, wd="max_eigen") for matrix in stack],
        "crispyn": None if crispyn is None else lambda: [crispyn.AHP_WEIGHTING()(matrix) for matrix in stack],
        "plain numpy: batched power method, weights alone": lambda: numpy_power(stack),
    }


def table_peers(values: np.ndarray, method: str) -> dict[str, Callable[[], object] | None]:
    """What each peer does with a table."""
    signs = np.ones(values.shape[1], dtype=int)
    mcdm, decision, crispyn, criteria = (
        peer(name)
        for name in (
            "pymcdm.weights",
            "pyDecision.algorithm",
            "crispyn.weighting_methods",
            "skcriteria.preprocessing.weighters",
        )
    )
    return {
        "scikit-criteria": None
        if criteria is None
        else (
            (lambda: criteria.entropy_weights(values))
            if method == "entropy"
            else (lambda: criteria.critic_weights(values, signs, correlation="pearson", scale=True))
        ),
        "pymcdm": None if mcdm is None else lambda: getattr(mcdm, f"{method}_weights")(values, signs),
        "crispyn": None if crispyn is None else lambda: getattr(crispyn, f"{method}_weighting")(values),
        "pyDecision": None
        if decision is None
        else lambda: getattr(decision, f"{method}_method")(values, ["max"] * values.shape[1]),
        **({"plain numpy, with a second table": lambda: numpy_entropy(values)} if method == "entropy" else {}),
    }


def report(
    title: str, own: dict[str, Callable[[], object]], peers: dict[str, Callable[[], object] | None], times: int
) -> None:
    """Print one block: our ways first; the ratio is to the first of them. Beyond five seconds one call is enough."""
    base = 0.0
    print(f"| **{title}** | | |")
    for name, work in own.items():
        taken = seconds(work, times=times)
        base = base or taken
        print(f"| {name} | {spoken(taken)} | {taken / base:.2f} |", flush=True)
    for name, work in peers.items():
        if work is None:
            print(f"| {name} | not installed | |")
            continue
        try:
            start = time.perf_counter()
            quiet(work)()
            taken = time.perf_counter() - start
            if taken < 5:
                taken = seconds(quiet(work), times=min(times, 9))
        except Exception as problem:
            print(f"| {name} | fails: {type(problem).__name__} | |")
            continue
        print(f"| {name} | {spoken(taken)} | {taken / base:.1f} |", flush=True)


def spoken(taken: float) -> str:
    """A time with its unit."""
    for unit, factor in (("s", 1), ("ms", 1e3)):
        if taken * factor >= 1:
            return f"{taken * factor:.3g} {unit}"
    return f"{taken * 1e6:.3g} µs"


def all_of_a_group(stack: np.ndarray) -> tuple[object, ...]:
    found = weights.group_weights(stack)
    return found.weights, found.consensus, found.experts, found.kendall_w, found.spread


def core_of_a_group(stack: np.ndarray) -> tuple[object, ...]:
    found = weights.group_weights(stack)
    return found.weights, found.standing.ratio, found.standing.index, found.consensus


def experts() -> None:
    one = panel(1, 9)
    frame = pd.DataFrame(one[0], index=list("abcdefghi"), columns=list("abcdefghi"))
    many = panel(1000, 9)
    report(
        "one 9 x 9 matrix",
        {
            "vitality: array, checked, weights, CR, GCI": lambda: weights.ahp_weights(one[0]).weights,
            "vitality: DataFrame": lambda: weights.ahp_weights(frame).weights,
        },
        ahp_peers(one),
        times=301,
    )
    report(
        "1,000 experts on 9 items",
        {
            "vitality: checked, weights, CR, GCI, group, S*": lambda: core_of_a_group(many),
            "vitality: the same with cycles, influence, Kendall's W, spread": lambda: all_of_a_group(many),
        },
        ahp_peers(many),
        times=31,
    )
    loose = panel(1, 9, error=1.5)[0]
    report(
        "what no peer does, 9 items",
        {
            "vitality: inspect_judgements": lambda: weights.inspect_judgements(loose),
            "vitality: repair_judgements, fewest changes": lambda: weights.repair_judgements(loose),
            "vitality: repair_judgements, smallest changes": lambda: weights.repair_judgements(
                loose, strategy="smallest"
            ),
            "vitality: 2,000 bootstrap replicates of 10 experts": lambda: weights.sample_weights(
                many[:10], n=2000, seed=1
            ),
        },
        {},
        times=9,
    )


def tables() -> None:
    generator = np.random.default_rng(0)
    small = generator.gamma(2, 1, (100_000, 30))
    report(
        "CRITIC, 100,000 x 30",
        {"vitality: checked, with direction": lambda: weights.critic_weights(small)},
        table_peers(small, "critic"),
        times=9,
    )
    large = generator.gamma(2, 1, (1_000_000, 30))
    report(
        "entropy, 1,000,000 x 30",
        {
            "vitality: checked, minmax": lambda: weights.entropy_weights(large),
            "vitality: checked, shares": lambda: weights.entropy_weights(large, normalisation="shares"),
        },
        table_peers(large, "entropy"),
        times=5,
    )
    tracemalloc.start()
    weights.entropy_weights(large)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"| memory beside the table of {large.nbytes / 2**20:.0f} MB | {peak / 2**20:.1f} MB | |")


def main() -> None:
    """Print the table."""
    print("| what | median | ratio |\n|---|---|---|")
    experts()
    tables()


if __name__ == "__main__":
    main()
