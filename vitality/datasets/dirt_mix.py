"""Dirt in a chosen amount and mix, to measure how much of it checking finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vitality.datasets.dirt import SPARED, Texts, list_again, misspell_unit
from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh
from vitality.framework import Question

_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True)
class Cell:
    """An answered cell: its question and value, the answer that is its whole, and whether it decides what is asked."""

    question: Question
    value: float
    whole: float = np.nan
    steers: bool = False


@dataclass(frozen=True)
class Fault:
    """One kind of dirt: the rule that has to find it, which cells it suits, and how it is written.

    `options` are faults of choices, all others are of numbers and yes/no; `anywhere` also suits the questions that are
    otherwise left alone; `most` is the largest share of the answers to one question that it may reach: a slip is seen
    against the other answers.
    """

    rule: str
    suits: Callable[[Cell], bool]
    write: Callable[[Cell], str]
    options: bool = False
    anywhere: bool = False
    most: float = 1.0


def _count(low: float) -> Callable[[Cell], bool]:
    return lambda cell: cell.question.kind == "count" and cell.value >= low


def _numeral(cell: Cell) -> str:
    import cn2an

    return str(cn2an.an2cn(int(cell.value)))


def _bounded(cell: Cell) -> bool:
    return cell.question.maximum is not None and cell.question.kind != "yesno"


def _required(cell: Cell) -> bool:
    return cell.question.required and not cell.question.only_if


def _slips(cell: Cell) -> bool:
    """An amount within the usual range that is beyond it when it is written in yuan."""
    low, high = cell.question.usual or (np.nan, np.nan)
    return cell.question.kind == "money" and low <= cell.value <= high < cell.value * 1e4


FAULTS: dict[str, Fault] = {
    "full_width": Fault("reformatted", _count(10), lambda cell: f"{cell.value:.0f}".translate(_FULL_WIDTH)),
    "separator": Fault("reformatted", _count(1000), lambda cell: f"{cell.value:,.0f}"),
    "unit": Fault("reformatted", _count(3), lambda cell: f"{cell.value:.0f}{cell.question.unit_zh}"),
    "numeral": Fault("reformatted", _count(3), _numeral),
    "invisible": Fault("reformatted", _count(0), lambda cell: f"\u200b{cell.value:.0f}"),
    "approximate": Fault("approximate", _count(20), lambda cell: f"约{cell.value:.0f}"),
    "range": Fault("approximate", _count(20), lambda cell: f"{cell.value - 2:.0f}-{cell.value + 2:.0f}"),
    "none_is_zero": Fault("reformatted", lambda c: c.question.kind == "count" and c.value == 0, lambda cell: "无"),
    "mark": Fault("reformatted", lambda cell: cell.question.kind == "yesno" and cell.value == 1, lambda cell: "√"),
    "text": Fault("unreadable", lambda cell: cell.question.kind != "yesno", lambda cell: "见附件"),
    "error_value": Fault("unreadable", lambda cell: True, lambda cell: "#REF!"),
    "beyond": Fault("hard_limit", _bounded, lambda cell: f"{float(cell.question.maximum or 0) + 1:g}"),
    "negative": Fault("hard_limit", lambda c: c.question.kind == "count" and c.question.minimum is not None,
                      lambda cell: "-7"),
    "blank": Fault("missing", _required, lambda cell: ""),
    "unknown": Fault("missing", _required, lambda cell: "不详"),
    "part_above_whole": Fault("part_of", lambda cell: bool(np.isfinite(cell.whole)),
                              lambda cell: f"{cell.whole + 5:.0f}"),
    "money_slip": Fault("money_slip", _slips, lambda cell: f"{cell.value * 1e4:.0f}", anywhere=True, most=0.25),
    "share_for_percent": Fault("share_for_percent", lambda c: c.question.kind == "percent" and 1 < c.value < 100,
                               lambda cell: f"{cell.value / 100:g}"),
    "wrong_option": Fault("unknown_option", lambda cell: not cell.steers, lambda cell: "情况特殊", options=True),
}  # fmt: skip
#: Faults of a whole row: an organisation listed twice, a respondent who writes the name of the town wrongly.
ROW_FAULTS = ("duplicate", "unknown_unit")
KINDS = (*FAULTS, *ROW_FAULTS)


def plant_mix(
    texts: Texts, answers: Mapping[str, pd.DataFrame], dirt: float | Mapping[str, int], *, rng: np.random.Generator
) -> None:
    """Plant faults: a share of the answered cells, evenly over all kinds, or a number of each kind.

    Where fewer cells suit a kind, fewer are planted; of whole rows a tenth is planted when a share is given.

    Raises
    ------
    MethodError
        If the share is not between 0 and 0.5, or a kind is unknown.
    """
    numbers = _numbers(dirt, len(_cells(texts, answers)))
    _plant_rows(texts, numbers, rng)
    cells = _cells(texts, answers)
    places = {(respondent, cell.question.code): place for place, (_, respondent, cell) in enumerate(cells)}
    order = rng.permutation(len(cells)).tolist()
    taken = np.zeros(len(cells), dtype=bool)
    for kind, fault in FAULTS.items():
        planted = Counter[str]()
        for place in order:
            instrument, respondent, cell = cells[place]
            code = cell.question.code
            if planted.total() == numbers.get(kind, 0):
                break
            whole = places.get((respondent, cell.question.part_of or ""), place)
            free = not taken[place] and not taken[whole] and planted[code] < fault.most * len(answers[instrument])
            if free and _suits(fault, cell):
                texts.plant(kind, fault.rule, instrument, respondent, code, fault.write(cell))
                planted[code] += 1
                taken[place] = True
                taken[whole] |= kind == "part_above_whole"  # or what is wrong with it would hide this


def _suits(fault: Fault, cell: Cell) -> bool:
    options = cell.question.kind in ("choice", "multichoice")
    return options == fault.options and (fault.anywhere or cell.question.code not in SPARED) and fault.suits(cell)


def _plant_rows(texts: Texts, numbers: Mapping[str, int], rng: np.random.Generator) -> None:
    """Organisations that are listed twice, and respondents, of as many towns, who misspell their town."""
    forms = texts.framework.instruments
    listed = next((form for form in forms if form.layout == "list"), None)
    names = [question.code for question in listed.questions if question.kind == "text"] if listed else []
    if listed and names:
        respondents = rng.permutation(texts.tables[listed.code].index.to_numpy()).tolist()
        for respondent in respondents[: numbers.get("duplicate", 0)]:
            list_again(texts, listed.code, str(respondent), names[0])
    export = next((form.code for form in forms if form.layout == "export" and form.code in texts.units), None)
    if export is not None:
        units = texts.units[export]
        for town in rng.permutation(units.unique().astype(object)).tolist()[: numbers.get("unknown_unit", 0)]:
            respondent = str(rng.choice(units.index[units == town].to_numpy()))
            misspell_unit(texts, export, str(town), [respondent], named=respondent)


def _numbers(dirt: float | Mapping[str, int], cells: int) -> dict[str, int]:
    if isinstance(dirt, Mapping):
        unknown = [kind for kind in dirt if kind not in KINDS]
        if unknown:
            raise MethodError(
                f"dirt: unknown kind {some(unknown)}.{did_you_mean(unknown[0], KINDS)} "
                f"Known are {some(KINDS, limit=30)}.",
                zh=f"dirt：没有 {some_zh(unknown)} 这种差错。{meant_zh(unknown[0], KINDS)}"
                f"可用：{some_zh(KINDS, limit=30)}。",
            )
        return {kind: int(number) for kind, number in dirt.items()}
    if not 0 <= dirt <= 0.5:
        raise MethodError(
            f"dirt: found {dirt:g}; expected a share of cells from 0 to 0.5, True, False, or numbers by kind.",
            zh=f"dirt：{dirt:g} 不可用；应为 0 到 0.5 的比例、True、False，或各种差错的数目。",
        )
    each = round(dirt * cells / len(FAULTS))
    return {**dict.fromkeys(FAULTS, each), **dict.fromkeys(ROW_FAULTS, round(each / 10))}


def _cells(texts: Texts, answers: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, Cell]]:
    """Every answered cell of a number, a yes/no or a choice: instrument, respondent, cell."""
    found = []
    for instrument in texts.framework.instruments:
        table = answers.get(instrument.code)
        if table is None:
            continue
        table = table[~table.index.isin(texts.spared)]
        steering = {code for question in instrument.questions for code in question.only_if}
        for question in instrument.questions:
            if question.kind in ("text", "date"):
                continue
            whole = table[question.part_of] if question.part_of else pd.Series(np.nan, index=table.index)
            column = table[question.code]
            values = column if column.dtype == np.float64 else column.notna().astype(float).where(column.notna())
            found += [
                (instrument.code, str(respondent), Cell(question, float(value), float(of), question.code in steering))
                for respondent, value, of in zip(table.index, values, whole)
                if np.isfinite(value)
            ]
    return found
