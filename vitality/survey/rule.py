"""`Rule`: how grave a finding is and what it says, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "query", "note"]


@dataclass(frozen=True)
class Rule:
    """One rule: how grave it is, its name, what it says and what it asks for, as (Chinese, English)."""

    severity: Severity
    name: tuple[str, str]
    message: tuple[str, str]
    action: tuple[str, str]


#: What is asked for, where several rules ask for the same.
CORRECT = (
    "请填报单位核实，改正原表或在 corrections.csv 中更正；更正前该值不使用。",
    "Ask the unit; mend the form or add a row to corrections.csv. Until then the value is not used.",
)
CONFIRM = (
    "请填报单位确认；有误时在 corrections.csv 中更正。",
    "Ask the unit to confirm; mend it in corrections.csv if it is wrong.",
)
NOTHING = ("无需处理。", "Nothing to do.")
