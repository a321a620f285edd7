"""Putting a report in its place: complete or not at all, and never over files that are not ours.

A report is made in a folder beside its place, swapped in by renaming, and the old one is removed last. When
making it fails, the last good report is untouched and what there is of the new one is kept in ``NAME.failed``.
Runs that publish to one place wait for one another where they look at it and where they swap.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import get_args

from filelock import FileLock, Timeout

from vitality.errors import ReportError, some, some_zh
from vitality.framework import Lang
from vitality.report.manifest import MANIFEST_FILE, Edition, Manifest, is_recorded, read_manifest

__all__ = [
    "carry_over",
    "check_target",
    "failed_folder",
    "keep_failed",
    "publish",
    "staged",
    "write_manifest",
]

#: Files that file managers and git leave behind; they go along.
HARMLESS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"})
FAILURE_NOTE = "error.txt"
PATIENCE = 60.0
"""Seconds to wait for another run that swaps its report in, which takes far less than one."""


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Check the place of a report and give an empty folder beside it, on the same disk, to make the report in.

    The folder is gone afterwards, unless it was published or kept; what killed runs left is removed first. A lock
    file beside the folder tells other runs that this one is alive.

    Raises
    ------
    ReportError
        As `check_target`; or if nothing can be written there.
    """
    with _claimed(target):
        check_target(target)
        _sweep(target)
        staging = _beside(target, "new")
        alive = FileLock(_lock_of(staging))
        with _writing(target):
            staging.mkdir()
            alive.acquire()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        _release(alive)


@contextmanager
def _claimed(target: Path) -> Iterator[None]:
    """Be the only run that looks at a place or swaps; others wait. Makes the folder that it is in."""
    _check_above(target)
    with _writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        probe = _beside(target, "probe")  # where nothing can be made, a lock is waited for
        probe.mkdir()
        probe.rmdir()
        lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=PATIENCE)
        try:
            lock.acquire()
        except Timeout:
            raise ReportError(
                f"report folder {str(target)!r}: another run has been publishing to it for {PATIENCE:.0f} s. Wait "
                "until it is done, then run again.",
                zh=f"另一个程序正在发布到 {str(target)!r}，已等待 {PATIENCE:.0f} 秒。请等它完成后重试。",
            ) from None
    try:
        yield
    finally:
        _release(lock)


def _release(lock: FileLock) -> None:
    """Let a lock go, and its file with it: one who waited for a file that is gone makes a new one."""
    if os.name != "nt":  # there it goes by itself, and cannot before
        Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Tell in one message that the place of a report cannot be written to."""
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise ReportError(
            f"report folder {str(target)!r}: nothing can be written in {str(target.parent)!r} ({reason}). Check the "
            "rights and the space on the disk, or choose another folder.",
            zh=f"报告文件夹 {str(target)!r}：无法写入 {str(target.parent)!r}（{reason}）。"
            "请检查权限和磁盘空间，或另选文件夹。",
        ) from problem


def _check_above(target: Path) -> None:
    """Refuse a place that cannot be swapped by renaming: below a file, a whole drive, without the right to write."""
    above = next((place for place in target.parents if place.exists()), target)
    if not above.is_dir():
        raise ReportError(
            f"report folder {str(target)!r}: {str(above)!r} is a file; expected a folder. Choose another.",
            zh=f"报告文件夹 {str(target)!r}：{str(above)!r} 是一个文件，不是文件夹，请另选一个文件夹。",
        )
    if not target.name or os.path.ismount(target):
        raise ReportError(
            f"report folder {str(target)!r}: this is a whole drive; a report replaces its folder as a whole. Name a "
            f"folder on it, for example {str(target / 'report')!r}.",
            zh=f"报告文件夹 {str(target)!r} 是整个磁盘；发布会替换整个文件夹。请指定其中的一个文件夹，例如 "
            f"{str(target / 'report')!r}。",
        )
    if target.is_dir() and not os.access(target, os.W_OK):
        raise ReportError(
            f"report folder {str(target)!r}: it is read-only. Change its rights or choose another folder.",
            zh=f"报告文件夹 {str(target)!r} 是只读的，请修改权限或另选文件夹。",
        )


def check_target(target: Path) -> Manifest | None:
    """Refuse a place for a report that holds what we did not publish.

    Returns
    -------
    Manifest or None
        The manifest of the report that is there.

    Raises
    ------
    ReportError
        If the place is a file, or a folder with other files than the published ones, or one of them was edited
        since.
    """
    if target.exists() and not target.is_dir():
        raise ReportError(
            f"report folder {str(target)!r}: there is a file of that name; expected a folder. Choose another.",
            zh=f"报告文件夹 {str(target)!r} 是一个文件，请另选一个文件夹。",
        )
    _recover(target)
    return _only_ours(target, target) if target.is_dir() else None


def _only_ours(folder: Path, target: Path) -> Manifest | None:
    """Read the manifest of a report that stands in `folder`, and refuse files of others and edited ones."""
    manifest = read_manifest(folder)
    records = manifest.files if manifest else ()
    ours = {*HARMLESS, *(record.name for record in records)} | ({MANIFEST_FILE} if manifest else set())
    others = sorted(path.name for path in folder.iterdir() if path.name not in ours)
    if others:
        raise ReportError(
            f"report folder {str(target)!r}: it holds {some(others)}, which no report published. Publishing replaces "
            "the whole folder; move these files away or choose another folder.",
            zh=f"报告文件夹 {str(target)!r} 里有不是本程序发布的文件：{some_zh(others)}。发布会替换整个文件夹，"
            "请先移走这些文件或另选文件夹。",
        )
    edited = [record.name for record in records if not is_recorded(folder / record.name, record)]
    if edited:
        raise ReportError(
            f"report folder {str(target)!r}: {some(edited)} was edited after it was published. Publishing would "
            "replace it; move it to another folder first.",
            zh=f"报告文件夹 {str(target)!r} 里的 {some_zh(edited)} 在发布后被修改过，重新发布会覆盖它。请先移到别处。",
        )
    return manifest


def check_same_round(target: Path, round_folder: str) -> None:
    """Refuse to replace the report of another round folder, such as a teaching copy with the same name.

    Parameters
    ----------
    target : Path
        Where a report is going to be published.
    round_folder : str
        The round folder as the manifest is going to name it.

    Raises
    ------
    ReportError
        If the report there was made from another folder. A path that is the end of the other is the same folder,
        seen from another place.
    """
    manifest = read_manifest(target) if target.is_dir() else None
    editions = manifest.editions.values() if manifest else ()
    for other in sorted({str(edition.parameters.get("round_folder", "")) for edition in editions}):
        pairs = zip(reversed(PurePath(other).parts), reversed(PurePath(round_folder).parts))
        if any(one != two for one, two in pairs):
            raise ReportError(
                f"report folder {str(target)!r}: it holds the report of {other!r}; this is {round_folder!r}. "
                "Choose another folder (--output), or move that report away.",
                zh=f"报告文件夹 {str(target)!r} 里是 {other!r} 的报告，而这次是 {round_folder!r}。"
                "请用 --output 另选文件夹，或先移走原来的报告。",
            )


def carry_over(old: Manifest | None, target: Path, staging: Path, *, made: Iterable[str]) -> dict[str, Edition]:
    """Copy the editions in other languages than `made` from the published report, unchanged.

    Returns
    -------
    dict
        Language -> edition, of those whose files are all there.
    """
    kept: dict[str, Edition] = {}
    for lang, edition in (old.editions if old else {}).items():
        paths = [target / record.name for record in edition.files]
        if lang in made or not all(path.is_file() for path in paths):
            continue
        for path in paths:
            shutil.copy2(path, staging / path.name)
        kept[lang] = edition
    for name in HARMLESS:
        if (target / name).is_file():
            shutil.copy2(target / name, staging / name)
    return kept


def write_manifest(manifest: Manifest, folder: Path) -> Path:
    """Write ``manifest.json`` into a folder."""
    path = folder / MANIFEST_FILE
    path.write_text(manifest.to_json(), encoding="utf-8", newline="\n")
    return path


def publish(staging: Path, target: Path, editions: Mapping[str, Edition], *, round: str) -> Manifest:
    """Swap a new report in by renaming, with the other languages of the one that is there now.

    Parameters
    ----------
    staging : Path
        The folder with the files of `editions`, from `staged`; it is gone afterwards.
    target : Path
        Where it goes; what is there is replaced.
    editions : mapping
        Language -> what was made.
    round : str
        Name of the round.

    Returns
    -------
    Manifest
        Of all languages.

    Raises
    ------
    ReportError
        If files of other people or edited ones are there by now, or the folder cannot be renamed, for example
        because a file in it is open on Windows; then what was published before is there again.
    """
    try:
        with _claimed(target):
            old = check_target(target)
            with _writing(target):
                both = {**editions, **carry_over(old, target, staging, made=editions)}
                ordered = {lang: both[lang] for lang in get_args(Lang) if lang in both}
                manifest = Manifest(round=round, editions=ordered)
                write_manifest(manifest, staging)
            _swap(staging, target)
            _forget_failure(target)
    except ReportError as problem:
        kept = failed_folder(target)
        raise ReportError(
            f"{problem} The new report is kept: {kept}", zh=f"{problem.message('zh')}新报告保留在：{kept}"
        ) from problem
    return manifest


def _swap(staging: Path, target: Path) -> None:
    aside = _beside(target, "old")
    try:
        if target.exists():
            target.rename(aside)
            _only_ours(aside, target)  # nothing can come in any more
        staging.rename(target)
    except BaseException as problem:
        if aside.exists() and not target.exists():
            aside.rename(target)
        if not isinstance(problem, OSError):
            raise
        raise ReportError(
            f"report folder {str(target)!r}: it could not be replaced ({problem.strerror or problem}). Close the files "
            "of the report that are open in another program, then run again; the last report is unchanged.",
            zh=f"无法替换报告文件夹 {str(target)!r}（{problem.strerror or problem}）。"
            "请关闭正在打开的报告文件后重试；上一份报告没有改动。",
        ) from problem
    _discard(aside)


def _discard(folder: Path) -> None:
    """Remove a report; its manifest first, for without it a folder is none that would be put back."""
    with suppress(OSError):
        (folder / MANIFEST_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _beside(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}-{kind}-{secrets.token_hex(4)}")


def _lock_of(staging: Path) -> Path:
    return staging.with_name(f"{staging.name}.lock")


def _left(target: Path, kind: str) -> list[Path]:
    """List what runs for this place put beside it, the newest first."""
    pattern = re.compile(rf"\.{re.escape(target.name)}-{kind}-[0-9a-f]{{8}}")
    found = [path for path in target.parent.iterdir() if pattern.fullmatch(path.name.removesuffix(".lock"))]
    return sorted(found, key=_changed, reverse=True)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another run has just ended
        return 0.0


def _recover(target: Path) -> None:
    """Put back the last report when a run was killed between the two renames."""
    if target.exists() or not target.parent.is_dir():
        return
    whole = next((path for path in _left(target, "old") if (path / MANIFEST_FILE).is_file()), None)
    if whole:
        with _writing(target):
            whole.rename(target)


def _sweep(target: Path) -> None:
    """Remove what killed runs left; the lock of a living one is held."""
    for folder in _left(target, "old"):
        _discard(folder)
    for name in {path.name.removesuffix(".lock") for path in _left(target, "new")}:
        staging = target.with_name(name)
        alive = FileLock(_lock_of(staging), timeout=0)
        with suppress(OSError):  # held (a Timeout is one), or made by another user
            alive.acquire()
            shutil.rmtree(staging, ignore_errors=True)
            _release(alive)


def failed_folder(target: Path) -> Path:
    """Where a failed run is kept.

    Examples
    --------
    >>> failed_folder(Path("reports/2024")).as_posix()
    'reports/2024.failed'
    """
    return target.with_name(f"{target.name}.failed")


def keep_failed(staging: Path, target: Path, message: str) -> Path:
    """Keep what there is of a failed run beside the report, with the message in ``error.txt``."""
    with _claimed(target):
        (staging / FAILURE_NOTE).write_text(message + "\n", encoding="utf-8")
        _forget_failure(target)
        kept = failed_folder(target)
        if kept.exists():  # not one of ours: leave it alone
            kept = kept.with_name(f"{kept.name}-{secrets.token_hex(3)}")
        staging.rename(kept)
    return kept


def _forget_failure(target: Path) -> None:
    kept = failed_folder(target)
    if (kept / FAILURE_NOTE).is_file():
        shutil.rmtree(kept, ignore_errors=True)
