"""Putting a report in its place: complete or not at all, and never over files that are not ours.

A report is made in a folder beside its place, swapped in by renaming, and the old one is removed last. When
making it fails, the last good report is untouched and what there is of the new one is kept in ``NAME.failed``.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from vitality.errors import ReportError, some
from vitality.report.manifest import MANIFEST_FILE, Edition, Manifest, read_manifest, record_file

__all__ = [
    "carry_over",
    "check_target",
    "failed_folder",
    "keep_failed",
    "new_staging",
    "publish",
    "write_manifest",
]

#: Files that file managers and git leave behind; they go along.
HARMLESS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"})
FAILURE_NOTE = "error.txt"


def check_target(target: Path) -> Manifest | None:
    """Refuse a place for a report that holds what we did not publish.

    Returns
    -------
    Manifest or None
        The manifest of the report that is there.

    Raises
    ------
    ReportError
        If the place is a file, or a folder with other files than the published ones, or a Word file there was
        edited since.
    """
    if target.exists() and not target.is_dir():
        raise ReportError(
            f"report folder {str(target)!r}: there is a file of that name; expected a folder. Choose another.",
            zh=f"报告文件夹 {str(target)!r} 是一个文件，请另选一个文件夹。",
        )
    _recover(target)
    if not target.is_dir():
        return None
    manifest = read_manifest(target)
    ours = {MANIFEST_FILE, *HARMLESS, *(record.name for record in manifest.files if manifest)} if manifest else HARMLESS
    others = sorted(path.name for path in target.iterdir() if path.name not in ours)
    if others:
        raise ReportError(
            f"report folder {str(target)!r}: it holds {some(others)}, which no report published. Publishing replaces "
            "the whole folder; move these files away or choose another folder.",
            zh=f"报告文件夹 {str(target)!r} 里有不是本程序发布的文件：{some(others)}。发布会替换整个文件夹，"
            "请先移走这些文件或另选文件夹。",
        )
    edited = [
        record.name for record in (manifest.files if manifest else ()) if _edited(target, record.name, record.sha256)
    ]
    if edited:
        raise ReportError(
            f"report folder {str(target)!r}: {some(edited)} was edited after it was published. Publishing would "
            "replace it; move it to another folder first.",
            zh=f"报告文件夹 {str(target)!r} 里的 {some(edited)} 在发布后被修改过，重新发布会覆盖它。请先移到别处。",
        )
    return manifest


def _edited(folder: Path, name: str, sha256: str) -> bool:
    """Whether somebody worked on a published Word file; text files may change line ends in a checkout."""
    path = folder / name
    return path.suffix == ".docx" and path.is_file() and record_file(path).sha256 != sha256


def new_staging(target: Path) -> Path:
    """Make an empty folder beside `target`, on the same disk and with the usual rights (mkdtemp gives 0700)."""
    staging = target.with_name(f".{target.name}-new-{secrets.token_hex(4)}")
    staging.mkdir(parents=True)
    return staging


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


def publish(staging: Path, target: Path) -> None:
    """Swap a complete folder in by renaming.

    Parameters
    ----------
    staging : Path
        The new folder, on the same disk; it is gone afterwards.
    target : Path
        Where it goes; what is there is replaced.

    Raises
    ------
    ReportError
        If the folder cannot be renamed, for example because a file in it is open on Windows; then what was
        published before is there again.
    """
    aside = target.with_name(f".{target.name}-old-{secrets.token_hex(4)}")
    try:
        if target.exists():
            target.rename(aside)
        staging.rename(target)
    except OSError as problem:
        if aside.exists() and not target.exists():
            aside.rename(target)
        raise ReportError(
            f"report folder {str(target)!r}: it could not be replaced ({problem.strerror or problem}). Close the files "
            "of the report that are open in another program, then run again; the last report is unchanged.",
            zh=f"无法替换报告文件夹 {str(target)!r}（{problem.strerror or problem}）。"
            "请关闭正在打开的报告文件后重试；上一份报告没有改动。",
        ) from problem
    shutil.rmtree(aside, ignore_errors=True)
    _forget_failure(target)


def _recover(target: Path) -> None:
    """Put back the last report when a run was killed between the two renames."""
    if not target.exists() and target.parent.is_dir():
        aside = sorted(target.parent.glob(f".{target.name}-old-*"))
        if aside:
            aside[-1].rename(target)


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
