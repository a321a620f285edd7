"""`Method`: every choice by which an index is made, as one frozen value that travels with its results."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from vitality.errors import MethodError, did_you_mean, some
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Lang

__all__ = ["DEFAULT_METHOD", "Aggregation", "Method", "mean_of_level"]

Imputation = Literal["none", "mean", "median", "group_mean", "group_median"]
Treatment_ = Literal["none", "winsorise"]
Normalisation = Literal["goalposts", "minmax", "zscore", "rank"]
Weighting = Literal["framework", "equal", "entropy"]
Aggregation = Literal["arithmetic", "geometric", "harmonic"]

#: Option -> its choices. `reference` may also be the name of a round, which only the matrix knows.
CHOICES: dict[str, tuple[str, ...]] = {
    "imputation": get_args(Imputation),
    "treatment": get_args(Treatment_),
    "normalisation": get_args(Normalisation),
    "weighting": get_args(Weighting),
}
REFERENCES = ("framework", "all", "each")


class Method(BaseModel):
    """Every choice of `build_index`; frozen, saved with the results, and able to say itself.

    Parameters
    ----------
    imputation : {"none", "mean", "median", "group_mean", "group_median"}
        What stands in for a missing value: nothing (the weights are spread over the observed siblings), or
        the mean or median of the units of the same round, or of the same round and group.
    group : str, optional
        Column of the units' attributes by which ``group_mean`` and ``group_median`` group.
    minimum_coverage : float
        Smallest share of its indicators, above 0 and up to 1, that a node needs observed to get a score.
    treatment : {"none", "winsorise"}
        What is done to outliers (see `treat`).
    normalisation : {"goalposts", "minmax", "zscore", "rank"}
        Where the worst and the best point of the scale come from (see `fit_scale`).
    reference : {"framework", "all", "each"} or a round
        What the scale is taken from. ``framework``: the goalposts of the framework; a normalisation that
        draws its points from the data then takes all rounds together, like ``all``. ``each``: every round
        for itself, so that rounds cannot be compared. The name of a round: that round for all of them.
    weighting : {"framework", "equal", "entropy"}
        Weights of the framework, equal weights among siblings, or entropy weights of the normalised matrix.
    aggregation : {"arithmetic", "geometric", "harmonic"} or mapping
        The mean by which children make their parent: one for all, or by the level of the parent
        (``{"index": "geometric", "dimension": "arithmetic"}``; a level left out is arithmetic).
    floor : float
        Lowest value, 0 to 100, that a geometric or harmonic mean takes in; lower ones are raised to it,
        because one zero would make the whole mean zero.

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
    treatment: Treatment_ = "none"
    normalisation: Normalisation = "goalposts"
    reference: str = "framework"
    weighting: Weighting = "framework"
    aggregation: Aggregation | dict[str, Aggregation] = "arithmetic"
    floor: float = 1.0

    def __init__(self, **options: Any) -> None:
        _check_options(options, known=tuple(type(self).model_fields))
        try:
            super().__init__(**options)
        except ValidationError as error:
            found = [f"{'.'.join(map(str, e['loc']))}={e['input']!r}: {e['msg']}" for e in error.errors()]
            raise MethodError("Method: " + "; ".join(found) + ".") from None
        _check_together(self)

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
        text = yaml.safe_dump(self.model_dump(), sort_keys=False, allow_unicode=True)
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
            raise MethodError(f"{where}: not YAML: {' '.join(str(error).split())}") from None
        if not isinstance(content, dict):
            raise MethodError(f"{where}: found {type(content).__name__}; expected lines such as 'weighting: entropy'.")
        return cls(**{str(key): value for key, value in content.items()})


def mean_of_level(aggregation: str | Mapping[str, str], level: str) -> str:
    """Name of the mean that makes a node of this level from its children."""
    return aggregation if isinstance(aggregation, str) else aggregation.get(level, "arithmetic")


def _check_options(options: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in options:
        if name not in known:
            raise MethodError(
                f"Method has no option {name!r}.{did_you_mean(name, known)} Its options are {some(known, limit=12)}."
            )
    for name, choices in CHOICES.items():
        if name in options:
            choose(name, options[name], choices)
    aggregation = options.get("aggregation", "arithmetic")
    if isinstance(aggregation, Mapping):
        for level, mean in aggregation.items():
            choose(f"aggregation[{level!r}]", mean, get_args(Aggregation))
    else:
        choose("aggregation", aggregation, get_args(Aggregation))


def _check_together(method: Method) -> None:
    if not 0 < method.minimum_coverage <= 1:
        raise MethodError(f"minimum_coverage={method.minimum_coverage!r}; expected a share above 0 and up to 1.")
    if not 0 <= method.floor < 100:
        raise MethodError(f"floor={method.floor!r}; expected a value from 0 to below 100, such as 1.")
    if method.imputation.startswith("group") and method.group is None:
        raise MethodError(
            f"imputation={method.imputation!r} needs group=, the column of the units' attributes to group by."
        )
    if method.normalisation == "goalposts" and method.reference != "framework":
        raise MethodError(
            "normalisation='goalposts' takes its points from the framework, and "
            f"reference={method.reference!r} does not go with "
            f"it.{did_you_mean(method.reference, REFERENCES[:1])} Leave reference='framework', or "
            "choose another normalisation."
        )


def _text_of(source: str | PathLike[str]) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return "method", source
    path = Path(source)
    if not path.is_file():
        raise MethodError(f"{path}: no such file; expected a YAML file with the options of a method.")
    return path.name, path.read_text(encoding="utf-8")


DEFAULT_METHOD = Method()
