"""The round folder: where it is, and what its ``round.yaml`` says."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from vitality.errors import SurveyError, did_you_mean, meant_zh, some, some_zh
from vitality.framework import Framework, Instrument, Lang, read_framework
from vitality.survey.naming import tidy

SETTINGS_FILE = "round.yaml"
RAW_FOLDER = "raw"
_MARKS = ("SIMULATED", "SYNTHETIC")


#: What each key of ``round.yaml`` expects, in Chinese.
_EXPECTED = {
    "simulated": " true 或 false", "seed": "整数", "units": "单位名单（名称，或 name 和 group）",
    "aliases": "“写法: 单位”的对照",
}  # fmt: skip


class RoundSettings(BaseModel):
    """What ``round.yaml`` says; every key is optional.

    Attributes
    ----------
    round : str
        Name of the round, such as ``2024``; by default the name of the folder.
    framework : str
        Bundled name, or the path of a framework file, relative to the round folder.
    simulated : bool
        Whether the answers were made by a program; always so where the name of a file in ``raw`` says it.
    units : dict
        Units that are expected -> name of their group (district), which may be empty.
    aliases : dict
        Other ways to write a unit, such as its old name -> the unit.
    previous : str, optional
        Folder of the round before, relative to this one, such as ``../2023``: large changes since are asked about.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    round: str
    framework: str = "redcross"
    simulated: bool = False
    title_zh: str = ""
    title_en: str = ""
    source: str = ""
    seed: int | None = None
    units: dict[str, str] = Field(default_factory=dict)
    aliases: dict[str, str] = Field(default_factory=dict)
    previous: str | None = None

    @field_validator("units", mode="before")
    @classmethod
    def _units(cls, value: object) -> object:
        """Take a list of names, a list of {name, group}, or a mapping name -> group."""
        pairs: list[tuple[object, object]] = []
        if isinstance(value, Mapping):
            pairs = list(value.items())
        elif isinstance(value, list):
            for item in value:
                entry = item if isinstance(item, dict) else {"name": item}
                if "name" not in entry or set(entry) - {"name", "group"}:
                    raise ValueError(f"expected a name, or name and group; found {item!r}")
                pairs.append((entry["name"], entry.get("group")))
        else:
            raise ValueError("expected a list of units")
        return {tidy(name): tidy(group) for name, group in pairs}

    @field_validator("aliases")
    @classmethod
    def _aliases(cls, value: dict[str, str]) -> dict[str, str]:
        return {tidy(written): tidy(unit) for written, unit in value.items()}

    def title(self, lang: Lang = "zh") -> str:
        """Title of the round in the language asked for."""
        first, second = (self.title_zh, self.title_en) if lang == "zh" else (self.title_en, self.title_zh)
        return first or second or self.round


def find_round(folder: str | PathLike[str]) -> Path:
    """Find a round folder from a path, or from a path relative to the project.

    Parameters
    ----------
    folder : path
        Such as ``data/rounds/2024``. When it is not there, it is also looked for from the folders above
        the working directory, so that a notebook in ``notebooks/`` can name it in the same way.

    Raises
    ------
    SurveyError
        If there is no such folder; the near miss is offered.
    """
    given = Path(folder)
    places = [given] if given.is_absolute() else [base / given for base in (Path(), *Path.cwd().parents)]
    for place in places:
        if place.is_dir():
            return place
    siblings = next((place.parent for place in places if place.parent.is_dir()), Path())
    names = sorted(entry.name for entry in siblings.iterdir() if entry.is_dir()) if given.name else []
    raise SurveyError(
        f"round folder {str(given)!r}: there is no such folder.{did_you_mean(given.name, names)} "
        "Expected a folder with the returned forms in its subfolder 'raw'.",
        zh=f"找不到轮次文件夹 {str(given)!r}。{meant_zh(given.name, names)}"
        "应为一个文件夹，其子文件夹 'raw' 中放收回的填报表。",
    )


def latest_round(folder: str | PathLike[str] = "data/rounds") -> Path:
    """Find the latest round among the folders of `folder`: the one whose round name sorts last.

    Raises
    ------
    SurveyError
        If there is no folder with a subfolder ``raw`` in it.
    """
    rounds = [entry for entry in sorted(find_round(folder).iterdir()) if (entry / RAW_FOLDER).is_dir()]
    if not rounds:
        raise SurveyError(
            f"{folder}: no round in it. Expected folders such as 2024 with the returned forms in 'raw'; "
            "`vitality example` writes one.",
            zh=f"{folder} 里没有轮次。应有 2024 这样的文件夹，其 'raw' 中放收回的填报表；"
            "可用 vitality example 生成一个样例。",
        )
    return max(rounds, key=lambda entry: (round_settings(entry).round, entry.name))


def round_settings(folder: str | PathLike[str]) -> RoundSettings:
    """Read ``round.yaml`` of a round folder; what it does not say has a default.

    Raises
    ------
    SurveyError
        If the file is no YAML, or has an unknown key or an unusable value.
    """
    place = find_round(folder)
    path = place / SETTINGS_FILE
    content: Any = {}
    if path.is_file():
        try:
            content = yaml.safe_load(path.read_bytes()) or {}
        except (yaml.YAMLError, UnicodeDecodeError) as problem:
            raise SurveyError(
                f"{path}: this is no YAML ({problem}).", zh=f"{path} 不是有效的 YAML（{problem}）。"
            ) from None
    if not isinstance(content, dict):
        raise SurveyError(
            f"{path}: found {type(content).__name__}; expected keys such as 'framework'.",
            zh=f"{path}：内容应为键值，如 framework: redcross；现为 {type(content).__name__}。",
        )
    content.setdefault("round", place.resolve().name)
    if _made_by_a_program(place):
        content["simulated"] = True
    try:
        return RoundSettings.model_validate(content)
    except ValidationError as problem:
        english, chinese = _problems(problem)
        raise SurveyError(f"{path}: {english}", zh=f"{path} 有误：{chinese}") from None


def _made_by_a_program(place: Path) -> bool:
    """Whether a file says in its name that its answers are simulated: the label survives the loss of round.yaml."""
    raw = place / RAW_FOLDER
    return raw.is_dir() and any(mark in file.name.upper() for file in raw_files(place) for mark in _MARKS)


def _problems(error: ValidationError) -> tuple[str, str]:
    """What is wrong, in English and in Chinese."""
    keys = list(RoundSettings.model_fields)
    found, chinese = [], []
    for item in error.errors():
        key = str(item["loc"][0])
        if item["type"] == "extra_forbidden":
            found.append(f"unknown key {key!r}.{did_you_mean(key, keys)} Known are {some(keys, limit=12)}.")
            chinese.append(f"没有 {key!r} 这一项。{meant_zh(key, keys)}可用：{some_zh(keys, limit=12)}。")
        else:
            found.append(f"{key}: found {item['input']!r}, {item['msg']}.")
            chinese.append(f"{key}：{item['input']!r} 不可用，应为{_EXPECTED.get(key, '文字')}。")
    return " ".join(found), "".join(chinese)


def round_framework(folder: str | PathLike[str]) -> Framework:
    """Read the framework that a round names in its ``round.yaml``.

    Examples
    --------
    >>> round_framework("data/rounds/fdrs_2020")
    <Framework 'ifrc_fdrs' ...>
    """
    place = find_round(folder)
    name = round_settings(place).framework
    own = place / name
    return read_framework(own if own.is_file() else name)


def instrument_files(folder: Path, instrument: Instrument) -> tuple[Path, ...]:
    """Files of one instrument in the folder ``raw``: their names begin with its code and ``_``."""
    raw = folder / RAW_FOLDER
    if not raw.is_dir():
        return ()
    return tuple(file for file in raw_files(folder) if belongs(file, instrument.code))


def raw_files(folder: Path) -> tuple[Path, ...]:
    """Every file of the folder ``raw`` in the order of names, without lock and hidden files."""
    entries = sorted((folder / RAW_FOLDER).iterdir(), key=lambda entry: entry.name)
    return tuple(entry for entry in entries if entry.is_file() and not entry.name.startswith(("~$", ".")))


def nested_files(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Files in subfolders of ``raw``, which are not read, by the name of the subfolder."""
    found: dict[str, tuple[Path, ...]] = {}
    for entry in sorted((folder / RAW_FOLDER).iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and not entry.name.startswith("."):
            files = tuple(file for file in sorted(entry.rglob("*")) if file.is_file())
            found |= {entry.name: files} if files else {}
    return found


def belongs(file: Path, code: str) -> bool:
    """Whether a file belongs to the instrument with this code, by its name."""
    return file.stem.lower() == code.lower() or file.name.lower().startswith(f"{code.lower()}_")


def judgement_files(folder: str | PathLike[str], framework: Framework) -> tuple[Path, ...]:
    """Files of a round that hold experts' judgements; empty when there are none.

    Raises
    ------
    SurveyError
        If there is no such folder.
    """
    place = find_round(folder)
    return tuple(
        file
        for instrument in framework.instruments
        if instrument.layout == "judgements"
        for file in instrument_files(place, instrument)
        if file.suffix.lower() in (".xlsx", ".csv")
    )
