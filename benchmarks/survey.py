"""Measure a national round: 100,000 organisations x 60 questions as csv and as workbooks, and recovery of faults.

``python benchmarks/survey.py`` prints rows a second of reading, checking and cleaning, the peak of memory, and what
share of planted faults is found. Plain ``csv.reader`` over the same file stands beside it, so that machines can be
compared.
"""

from __future__ import annotations

import csv
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import yaml

ROWS, UNITS, PARTS = 100_000, 2_800, 4
ODD = ("约{n}", "{n}人", "{n:,}", "无", "", "见附件", "-", "十二")


def national_framework() -> dict[str, object]:
    """A framework with one list of 60 questions: 3 about the organisation, 50 counts, 5 yes/no, 2 amounts."""
    questions: list[dict[str, object]] = [
        {"code": "o1", "kind": "text", "text_zh": "组织名称"},
        {"code": "o2", "kind": "choice", "text_zh": "类型",
         "options": [{"code": "station", "zh": "服务站"}, {"code": "school", "zh": "学校"}]},
        {"code": "o3", "kind": "date", "text_zh": "成立日期", "required": False},
    ]  # fmt: skip
    for number in range(4, 54):
        questions.append({"code": f"o{number}", "kind": "count", "text_zh": f"第{number}项人数", "unit_zh": "人",
                          "minimum": 0, "maximum": 100000, "required": False})  # fmt: skip
    questions += [{"code": f"o{number}", "kind": "yesno", "text_zh": f"第{number}项有无"} for number in range(54, 59)]
    questions += [
        {"code": f"o{number}", "kind": "money", "text_zh": f"第{number}项经费", "unit_zh": "元", "minimum": 0}
        for number in (59, 60)
    ]
    leaf = {"code": "A", "name_zh": "甲", "measure": {"kind": "ratio", "numerator": ["o5"], "denominator": ["o4"]}}
    return {
        "name": "national", "title_zh": "全国轮次", "tree": {"code": "V", "name_zh": "活力", "children": [leaf]},
        "instruments": [{"code": "o", "name_zh": "组织名录", "respondent": "organisation", "layout": "list",
                         "questions": questions}],
    }  # fmt: skip


def national_rows(rng: np.random.Generator) -> Iterable[list[str]]:
    """Rows of organisations, two cells in a hundred written oddly."""
    yield ["序号", "街镇", *(f"o{number}" for number in range(1, 61))]
    counts = rng.integers(0, 5000, (ROWS, 50))
    odd = rng.random((ROWS, 50)) < 0.02
    ways = rng.integers(0, len(ODD), (ROWS, 50))
    for row in range(ROWS):
        cells = [
            ODD[ways[row, i]].format(n=int(counts[row, i])) if odd[row, i] else str(counts[row, i]) for i in range(50)
        ]
        head = [f"组织{row}", ("服务站", "学校")[row % 2], "2017-03-01"]
        unit = f"第{row % UNITS}街道"
        yield [str(row + 1), unit, *head, *cells, *(["是", "否"] * 3)[:5], "12000", "3500.5"]


def write_national(folder: Path, ending: str) -> Path:
    """Write a round folder of `ROWS` organisations as one csv or as `PARTS` workbooks."""
    (folder / "raw").mkdir(parents=True)
    (folder / "framework.yaml").write_text(yaml.safe_dump(national_framework(), allow_unicode=True), encoding="utf-8")
    units = [f"第{number}街道" for number in range(UNITS)]
    text = yaml.safe_dump({"round": "2024", "framework": "framework.yaml", "units": units}, allow_unicode=True)
    (folder / "round.yaml").write_text(text, encoding="utf-8")
    rows = list(national_rows(np.random.default_rng(1)))
    if ending == "csv":
        with (folder / "raw" / "o_all.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return folder
    from openpyxl import Workbook

    size = ROWS // PARTS
    for part in range(PARTS):
        book = Workbook(write_only=True)
        sheet = book.create_sheet("名录")
        for row in (rows[0], *rows[1 + part * size : 1 + (part + 1) * size]):
            sheet.append(row)
        book.save(folder / "raw" / f"o_part{part}.xlsx")
    return folder


def clean_national(folder: str) -> dict[str, float]:
    """Read, check and clean one round; processor seconds of each step and the peak of memory of this process in GB."""
    from vitality.framework import read_framework
    from vitality.survey import clean_round, read_round

    framework = read_framework(Path(folder) / "framework.yaml")
    clock = time.perf_counter()
    start = time.process_time()
    raw = read_round(folder, framework)
    read = time.process_time() - start
    survey = clean_round(raw, framework)
    total = time.process_time() - start
    elapsed = time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"read": read, "check and clean": total - read, "rows a second": ROWS / total, "elapsed": elapsed,
            "peak GB": peak, "findings": len(survey.issues), "changes": len(survey.changes)}  # fmt: skip


def plain_csv(folder: str) -> dict[str, float]:
    """The floor: the rows of the same file as lists of text."""
    start = time.process_time()
    with (Path(folder) / "raw" / "o_all.csv").open(encoding="utf-8", newline="") as file:
        rows = len(list(csv.reader(file)))
    return {"rows a second": rows / (time.process_time() - start)}


def alone(work: Callable[[str], dict[str, float]], folder: Path) -> dict[str, float]:
    """Run in a process of its own, so that memory is that of the work."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (str(folder),))


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        for ending in sys.argv[1:] or ("csv", "xlsx"):
            folder = write_national(Path(home) / ending, ending)
            if ending == "csv":
                print("plain csv.reader", alone(plain_csv, folder))
            for _ in range(3):
                print(ending, {name: round(value, 2) for name, value in alone(clean_national, folder).items()})


if __name__ == "__main__":
    main()
