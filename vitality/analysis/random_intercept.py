"""A linear model with a random intercept for groups: REML, Satterthwaite degrees of freedom, cluster bootstrap."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vitality.errors import MethodError

__all__ = ["Fit", "Groups", "cluster_bootstrap", "fit_random_intercept", "intraclass_interval", "variances"]

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Groups:
    """Which group each row belongs to: `codes` from 0, and the `sizes` of the groups."""

    codes: Places
    sizes: Floats

    def sums(self, values: Floats) -> Floats:
        """Sums of rows by group, shape (n_groups, k)."""
        found = np.zeros((len(self.sizes), values.shape[1]))
        np.add.at(found, self.codes, values)
        return found


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes
    ----------
    estimates, errors, freedom : array, shape (k,)
        Coefficients, standard errors, degrees of freedom.
    between, within : float
        Variance of the groups' intercepts and of the rest.
    """

    estimates: Floats
    errors: Floats
    freedom: Floats
    between: float
    within: float

    @property
    def intraclass(self) -> float:
        """Share of the variance left by the fixed part that lies between groups."""
        return self.between / (self.between + self.within)


def variances(y: Floats, design: Floats, groups: Groups) -> tuple[float, float]:
    """Variances between and within groups by restricted maximum likelihood (statsmodels' MixedLM).

    Powell's method, which needs no slopes: statsmodels' default optimisers stop below the maximum in 44 of 180
    realistic rounds, most often where the towns differ little, Powell's in none. The likelihood does not depend
    on the basis of the fixed part nor on the unit of `y`; both are set so that the tolerances mean the same for
    every table.

    Raises
    ------
    MethodError
        If the maximum is not found.
    """
    from statsmodels.regression.mixed_linear_model import MixedLM

    basis = np.linalg.qr(design)[0]
    left = y - basis @ (basis.T @ y)
    spread = float(left.std())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a variance of 0 is an answer here
        model = MixedLM(left / spread, basis * np.sqrt(len(y)), groups=groups.codes)
        found = model.fit(reml=True, method="powell", xtol=1e-8, ftol=1e-12)
    if not found.converged:
        raise MethodError(
            "associate_multilevel: restricted maximum likelihood did not converge. Leave terms out, or look for "
            "outliers in the outcome.",
            zh="associate_multilevel：限制性极大似然没有收敛。请减少模型中的项，或检查结果变量 'outcome' 的异常值。",
        )
    return float(found.cov_re[0, 0]) * spread**2, float(found.scale) * spread**2


def intraclass_interval(y: Floats, groups: Groups, level: float) -> tuple[float, float]:
    """Interval of the share of variance between groups, from the analysis of variance.

    The ratio of mean squares has an F distribution where the groups are of equal size; otherwise it is taken at
    the size n0 = (n - sum of squared sizes / n) / (groups - 1) [1]_. A lower end below 0 is 0; NaN where the
    upper one is, too, because the groups then differ less than chance makes them.

    References
    ----------
    .. [1] Donner, A. & Wells, G. (1986). A comparison of confidence interval methods for the intraclass
       correlation coefficient. Biometrics 42, 401-412.
    """
    from scipy.stats import f

    n, towns = len(y), len(groups.sizes)
    means = groups.sums(y[:, None])[:, 0] / groups.sizes
    between = (groups.sizes * (means - y.mean()) ** 2).sum() / (towns - 1)
    within = ((y - means[groups.codes]) ** 2).sum() / (n - towns)
    size = (n - (groups.sizes**2).sum() / n) / (towns - 1)
    tails = f.ppf([(1 + level) / 2, (1 - level) / 2], towns - 1, n - towns)
    low, high = (float((ratio - 1) / (ratio + size - 1)) for ratio in between / within / tails)
    return (max(low, 0.0), high) if high > 0 else (float("nan"), float("nan"))


def _inverse_times(values: Floats, groups: Groups, between: float, within: float) -> Floats:
    """V^-1 times some columns, V block by block `within` I + `between` J."""
    pull = between / (within * (within + groups.sizes * between))
    return values / within - (pull[:, None] * groups.sums(values))[groups.codes]


def fit_random_intercept(y: Floats, design: Floats, groups: Groups) -> Fit:
    """Fit y = design b + intercept of the group + rest.

    Degrees of freedom are Satterthwaite's with the expected information of REML [1]_; those of a column that is
    constant within groups are at most the number of groups less the number of such columns, which is exact for
    a balanced design.

    Parameters
    ----------
    y : array, shape (n,)
    design : array, shape (n, k)
        Full column rank, with its constant.
    groups : Groups

    References
    ----------
    .. [1] Fai, A. H.-T. & Cornelius, P. L. (1996). Approximate F-tests of multiple degree of freedom hypotheses
       in generalized least squares analyses of unbalanced split-plot experiments. J. Statistical Computation and
       Simulation 54, 363-378.
    """
    between, within = variances(y, design, groups)
    first = _inverse_times(design, groups, between, within)
    covariance = np.asarray(np.linalg.inv(design.T @ first), dtype=np.float64)
    estimates = covariance @ (first.T @ y)
    freedom = _satterthwaite(design, groups, between, within, covariance)
    means = groups.sums(design) / groups.sizes[:, None]
    constant = np.abs(design - means[groups.codes]).max(axis=0) <= 1e-9 * np.abs(design).max(axis=0)
    most = len(groups.sizes) - int(constant.sum())
    freedom[constant] = np.minimum(freedom[constant], most)
    return Fit(estimates, np.sqrt(np.diag(covariance)), freedom, between, within)


def _satterthwaite(design: Floats, groups: Groups, between: float, within: float, covariance: Floats) -> Floats:
    def solved(values: Floats) -> Floats:
        return _inverse_times(values, groups, between, within)

    once = solved(design)
    twice = solved(once)
    by_group = groups.sums(once)  # Z' V^-1 X
    slopes = [covariance @ (by_group.T @ by_group) @ covariance, covariance @ (once.T @ once) @ covariance]
    gradient = np.column_stack([np.diag(slope) for slope in slopes])
    sizes = groups.sizes
    diagonal = sizes / (within + sizes * between)  # Z' V^-1 Z
    middle = np.diag(diagonal) - by_group @ covariance @ by_group.T
    own = sizes / (within + sizes * between) ** 2  # Z' V^-2 Z
    cross = groups.sums(twice) @ covariance @ by_group.T
    around = np.diag(own) - cross - cross.T + by_group @ covariance @ (once.T @ once) @ covariance @ by_group.T
    trace = float((1 / (within + sizes * between) ** 2 + (sizes - 1) / within**2).sum())
    inner = covariance @ (once.T @ once)
    whole = trace - 2 * np.trace(covariance @ (once.T @ twice)) + np.trace(inner @ inner)
    information = 0.5 * np.array([[(middle**2).sum(), np.trace(around)], [np.trace(around), whole]])
    spread = np.einsum("ki,ij,kj->k", gradient, np.linalg.pinv(information), gradient)
    squared = np.diag(covariance) ** 2
    return np.divide(2 * squared, spread, out=np.full_like(spread, np.inf), where=spread > 0)


def cluster_bootstrap(
    y: Floats,
    design: Floats,
    groups: Groups,
    fit: Fit,
    *,
    draws: int,
    seed: int,
    level: float,
) -> tuple[Floats, Floats]:
    """Percentile intervals of the coefficients when whole groups are drawn with replacement.

    The ratio of the variances stays as fitted. Draws in which a column has no spread do not count; NaN where
    they are more than a tenth.
    """
    n_groups, k = len(groups.sizes), design.shape[1]
    weighted = _inverse_times(np.column_stack([design, y]), groups, fit.between, fit.within)
    squares = np.zeros((n_groups, k, k + 1))
    products = design[:, :, None] * weighted[:, None, :]
    np.add.at(squares, groups.codes, products)
    counts = np.random.default_rng(seed).multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=draws)
    sums = np.tensordot(counts.astype(float), squares, axes=1)
    left, right = sums[:, :, :k], sums[:, :, k:]
    scale = np.sqrt(np.maximum(np.einsum("bii->bi", left), 1e-300))
    scaled = left / (scale[:, :, None] * scale[:, None, :])
    usable = np.linalg.cond(scaled) < 1e10
    if usable.mean() < 0.9:
        return np.full(k, np.nan), np.full(k, np.nan)
    found = np.linalg.solve(scaled[usable], right[usable] / scale[usable][:, :, None])[:, :, 0] / scale[usable]
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high
