"""Files written whole or not at all, and the same bytes for the same content."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from vitality.errors import FrameworkError, VitalityError

#: Date of every part of a workbook; the real one would change the file at each run.
_DATE = (1980, 1, 1, 0, 0, 0)
FIXED_MOMENT = "1980-01-01T00:00:00Z"
_STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def write_file(
    path: str | os.PathLike[str],
    content: str | bytes,
    *,
    endings: Sequence[str] = (),
    error: type[VitalityError] = FrameworkError,
) -> Path:
    """Write a file beside its target and move it there; text as UTF-8 with ``\\n`` at the ends of lines.

    Parameters
    ----------
    path : path
        Target; an existing file is replaced.
    content : str or bytes
        All of it.
    endings : sequence of str
        Endings that the target may have; any when empty.
    error : type
        What is raised.

    Raises
    ------
    VitalityError
        If the ending is another one, the folder is not there, or the file cannot be written. A file that
        was there before is then as it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_file(Path(folder) / "notes.txt", "一\\n").read_bytes()
    b'\\xe4\\xb8\\x80\\n'
    """
    target = checked_target(path, endings=endings, error=error)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        beside.replace(target)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        raise error(
            f"{path}: cannot be written ({problem.strerror or problem}). Close the file in other programs and "
            "check that you may write to this folder.",
            zh=f"{path}：无法写入（{problem.strerror or problem}）。请在其他程序中关闭该文件，并检查文件夹的写入权限。",
        ) from None
    return Path(path)


def checked_target(
    path: str | os.PathLike[str], *, endings: Sequence[str], error: type[VitalityError] = FrameworkError
) -> Path:
    """Give the file that a path stands for, once its ending and its folder are right."""
    if not isinstance(path, (str, os.PathLike)):
        raise error(
            f"found {path!r} as a path; expected text such as 'framework{endings[0] if endings else ''}'.",
            zh=f"路径现为 {path!r}，须为文字，如 'framework{endings[0] if endings else ''}'。",
        )
    target = Path(path)
    if endings and target.suffix.lower() not in endings:
        raise error(
            f"{path}: found the ending {target.suffix!r}; expected {' or '.join(endings)}, to be read back.",
            zh=f"{path}：后缀为 {target.suffix!r}，须为 {' 或 '.join(endings)}，以便再次读取。",
        )
    if not target.parent.is_dir():
        raise error(
            f"{path}: there is no folder {str(target.parent)!r}. Make it first, or correct the path.",
            zh=f"{path}：文件夹 {str(target.parent)!r} 不存在，请先新建，或更正路径。",
        )
    return target.resolve()


def without_dates(content: bytes) -> bytes:
    """Give the bytes of a workbook with fixed dates in it and on each of its parts."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _STAMPS.sub(rb"\g<1>" + FIXED_MOMENT.encode() + rb"\g<2>", part)
            entry = zipfile.ZipInfo(name, date_time=_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return buffer.getvalue()
