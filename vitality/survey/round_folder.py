"""The clean part of a round folder: written once, reused while nothing has changed."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from vitality.errors import SurveyError, some
from vitality.framework import Framework, Lang
from vitality.framework.files import write_file
from vitality.survey.answers import typed_columns
from vitality.survey.cleaning import CHANGE_COLUMNS, CleanSurvey, clean_round
from vitality.survey.findings import ISSUE_COLUMNS
from vitality.survey.manifest import (
    CLEAN_FOLDER,
    MANIFEST_FILE,
    describe_inputs,
    differences,
    fingerprint,
    manifest_text,
    read_manifest,
)
from vitality.survey.reading import read_round
from vitality.survey.settings import RAW_FOLDER, find_round, round_settings
from vitality.survey.written_text import guarded_table, unguarded_table

#: Folders beside ``clean`` while it is swapped: the finished one, and the old one.
_NEW, _OLD = f".{CLEAN_FOLDER}-new-", f".{CLEAN_FOLDER}-old-"
#: Seconds that a run waits for another one.
_PATIENCE = 600.0
UNITS_FILE, ISSUES_FILE, CHANGES_FILE = "units.parquet", "issues.csv", "changes.csv"


def prepare_round(
    folder: str | PathLike[str],
    framework: Framework,
    *,
    lang: Lang | None = None,
    progress: Callable[[str, str], None] | None = None,
) -> CleanSurvey:
    """Give a round, clean: from its folder ``clean`` when nothing has changed since, else made anew.

    Parameters
    ----------
    folder : path
        The round folder.
    framework : Framework
    lang : {"zh", "en"}, optional
        Language of the messages in ``issues.csv``; by default the one that they were written in before, else Chinese.
    progress : callable, optional
        Called with a sentence in Chinese and in English that names the inputs that changed.

    Returns
    -------
    CleanSurvey

    Raises
    ------
    SurveyError
        What `read_round` and `clean_round` raise; the old clean tables then stay as they were.
    """
    place = find_round(folder)
    _put_right(place)
    changed = changed_inputs(place, framework, lang=lang)
    if not changed:
        return load_clean(place, framework)
    then = read_manifest(place)
    if progress is not None and then:
        progress(f"输入有变化：{_in_chinese(changed)}，重新清洗", f"inputs changed: {some(changed)}; cleaning again")
    own: Lang = lang or ("en" if then.get("lang") == "en" else "zh")
    inputs = describe_inputs(place, framework)  # before reading: what is replaced meanwhile is noticed the next time
    survey = clean_round(read_round(place, framework), framework, lang=own)
    try:
        write_clean(survey, place, framework, lang=own, inputs=inputs)
    except OSError as problem:
        if problem.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        if progress is not None:
            progress(f"{place} 只读，未保存清洗结果", f"{place} is read-only; the clean tables are not kept")
    return survey


def changed_inputs(folder: str | PathLike[str], framework: Framework, *, lang: Lang | None = None) -> tuple[str, ...]:
    """Name what changed since the clean tables of a round were written; empty when they can be reused.

    Parameters
    ----------
    folder : path
    framework : Framework
    lang : {"zh", "en"}, optional
        Language that the messages should have; any by default.

    Returns
    -------
    tuple of str
        Such as ``raw/t_清漪街道.xlsx: changed``, ``corrections.csv: new``, ``clean: not there``.

    Raises
    ------
    SurveyError
        If there is no such folder.
    """
    place = find_round(folder)
    if not (place / RAW_FOLDER).is_dir():
        return (f"{RAW_FOLDER}: not there",)
    then = read_manifest(place)
    if not then:
        return (f"{MANIFEST_FILE}: not there",)
    changed = differences(then, describe_inputs(place, framework))
    if lang is not None and then.get("lang", "zh") != lang:
        changed = (*changed, f"lang: changed ({then.get('lang', 'zh')} -> {lang})")
    return changed or _damaged(place, then.get("outputs", {}))


_CHANGES = {"new": "新增", "removed": "已移走", "changed": "已修改", "not there": "不存在"}
_NAMES = {"framework": "框架", "package": "程序版本", "lang": "语言", "key": "密钥"}


def _in_chinese(changed: Sequence[str], *, limit: int = 5) -> str:
    """What `changed_inputs` names, in Chinese."""
    said = []
    for item in changed[:limit]:
        name, _, what = item.rpartition(": ")
        word, bracket, rest = what.partition(" (")
        said.append(f"{_NAMES.get(name, name)}（{_CHANGES.get(word, word)}{f'：{rest[:-1]}' if bracket else ''}）")
    return "、".join(said) + (f"等{len(changed)}项" if len(changed) > limit else "")


def _damaged(place: Path, outputs: dict[str, str]) -> tuple[str, ...]:
    """Clean files that are missing or no longer what was written."""
    clean = place / CLEAN_FOLDER
    lost = [name for name in outputs if not (clean / name).is_file()]
    if lost or not outputs:
        return (f"{CLEAN_FOLDER}: not there",)
    touched = [name for name, sha in outputs.items() if fingerprint(clean / name) != sha]
    return tuple(f"{CLEAN_FOLDER}/{name}: changed" for name in touched)


def write_clean(
    survey: CleanSurvey,
    folder: str | PathLike[str],
    framework: Framework,
    *,
    lang: Lang = "zh",
    inputs: dict[str, Any] | None = None,
) -> Path:
    """Write a clean round into its folder: Parquet tables, ``issues.csv``, ``changes.csv``, the manifest.

    The tables are written beside the old ones and put in their place at the end, the manifest last: a killed
    run leaves the old state or one that is made anew. The same survey gives the same bytes. One run writes at a time.

    Parameters
    ----------
    survey : CleanSurvey
    folder : path
    framework : Framework
    lang : {"zh", "en"}
        Language of the messages in ``survey.issues``.
    inputs : dict, optional
        What `describe_inputs` gave before the round was read; by default the inputs as they are now.

    Returns
    -------
    Path
        The folder ``clean``.

    Raises
    ------
    SurveyError
        If there is no such round folder, or another run has been writing to it for long.
    """
    place = find_round(folder)
    clean = place / CLEAN_FOLDER
    with _only_run(place):
        staging = Path(tempfile.mkdtemp(prefix=_NEW, dir=place))
        try:
            staging.chmod(0o755)
            _write_tables(survey, staging)
            content = {
                **(inputs or describe_inputs(place, framework)),
                "round": survey.round,
                "simulated": survey.simulated,
                "lang": lang,
                "outputs": {file.name: fingerprint(file) for file in sorted(staging.iterdir())},
                "counts": _counts(survey),
            }
            _replace_folder(staging, clean)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        _replace_text(place / MANIFEST_FILE, manifest_text(content))
    return clean


@contextmanager
def _only_run(place: Path) -> Iterator[None]:
    """Be the only run that writes the clean tables of a round; what a killed run left is put right first."""
    lock = FileLock(place / f".{CLEAN_FOLDER}.lock", timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise SurveyError(
            f"{place}: another run has been cleaning this round for {_PATIENCE:.0f} s. Wait until it is done.",
            zh=f"{place}：另一个程序正在清洗这一轮，已等待 {_PATIENCE:.0f} 秒。请等它完成后重试。",
        ) from None
    try:
        clean = place / CLEAN_FOLDER
        for left in _leftovers(place):
            if left.name.startswith(_OLD) and not clean.exists():
                left.rename(clean)
            elif left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        yield
    finally:
        if os.name != "nt":  # there it goes by itself, and cannot before
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def _leftovers(place: Path) -> list[Path]:
    """What runs left that were killed while they wrote, or what a run that writes now has."""
    return sorted([*place.glob(f".{CLEAN_FOLDER}-*"), *place.glob(f".{MANIFEST_FILE}.*.part")])


def _put_right(place: Path) -> None:
    """Bring back the old tables of a run that was killed between two renamings, and remove what it left."""
    if _leftovers(place):
        with suppress(OSError), _only_run(place):  # a folder that is read-only stays as it is
            pass


def _replace_folder(new: Path, old: Path) -> None:
    """Put a finished folder in the place of an old one, which disappears only afterwards."""
    aside = old.with_name(f"{_OLD}{os.getpid()}")
    if old.exists():
        old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)


def _replace_text(path: Path, text: str) -> None:
    write_file(path, text, error=SurveyError)


def _write_tables(survey: CleanSurvey, folder: Path) -> None:
    for code, table in survey.answers.items():
        table.astype({name: "str" for name in table.columns if table[name].dtype == object}).rename_axis(
            "respondent"
        ).to_parquet(folder / f"{code}.parquet", engine="pyarrow", compression="zstd")
    survey.units.astype("str").rename_axis("unit").to_parquet(folder / UNITS_FILE, engine="pyarrow")
    for name, table in ((ISSUES_FILE, survey.issues), (CHANGES_FILE, survey.changes)):
        guarded_table(table).to_csv(folder / name, index=False, encoding="utf-8-sig", lineterminator="\n")


def _counts(survey: CleanSurvey) -> dict[str, Any]:
    severity = survey.issues["severity"].value_counts()
    return {
        "units": len(survey.units),
        "respondents": {code: len(table) for code, table in survey.answers.items()},
        "issues": {name: int(severity.get(name, 0)) for name in ("error", "query", "note")},
        "changes": len(survey.changes),
    }


def load_clean(folder: str | PathLike[str], framework: Framework) -> CleanSurvey:
    """Read the clean tables of a round folder as they were written.

    Raises
    ------
    SurveyError
        If there are none.
    """
    place = find_round(folder)
    _put_right(place)
    clean = place / CLEAN_FOLDER
    if not (clean / UNITS_FILE).is_file():
        raise SurveyError(
            f"{place}: there are no clean tables. Make them with prepare_round, or `vitality clean`.",
            zh=f"{place} 还没有清洗结果；请先运行 vitality clean。",
        )
    answers = {}
    for instrument in framework.instruments:
        file = clean / f"{instrument.code}.parquet"
        if file.is_file():
            dtypes = {"unit": "object", **typed_columns(instrument.questions)}
            table = _read_table(file)
            answers[instrument.code] = table.astype(
                {name: dtype for name, dtype in dtypes.items() if name in table.columns}
            )
    settings = round_settings(place)
    tables = {
        name: unguarded_table(pd.read_csv(clean / name, dtype="str", keep_default_na=False, encoding="utf-8-sig"))
        for name in (ISSUES_FILE, CHANGES_FILE)
    }
    return CleanSurvey(
        round=settings.round,
        simulated=settings.simulated or bool(read_manifest(place).get("simulated")),
        answers={code: _without_text_gaps(table) for code, table in answers.items()},
        units=_without_text_gaps(_read_table(clean / UNITS_FILE).astype(object)),
        issues=tables[ISSUES_FILE][list(ISSUE_COLUMNS)],
        changes=tables[CHANGES_FILE].reindex(columns=list(CHANGE_COLUMNS), fill_value=""),
    )


def _read_table(file: Path) -> pd.DataFrame:
    table = pd.read_parquet(file, engine="pyarrow")
    return table.set_axis(table.index.astype(object), axis=0)


def _without_text_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Text columns with None, not NaN, where there is no answer, as cleaning leaves them."""
    gaps = {
        name: column.astype(object).where(column.notna(), None)
        for name, column in table.items()
        if column.dtype == object
    }
    return table.assign(**{str(name): column for name, column in gaps.items()})
