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
FILL_IN = (
    "请填报单位补填；不补填则按缺失处理，不代为估计。",
    "Ask the unit for it; without it the value stays missing, nothing is filled in.",
)
EMPTY = (
    "请核对；不可信的答卷在 corrections.csv 中清空。",
    "Look into it; empty answers that cannot be trusted by corrections.csv.",
)
NOTHING = ("无需处理。", "Nothing to do.")

#: What is asked for in the workbook that goes back to the unit, which has no corrections.csv.
FOR_THE_UNIT = {
    CORRECT[0]: "请核实后在原格改正，或填在问题清单的“更正为”一栏。更正前该值不使用。",
    CORRECT[1]: "Please check, and mend the cell or fill in the correct value in the list of findings. "
    "Until then the value is not used.",
    CONFIRM[0]: "请确认；有误时在原格改正，或填在问题清单的“更正为”一栏，无误时在“说明”一栏注明。",
    CONFIRM[1]: "Please confirm; if it is wrong, mend the cell or fill in the correct value in the list of findings, "
    "if it is right, say so under Remark.",
    FILL_IN[0]: "请补填；没有数据时请在“说明”一栏注明。",
    FILL_IN[1]: "Please fill it in; if there is no figure, say so under Remark.",
    EMPTY[0]: "请核对访问记录，并在“说明”一栏注明结果。",
    EMPTY[1]: "Please look into the record of the interviews and say under Remark what you found.",
}
