"""Files that are there whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vitality.errors import ReportError

__all__ = ["written_whole"]


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give a place beside `target` to write a file to, which takes its name when all went well.

    Raises
    ------
    ReportError
        If the folder is not there, or the file cannot be written or replaced; what was there before still is.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with written_whole(Path(folder) / "scores.csv") as place:
    ...         _ = place.write_text("town,score")
    ...     (Path(folder) / "scores.csv").read_text()
    'town,score'
    """
    target = target.resolve()
    if target.is_dir() or not target.parent.is_dir():
        found = "a folder has that name" if target.is_dir() else f"there is no folder {str(target.parent)!r}"
        found_zh = "已有同名文件夹" if target.is_dir() else f"没有文件夹 {str(target.parent)!r}"
        raise ReportError(
            f"{target}: {found}. Make the folder first, or choose another name.",
            zh=f"{target}：{found_zh}。请先新建文件夹，或换一个名称。",
        )
    place = target.with_name(f".{target.stem}-{secrets.token_hex(4)}{target.suffix}")
    try:
        yield place
        place.replace(target)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise ReportError(
            f"{target}: it could not be written ({reason}). Close it in other programs, and check the rights and the "
            "space on the disk.",
            zh=f"无法写入 {target}（{reason}）。请在其他程序中关闭它，并检查权限和磁盘空间。",
        ) from problem
    finally:
        place.unlink(missing_ok=True)
