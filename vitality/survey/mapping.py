"""Mapping files: which column or row of a workbook that a town made itself is which question."""

from __future__ import annotations

import fnmatch
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from vitality.errors import SurveyError, did_you_mean, meant_zh, some, some_zh
from vitality.framework import Framework

MAPPING_FILE = "mapping.yaml"
#: Line of each key of each mapping, from 1; "" is the mapping itself.
Lines = list[dict[str, int]]
#: What each key expects, in Chinese and in English.
_EXPECTED = {
    "files": ("文件名或其样式，如 o_*统计表*.xlsx", "a file name or a pattern such as o_*.xlsx"),
    "instrument": ("资料代码，如 t 或 o", "the code of an instrument, such as t or o"),
    "sheet": ("工作表名称", "the name of a sheet"),
    "direction": ("columns（一题一列）或 rows（一题一行）", "columns (a question a column) or rows (a question a row)"),
    "head": (
        "表头的首行和末行，如 [2, 3]（rows 时为标签的首列和末列）",
        "the first and the last row of the head, such as [2, 3] (of the labels: columns)",
    ),
    "answers": ("答案所在列的序号，从1起", "the number of the column with the answers, from 1"),
    "unit": (
        "“column 表头”、“cell B2”、“file”（文件名）或“sheet”（工作表名）",
        "'column <head>', 'cell B2', 'file' or 'sheet'",
    ),
    "questions": ("题目代码与表头的对照，如 t01: 人口数", "question codes with their heads, such as t01: population"),
}  # fmt: skip


class FileMapping(BaseModel):
    """How some files of one instrument are laid out.

    Attributes
    ----------
    files : str
        Pattern of file names in ``raw``, such as ``o_*统计表*.xlsx``.
    instrument : str
        Code of the instrument.
    sheet : str, optional
        Name of the sheet; by default every sheet in which the head is found.
    direction : {"columns", "rows"}
        ``columns``: one respondent a row, a question is a column; ``rows``: one question a row.
    head : (int, int)
        First and last row of the head (``columns``), or first and last column of the labels (``rows``), from 1.
    answers : int, optional
        Column of the answers (``rows``), from 1.
    unit : str
        Where the unit is named: ``column <head>``, ``cell B2``, ``file`` (in its name) or ``sheet``.
    questions : dict
        Question code -> text of the head, its levels joined by `` / ``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: str
    instrument: str
    sheet: str | None = None
    direction: Literal["columns", "rows"] = "columns"
    head: tuple[int, int] = (1, 1)
    answers: int | None = Field(default=None, ge=1)
    unit: str = "file"
    questions: dict[str, str] = Field(min_length=1)

    @field_validator("head")
    @classmethod
    def _head(cls, value: tuple[int, int]) -> tuple[int, int]:
        if not 1 <= value[0] <= value[1]:
            raise ValueError("expected the first and the last row of the head, from 1")
        return value

    @field_validator("unit")
    @classmethod
    def _unit(cls, value: str) -> str:
        if value.split(" ", 1)[0] not in ("column", "cell", "file", "sheet"):
            raise ValueError("expected 'column <head>', 'cell B2', 'file' or 'sheet'")
        return value

    def fits(self, file: str, instrument: str) -> bool:
        """Whether this mapping is for a file of an instrument."""
        return instrument == self.instrument and fnmatch.fnmatch(file, self.files)


def read_mappings(folder: Path, framework: Framework) -> tuple[FileMapping, ...]:
    """Read ``mapping.yaml`` of a round folder; none when there is no such file.

    Raises
    ------
    SurveyError
        If it is no YAML, has an unknown key, or names an instrument or a question that the framework has not.
    """
    path = folder / MAPPING_FILE
    if not path.is_file():
        return ()
    content, lines = _content(path)
    if not isinstance(content, list):
        raise SurveyError(
            f"{path}: found {type(content).__name__}; expected a list of mappings, each with 'files', 'instrument' and "
            "'questions'. `vitality check --suggest-mapping` writes one.",
            zh=f"{path}：应为列表，每项有 files、instrument 和 questions；可用 vitality check --suggest-mapping 生成。",
        )
    found = []
    for number, item in enumerate(content):
        try:
            found.append(FileMapping.model_validate(item))
        except ValidationError as problem:
            raise _unusable(path, number, lines, problem) from None
        _require_known(path, number, lines, found[-1], framework)
    return tuple(found)


def _content(path: Path) -> tuple[Any, Lines]:
    """What the file says, and in which line each of its keys stands."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return yaml.safe_load(text) or [], _lines(yaml.compose(text, yaml.SafeLoader))
    except UnicodeDecodeError:
        raise SurveyError(
            f"{path}: not written in UTF-8. Save it again with the encoding UTF-8.",
            zh=f"{path} 不是 UTF-8 编码，请用记事本另存为 UTF-8 编码。",
        ) from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        written = [*text.splitlines(), ""][line - 1 : line] or [""]
        raise SurveyError(
            f"{path}, line {line}: this is no YAML; found {written[0].strip()!r}. Expected 'key: value'; check "
            "quotation marks, brackets, the space behind the colon and the indent, here and in the line above.",
            zh=f"{path} 第{line}行不是有效的 YAML：{written[0].strip()!r}。应为“键: 值”的形式；"
            "请检查该行及上一行的引号、括号、冒号后的空格和缩进。",
        ) from None


def _lines(node: yaml.Node | None) -> Lines:
    """Line of each mapping, under "", and of each of its keys."""
    return [
        {"": item.start_mark.line + 1}
        | ({key.value: key.start_mark.line + 1 for key, _ in item.value} if isinstance(item, yaml.MappingNode) else {})
        for item in (node.value if isinstance(node, yaml.SequenceNode) else ())
    ]


def _where(path: Path, number: int, lines: Lines, key: str = "") -> tuple[str, str]:
    line = lines[number].get(key, lines[number][""])
    return f"{path}, mapping {number + 1}, line {line}", f"{path} 第{number + 1}项（第{line}行）"


def _unusable(path: Path, number: int, lines: Lines, problem: ValidationError) -> SurveyError:
    keys = list(FileMapping.model_fields)
    english, chinese = [], []
    for item in problem.errors():
        key = str(item["loc"][0]) if item["loc"] else ""
        wanted = _EXPECTED.get(key, ("若干“键: 值”，如 files: o_*.xlsx", "keys such as files: o_*.xlsx"))
        if item["type"] == "extra_forbidden":
            english.append(f"unknown key {key!r}.{did_you_mean(key, keys)} Known are {some(keys, limit=10)}.")
            chinese.append(f"没有 {key!r} 这一项。{meant_zh(key, keys)}可用：{some_zh(keys, limit=10)}。")
        elif item["type"] == "missing":
            english.append(f"no {key!r}; expected {wanted[1]}.")
            chinese.append(f"缺少 {key}，应为{wanted[0]}。")
        else:
            english.append(f"{key}: found {item['input']!r}, expected {wanted[1]}.".removeprefix(": "))
            chinese.append(f"{key}：现为 {item['input']!r}，应为{wanted[0]}。".removeprefix("："))
    places = [str(item["loc"][0]) for item in problem.errors() if item["loc"]]
    where, where_zh = _where(path, number, lines, next((key for key in places if key in lines[number]), ""))
    return SurveyError(f"{where}: {' '.join(english)}", zh=f"{where_zh}有误：{''.join(chinese)}")


def _require_known(path: Path, number: int, lines: Lines, mapping: FileMapping, framework: Framework) -> None:
    instruments = {form.code: form for form in framework.instruments}
    if mapping.instrument not in instruments:
        where, where_zh = _where(path, number, lines, "instrument")
        raise SurveyError(
            f"{where}: unknown instrument {mapping.instrument!r}."
            f"{did_you_mean(mapping.instrument, instruments)} Known are {some(instruments, limit=9)}.",
            zh=f"{where_zh}：没有 {mapping.instrument!r} 这种资料。可用：{some_zh(instruments, limit=9)}。",
        )
    codes = instruments[mapping.instrument].question_codes
    unknown = [code for code in mapping.questions if code not in codes]
    if unknown:
        where, where_zh = _where(path, number, lines, "questions")
        raise SurveyError(
            f"{where}: unknown question {some(unknown)}.{did_you_mean(unknown[0], codes)} "
            f"Known are {some(codes, limit=9)}.",
            zh=f"{where_zh}：没有题目 {some_zh(unknown)}。{meant_zh(unknown[0], codes)}"
            f"可用：{some_zh(codes, limit=9)}。",
        )
    if mapping.direction == "rows" and mapping.answers is None:
        where, where_zh = _where(path, number, lines)
        raise SurveyError(
            f"{where}: direction 'rows' needs 'answers', the number of the column with the answers.",
            zh=f"{where_zh}：direction 为 rows 时须有 answers（答案所在列的序号）。",
        )
