"""A framework and round folders small enough to check by hand."""

import csv
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

from vitality.framework import read_framework
from vitality.survey.form_sheets import Heading
from vitality.survey.forms import write_instrument

SMALL = Path(__file__).parent / "small_framework.yaml"

TOWN = {
    "t1": "50000", "t2": "9", "t3": "3", "t4": "2", "t5": "1", "t6": "12.5", "t7": "8", "t8": "是",
    "t9": "镇", "t10": "东区",
}  # fmt: skip
ORGANISATIONS = (
    {"o1": "甲站", "o2": "站", "o3": "10", "o4": "5", "o5": "4"},
    {"o1": "乙校", "o2": "校", "o3": "30", "o4": "6"},
)
RESIDENTS = (("是", "急救┋献血", "5"), ("是", "说不出", "3"), ("否", "说不出", "4"))


def small():
    return read_framework(SMALL)


def write_town(folder, name="甲镇", **answers):
    framework = small()
    path = folder / "raw" / f"t_{name}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    heading = Heading(unit=name, round="2024")
    return write_instrument(framework, framework.instrument("t"), path, heading, answers={**TOWN, **answers})


def write_organisations(folder, name="甲镇", rows=ORGANISATIONS):
    framework = small()
    path = folder / "raw" / f"o_{name}.xlsx"
    return write_instrument(framework, framework.instrument("o"), path, Heading(unit=name, round="2024"), answers=rows)


def write_residents(folder, rows=None, *, head=None, encoding="utf-8-sig"):
    head = head or [
        "序号",
        "所用时间",
        "1、所在街镇",
        "2、知道红十字会吗？",
        "3、能说出哪些服务？",
        "4、信任程度",
    ]
    rows = [["甲镇", *row] for row in RESIDENTS] if rows is None else rows
    with (folder / "raw" / "m_2024.csv").open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([number, "99秒", *row] for number, row in enumerate(rows, start=1))


def write_small_round(folder):
    for name in ("甲镇", "乙镇"):
        write_town(folder, name)
        write_organisations(folder, name)
    write_residents(folder, [[name, *row] for name in ("甲镇", "乙镇") for row in RESIDENTS])
    return folder


def rewritten(path, change, part="xl/worksheets/sheet1.xml"):
    """Change the text of one part of a workbook."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    new = change(parts[part].decode())
    assert new != parts[part].decode()
    parts[part] = new.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def in_a_process(code):
    """Run code in a process of its own: what it holds would end this one."""
    return subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True)
