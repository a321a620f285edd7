"""Refusals of the index that more than one place gives, or that need some building."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from vitality.errors import MethodError, some_zh

__all__ = ["faults_zh", "unfit_options", "unfit_thresholds"]

#: What pydantic finds in an option -> what was expected; places of its context in braces.
_EXPECTED = {
    "bool": " True 或 False",
    "dict": "字典",
    "finite": "有限的数",
    "float": "数字",
    "int": "整数",
    "literal": "这些选项之一：{expected}",
    "string": "文字",
    "tuple": "一列值，如 (0, 1)",
    "missing": "个数相符的一列值",
    "too": "个数相符的一列值",
}


def faults_zh(faults: Mapping[str, Iterable[object]]) -> str:
    """Join the faults that there are, each with its values, for a Chinese message.

    Examples
    --------
    >>> faults_zh({"缺少": ["A11", "A12"], "未知": [], "重复": ["B11"]})
    "缺少 'A11'、'A12'；重复 'B11'"
    """
    return "；".join(f"{name} {values}" for name, found in faults.items() if (values := some_zh(found)))


def unfit_options(error: ValidationError) -> MethodError:
    """Say for each option of a `Method` what pydantic found wrong with it."""
    found, found_zh = [], []
    for detail in error.errors():
        here = f"{'.'.join(map(str, detail['loc']))}={detail['input']!r}"
        expected = _EXPECTED.get(detail["type"].split("_")[0], "此选项可用的值").format(**detail.get("ctx", {}))
        found.append(f"{here}: {detail['msg']}")
        found_zh.append(f"{here}，应为{expected}")
    return MethodError("Method: " + "; ".join(found) + ".", zh="Method：" + "；".join(found_zh) + "。")


def unfit_thresholds(skewness: float, kurtosis: float, maximum: float, *, where: str = "") -> MethodError:
    """Say that the thresholds of the treatment of outliers are out of range."""
    found = f"skewness={skewness!r}, kurtosis={kurtosis!r}, maximum={maximum!r}"
    return MethodError(
        f"{where}{': ' if where else ''}{found}; expected thresholds above 0 and at least one value that may be moved.",
        zh=f"{where}{'：' if where else ''}{found.replace(', ', '，')}；两个阈值应大于 0，至少允许移动 1 个值。",
    )
