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
    try:
        content: Any = yaml.safe_load(path.read_bytes()) or []
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise SurveyError(
            f"{path}: this is no YAML ({problem}).", zh=f"{path} 不是有效的 YAML（{problem}）。"
        ) from None
    if not isinstance(content, list):
        raise SurveyError(
            f"{path}: found {type(content).__name__}; expected a list of mappings, each with 'files', 'instrument' and "
            "'questions'. `vitality check --suggest-mapping` writes one.",
            zh=f"{path}：应为列表，每项有 files、instrument 和 questions；可用 vitality check --suggest-mapping 生成。",
        )
    found = []
    for number, item in enumerate(content, start=1):
        try:
            found.append(FileMapping.model_validate(item))
        except ValidationError as problem:
            raise _unusable(path, number, problem) from None
        _require_known(path, number, found[-1], framework)
    return tuple(found)


def _unusable(path: Path, number: int, problem: ValidationError) -> SurveyError:
    keys = list(FileMapping.model_fields)
    english, chinese = [], []
    for item in problem.errors():
        key = str(item["loc"][0]) if item["loc"] else "?"
        if item["type"] == "extra_forbidden":
            english.append(f"unknown key {key!r}.{did_you_mean(key, keys)} Known are {some(keys, limit=10)}.")
            chinese.append(f"没有 {key!r} 这一项。{meant_zh(key, keys)}可用：{some_zh(keys, limit=10)}。")
        else:
            english.append(f"{key}: found {item['input']!r}, {item['msg']}.")
            chinese.append(f"{key}：{item['input']!r} 不可用（{item['msg']}）。")
    return SurveyError(
        f"{path}, mapping {number}: {' '.join(english)}", zh=f"{path} 第{number}项有误：{''.join(chinese)}"
    )


def _require_known(path: Path, number: int, mapping: FileMapping, framework: Framework) -> None:
    instruments = {form.code: form for form in framework.instruments}
    if mapping.instrument not in instruments:
        raise SurveyError(
            f"{path}, mapping {number}: unknown instrument {mapping.instrument!r}."
            f"{did_you_mean(mapping.instrument, instruments)} Known are {some(instruments, limit=9)}.",
            zh=f"{path} 第{number}项：没有 {mapping.instrument!r} 这种资料。可用：{some_zh(instruments, limit=9)}。",
        )
    codes = instruments[mapping.instrument].question_codes
    unknown = [code for code in mapping.questions if code not in codes]
    if unknown:
        raise SurveyError(
            f"{path}, mapping {number}: unknown question {some(unknown)}.{did_you_mean(unknown[0], codes)}",
            zh=f"{path} 第{number}项：没有题目 {some_zh(unknown)}。{meant_zh(unknown[0], codes)}",
        )
    if mapping.direction == "rows" and mapping.answers is None:
        raise SurveyError(
            f"{path}, mapping {number}: direction 'rows' needs 'answers', the number of the column with the answers.",
            zh=f"{path} 第{number}项：direction 为 rows 时须有 answers（答案所在列的序号）。",
        )
