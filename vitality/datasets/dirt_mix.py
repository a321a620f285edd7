"""Dirt in a chosen amount and mix, to measure how much of it checking finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vitality.datasets.dirt import SPARED, Texts
from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh
from vitality.framework import Question

_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True)
class Fault:
    """One kind of dirt: the rule that has to find it, which cells it suits, and how it is written."""

    rule: str
    suits: Callable[[Question, float], bool]
    write: Callable[[Question, float], str]


def _count(low: float) -> Callable[[Question, float], bool]:
    return lambda question, value: question.kind == "count" and value >= low


def _numeral(question: Question, value: float) -> str:
    import cn2an

    return str(cn2an.an2cn(int(value)))


def _bounded(question: Question, value: float) -> bool:
    return question.maximum is not None and question.kind != "yesno"


def _required(question: Question, value: float) -> bool:
    return question.required and not question.only_if


FAULTS: dict[str, Fault] = {
    "full_width": Fault("reformatted", _count(10), lambda q, v: f"{v:.0f}".translate(_FULL_WIDTH)),
    "separator": Fault("reformatted", _count(1000), lambda q, v: f"{v:,.0f}"),
    "unit": Fault("reformatted", _count(3), lambda q, v: f"{v:.0f}{q.unit_zh}"),
    "numeral": Fault("reformatted", _count(3), _numeral),
    "invisible": Fault("reformatted", _count(0), lambda q, v: f"\u200b{v:.0f}"),
    "approximate": Fault("approximate", _count(20), lambda q, v: f"约{v:.0f}"),
    "range": Fault("approximate", _count(20), lambda q, v: f"{v - 2:.0f}-{v + 2:.0f}"),
    "none_is_zero": Fault("reformatted", lambda q, v: q.kind == "count" and v == 0, lambda q, v: "无"),
    "mark": Fault("reformatted", lambda q, v: q.kind == "yesno" and v == 1, lambda q, v: "√"),
    "text": Fault("unreadable", lambda q, v: q.kind != "yesno", lambda q, v: "见附件"),
    "error_value": Fault("unreadable", lambda q, v: True, lambda q, v: "#REF!"),
    "beyond": Fault("hard_limit", _bounded, lambda q, v: f"{float(q.maximum or 0) + 1:g}"),
    "negative": Fault("hard_limit", lambda q, v: q.kind == "count" and q.minimum is not None, lambda q, v: "-7"),
    "blank": Fault("missing", _required, lambda q, v: ""),
    "unknown": Fault("missing", _required, lambda q, v: "不详"),
}


def plant_mix(
    texts: Texts, answers: Mapping[str, pd.DataFrame], dirt: float | Mapping[str, int], *, rng: np.random.Generator
) -> None:
    """Plant faults: a share of the answered cells, evenly over all kinds, or a number of each kind.

    Raises
    ------
    MethodError
        If the share is not between 0 and 0.5, or a kind is unknown.
    """
    cells = _cells(texts, answers)
    order = rng.permutation(len(cells))
    numbers = _numbers(dirt, len(cells))
    taken = np.zeros(len(cells), dtype=bool)
    questions = texts.framework.questions
    for kind, number in numbers.items():
        fault, planted = FAULTS[kind], 0
        for place in order.tolist():
            if planted == number:
                break
            instrument, respondent, code, value = cells[place]
            if not taken[place] and fault.suits(questions[code], value):
                texts.plant(kind, fault.rule, instrument, respondent, code, fault.write(questions[code], value))
                taken[place] = True
                planted += 1


def _numbers(dirt: float | Mapping[str, int], cells: int) -> dict[str, int]:
    if isinstance(dirt, Mapping):
        unknown = [kind for kind in dirt if kind not in FAULTS]
        if unknown:
            raise MethodError(
                f"dirt: unknown kind {some(unknown)}.{did_you_mean(unknown[0], FAULTS)} "
                f"Known are {some(FAULTS, limit=20)}.",
                zh=f"dirt：没有 {some_zh(unknown)} 这种差错。{meant_zh(unknown[0], FAULTS)}"
                f"可用：{some_zh(FAULTS, limit=20)}。",
            )
        return {kind: int(number) for kind, number in dirt.items()}
    if not 0 <= dirt <= 0.5:
        raise MethodError(
            f"dirt: found {dirt:g}; expected a share of cells from 0 to 0.5, True, False, or numbers by kind.",
            zh=f"dirt：{dirt:g} 不可用；应为 0 到 0.5 的比例、True、False，或各种差错的数目。",
        )
    return dict.fromkeys(FAULTS, round(dirt * cells / len(FAULTS)))


def _cells(texts: Texts, answers: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str, float]]:
    """Every answered cell of a number or a yes/no: instrument, respondent, question, value."""
    found = []
    for instrument in texts.framework.instruments:
        table = answers.get(instrument.code)
        if table is None:
            continue
        codes = [c for c in instrument.question_codes if c not in SPARED and table[c].dtype == np.float64]
        for respondent, values in zip(table.index, table[codes].to_numpy()):
            found += [
                (instrument.code, str(respondent), code, float(value))
                for code, value in zip(codes, values)
                if np.isfinite(value)
            ]
    return found
