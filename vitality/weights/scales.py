"""Judgement scales: what the verbal steps 1 to 9 stand for as ratios."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from vitality.errors import JudgementError
from vitality.weights.judgements import checked_matrix
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["JudgementScale", "rescale_judgements"]

JudgementScale = Literal[
    "linear", "logarithmic", "root", "inverse", "balanced", "balanced_n", "adaptive", "power", "geometric"
]

_SCALES: dict[str, Callable[[Floats, int], Floats]] = {
    "linear": lambda x, n: x,
    "logarithmic": lambda x, n: np.log2(x + 1),
    "root": lambda x, n: np.sqrt(x),
    "inverse": lambda x, n: 9 / (10 - x),
    "balanced": lambda x, n: (9 + x) / (11 - x),
    "balanced_n": lambda x, n: (9 + (n - 1) * x) / (9 + n - x),
    "adaptive": lambda x, n: x ** (1 + np.log(max(n - 1, 1)) / np.log(9)),
    "power": lambda x, n: x**2,
    "geometric": lambda x, n: 2 ** (x - 1),
}


def rescale_judgements(judgements: object, *, scale: JudgementScale = "balanced") -> pd.DataFrame:
    """Put other ratios in the place of the steps 1 to 9 of a judgement matrix.

    Parameters
    ----------
    judgements : DataFrame or array-like, shape (n, n); or mapping of pairs
        On Saaty's scale, 1/9 to 9; NaN stays NaN.
    scale : {"linear", "logarithmic", "root", "inverse", "balanced", "balanced_n", "adaptive", "power", "geometric"}
        What a step x becomes: x, log2(x + 1), the root of x, 9 / (10 - x), (9 + x) / (11 - x),
        (9 + (n - 1) x) / (9 + n - x), x ** (1 + ln(n - 1) / ln 9), x squared, 2 ** (x - 1) [1]_.
        Equally important stays 1 on all of them.

    Returns
    -------
    DataFrame, shape (n, n)

    Raises
    ------
    JudgementError
        As `ahp_weights`; if a judgement is beyond 1/9 to 9.
    MethodError
        If the scale is not among its choices.

    References
    ----------
    .. [1] Goepel, K. D. (2018). Int. J. Analytic Hierarchy Process 10(3), table 1.

    Examples
    --------
    >>> rescale_judgements([[1, 3], [1 / 3, 1]], scale="balanced").round(4).to_numpy().tolist()
    [[1.0, 1.5], [0.6667, 1.0]]
    """
    choose("scale", scale, _SCALES)
    items, matrix = checked_matrix(judgements)
    steps = np.maximum(matrix, 1 / matrix)
    beyond = np.argwhere(steps > 9 + 1e-9)
    if len(beyond):
        i, j = beyond[0]
        raise JudgementError(
            f"judgements: {items[i]!r} against {items[j]!r} is {matrix[i, j]:g}; a scale maps 1/9 to 9. "
            "Rescale the judgements of each expert before they are combined.",
            zh=f"判断：{items[i]!r} 比 {items[j]!r} 为 {matrix[i, j]:g}；标度只换算 1/9 至 9 的判断。请在合成之前对每位"
            "专家的判断换算。",
        )
    values = _SCALES[scale](np.minimum(steps, 9.0), len(items))
    scaled = np.where(matrix >= 1, values, 1 / values)
    return pd.DataFrame(np.where(np.isnan(matrix), np.nan, scaled), index=items, columns=items)
