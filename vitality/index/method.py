"""`Method`: every choice by which an index is made, as one frozen value that travels with its results."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh
from vitality.index.messages import unfit_options
from vitality.index.method_checks import check_together
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Lang

__all__ = ["DEFAULT_METHOD", "Aggregation", "Method", "mean_of_level"]

Imputation = Literal["none", "mean", "median", "group_mean", "group_median", "last_round", "linear"]
Treatment_ = Literal["none", "winsorise", "log", "winsorise_log"]
Normalisation = Literal[
    "goalposts",
    "minmax",
    "zscore",
    "rank",
    "percentile",
    "borda",
    "distance_to_maximum",
    "distance_to_reference",
    "distance_to_target",
]
Weighting = Literal["framework", "equal", "entropy"]
Aggregation = Literal[
    "arithmetic",
    "geometric",
    "harmonic",
    "power",
    "mpi",
    "adjusted_mpi",
    "mean_min",
    "copeland",
    "topsis",
    "benefit_of_the_doubt",
]

#: Option -> its choices. `reference` may also be the name of a round, which only the matrix knows.
CHOICES: dict[str, tuple[str, ...]] = {
    "imputation": get_args(Imputation),
    "treatment": get_args(Treatment_),
    "normalisation": get_args(Normalisation),
    "weighting": get_args(Weighting),
    "penalty": ("negative", "positive"),
    "outranking": ("share", "majority"),
}
REFERENCES = ("framework", "all", "each")


class Method(BaseModel):
    """Every choice of `build_index`; frozen, saved with the results, and able to say itself.

    Parameters
    ----------
    imputation : {"none", "mean", "median", "group_mean", "group_median", "last_round", "linear"}
        What stands in for a missing value: nothing (the weights are spread over the observed siblings), the
        mean or median of the units of the same round, or of the same round and group, or the unit's own
        other rounds (see `impute`).
    group : str, optional
        Column of the units' attributes by which ``group_mean`` and ``group_median`` group.
    minimum_coverage : float
        Smallest share of its indicators, above 0 and up to 1, that a node needs observed to get a score.
    maximum_zeros : float
        Largest share of zeros, 0 to 1, among the observed values of a unit that gets an index (see `screen`).
    treatment : {"none", "winsorise", "log", "winsorise_log"}
        What is done to outliers; the last one takes logarithms where winsorising is not enough (see `treat`).
    skewness, kurtosis, maximum : float, float, int
        Thresholds of the treatment, and the values that may be moved.
    treatment_of : mapping
        Indicator -> its own treatment in place of `treatment`.
    normalisation : {"goalposts", "minmax", "zscore", "rank", "percentile", "borda", "distance_to_maximum", ...}
        Where the worst and the best point of the scale come from (see `fit_scale`), or which rank stands for
        the value (see `rank_scores`). The others are ``distance_to_reference`` and ``distance_to_target``.
    reference : {"framework", "all", "each"} or a round
        What the scale is taken from. ``framework``: the goalposts of the framework; a normalisation that
        draws its points from the data then takes all rounds together, like ``all``. ``each``: every round
        for itself, so that rounds cannot be compared. The name of a round: that round for all of them.
    reference_unit : str, optional
        The unit that scores 100 under ``distance_to_reference``.
    clip : bool
        Whether values beyond the scale count as its ends (0 and 100).
    weighting : {"framework", "equal", "entropy"}
        Weights of the framework, equal weights among siblings, or entropy weights of the normalised matrix.
    aggregation : {"arithmetic", "geometric", "harmonic", "power", "mpi", "adjusted_mpi", "mean_min", ...} or mapping
        How children make their parent: one for all, or by the level of the parent
        (``{"index": "geometric", "dimension": "arithmetic"}``; a level left out is arithmetic). The others
        are ``copeland``, ``topsis`` and ``benefit_of_the_doubt``; see `aggregate` for all of them.
    floor : float
        Lowest value, 0 to 100, that a geometric, harmonic or power mean takes in; lower ones are raised to
        it, because one zero would make the whole mean zero.
    power : float
        Exponent of the power mean, not 0; the lower, the less can be made up for.
    penalty : {"negative", "positive"}
        Whether imbalance lowers or raises a Mazziotta-Pareto index.
    alpha, beta : float
        Strength, 0 to 1, and smoothing, 0 or more points, of the penalty of ``mean_min``.
    outranking : {"share", "majority"}
        Whether Copeland sums the shares of weight by which a unit outranks the others, or counts majorities.
    bounds : tuple of two floats
        Smallest and largest share, 0 to 1, that a child may have in a benefit-of-the-doubt score.

    Raises
    ------
    MethodError
        If an option is unknown or not among its choices; the near miss is offered.

    Examples
    --------
    >>> Method(aggregation="geometric").floor
    1.0
    >>> Method(weighting="entropi")
    Traceback (most recent call last):
    ...
    vitality.errors.MethodError: weighting='entropi' is not a choice here. Did you mean 'entropy'? ...
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    imputation: Imputation = "none"
    group: str | None = None
    minimum_coverage: float = 2 / 3
    maximum_zeros: float = 1.0
    treatment: Treatment_ = "none"
    skewness: float = 2.0
    kurtosis: float = 3.5
    maximum: int = 5
    treatment_of: dict[str, Treatment_] = {}
    normalisation: Normalisation = "goalposts"
    reference: str = "framework"
    reference_unit: str | None = None
    clip: bool = True
    weighting: Weighting = "framework"
    aggregation: Aggregation | dict[str, Aggregation] = "arithmetic"
    floor: float = 1.0
    power: float = 0.5
    penalty: Literal["negative", "positive"] = "negative"
    alpha: float = 0.5
    beta: float = 0.0
    outranking: Literal["share", "majority"] = "share"
    bounds: tuple[float, float] = (0.0, 1.0)

    def __init__(self, **options: Any) -> None:
        _check_options(options, known=tuple(type(self).model_fields))
        try:
            super().__init__(**options)
        except ValidationError as error:
            raise unfit_options(error) from None
        check_together(self)

    @property
    def aggregations(self) -> tuple[str, ...]:
        """Names of the ways of aggregation that are used at some level."""
        chosen = self.aggregation
        return (chosen,) if isinstance(chosen, str) else tuple(dict.fromkeys(chosen.values()))

    def replace(self, **changes: Any) -> Method:
        """Give the same method with some options changed.

        Examples
        --------
        >>> Method(floor=2.0).replace(aggregation="geometric").floor
        2.0
        """
        return Method(**{**{name: getattr(self, name) for name in Method.model_fields}, **changes})

    def describe(self, lang: Lang = "zh") -> str:
        """Give the choices as one paragraph for the chapter on methods.

        Examples
        --------
        >>> Method().describe("en").startswith("Missing values are not filled in")
        True
        """
        from vitality.index.method_text import paragraph

        return paragraph(self, lang)

    def to_yaml(self, path: str | PathLike[str] | None = None) -> str:
        """Give the choices as YAML text, and write it to `path` if one is given.

        Examples
        --------
        >>> Method.from_yaml(Method(floor=2.0).to_yaml()) == Method(floor=2.0)
        True
        """
        text = yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8", newline="\n")
        return text

    @classmethod
    def from_yaml(cls, source: str | PathLike[str]) -> Method:
        """Read a method from a file, or from text of more than one line.

        Raises
        ------
        MethodError
            If the file is not there, is not YAML, or holds an option that does not exist.
        """
        where, text = _text_of(source)
        try:
            content = yaml.safe_load(text)
        except yaml.YAMLError as error:
            problem = " ".join(str(error).split())
            raise MethodError(
                f"{where}: not YAML: {problem}",
                zh=f"{where}：不是有效的 YAML（{problem}）。",
            ) from None
        if not isinstance(content, dict):
            raise MethodError(
                f"{where}: found {type(content).__name__}; expected lines such as 'weighting: entropy'.",
                zh=f"{where}：内容是 {type(content).__name__}，应为 'weighting: entropy' 这样的行。",
            )
        return cls(**{str(key): value for key, value in content.items()})


def mean_of_level(aggregation: str | Mapping[str, str], level: str) -> str:
    """Name of the way by which a node of this level is made from its children."""
    return aggregation if isinstance(aggregation, str) else aggregation.get(level, "arithmetic")


def _check_options(options: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in options:
        if name not in known:
            raise MethodError(
                f"Method has no option {name!r}.{did_you_mean(name, known)} Its options are {some(known, limit=30)}.",
                zh=f"Method 没有选项 {name!r}。{meant_zh(name, known)}可用的选项：{some_zh(known, limit=30)}。",
            )
    for name, choices in CHOICES.items():
        if name in options:
            choose(name, options[name], choices)
    for name, choices in (("aggregation", get_args(Aggregation)), ("treatment_of", CHOICES["treatment"])):
        value = options.get(name, {})
        if isinstance(value, Mapping):
            for key, choice in value.items():
                choose(f"{name}[{key!r}]", choice, choices)
        elif name == "aggregation":
            choose(name, value, choices)


def _text_of(source: str | PathLike[str]) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return "method", source
    path = Path(source)
    if not path.is_file():
        raise MethodError(
            f"{path}: no such file; expected a YAML file with the options of a method.",
            zh=f"找不到文件 {path}；应为写有方法选项的 YAML 文件。",
        )
    return path.name, path.read_text(encoding="utf-8")


DEFAULT_METHOD = Method()
