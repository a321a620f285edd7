"""Random indices: the mean consistency index of random matrices, by which a CI becomes a CR.

The tables in use differ, so every one has a name and every result says which one it used.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from vitality.errors import MethodError
from vitality.weights.options import choose

__all__ = ["RANDOM_INDICES", "RandomIndexName", "random_index_value"]

RandomIndexName = Literal["saaty_1980", "saaty_2007", "alonso_lamata", "donegan_dodd"]

#: Names of the random indices, with the source that a report prints.
RANDOM_INDICES: dict[str, str] = {
    "saaty_1980": "Saaty (1980)",
    "saaty_2007": "Saaty (2007)",
    "alonso_lamata": "Alonso & Lamata (2006)",
    "donegan_dodd": "Donegan & Dodd (1991)",
}

_FROM_THREE: dict[str, tuple[float, ...]] = {
    "saaty_1980": (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
    "saaty_2007": (0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
}
_DONEGAN_DODD: dict[int, float] = dict(
    zip(
        (*range(3, 21), 25, 30, 40, 50, 60, 70, 80, 90, 100),
        (
            *(0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213),
            *(1.4497, 1.4643, 1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371),
            *(1.5619, 1.5772, 1.5976, 1.6102, 1.6178, 1.6237, 1.6277, 1.6213, 1.6339),
        ),
    )
)


def random_index_value(n: int, *, table: str = "saaty_1980") -> float:
    """Random index of matrices over `n` items.

    Parameters
    ----------
    n : int
        Number of items, at least 1.
    table : {"saaty_1980", "saaty_2007", "alonso_lamata", "donegan_dodd"}
        ``saaty_1980`` is what most Chinese textbooks print (n up to 15) [1]_; ``saaty_2007`` the later
        simulation (n up to 15) [2]_; ``alonso_lamata`` the regression line for any n, by which
        CR = (lambda - n) / (2.7699 n - 4.3513 - n) [3]_; ``donegan_dodd`` n up to 100, straight lines
        between the sizes that the paper lists [4]_.

    Returns
    -------
    float
        0 for one or two items, which cannot contradict each other.

    Raises
    ------
    MethodError
        If the table has no such name or does not reach `n`.

    References
    ----------
    .. [1] Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.
    .. [2] Saaty, T. L. (2007). Math. Comput. Modelling 46, 860-891.
    .. [3] Alonso, J. A. & Lamata, M. T. (2006). Int. J. Uncertainty, Fuzziness 14, 445-459.
    .. [4] Donegan, H. A. & Dodd, F. J. (1991). Math. Comput. Modelling 15, 135-137.

    Examples
    --------
    >>> random_index_value(6), random_index_value(2)
    (1.24, 0.0)
    """
    choose("random_index", table, RANDOM_INDICES)
    if n < 3:
        return 0.0
    if table == "alonso_lamata":
        return (2.7699 * n - 4.3513 - n) / (n - 1)
    largest = 100 if table == "donegan_dodd" else 15
    if n > largest:
        raise MethodError(
            f"random_index={table!r} is tabulated for up to {largest} items; found {n}. "
            "Use random_index='alonso_lamata', which is a formula for any number of items, "
            "or split the items into groups.",
            zh=f"random_index={table!r} 的表只到 {largest} 项，现有 {n} 项。请用 random_index='alonso_lamata'"
            "（适用于任意项数），或将要素分组。",
        )
    if table == "donegan_dodd":
        return float(np.interp(n, list(_DONEGAN_DODD), list(_DONEGAN_DODD.values())))
    return _FROM_THREE[table][n - 3]
