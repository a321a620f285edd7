"""`read_framework`: from a bundled name, a YAML file or a workbook to a checked `Framework`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path

from vitality.errors import FrameworkError, did_you_mean, meant_zh, some, some_zh
from vitality.framework.extending import Content, extended
from vitality.framework.model import Framework
from vitality.framework.validation import build_framework
from vitality.framework.yaml_text import YAML_ENDINGS, read_yaml


@cache
def bundled_frameworks() -> tuple[str, ...]:
    """Names of the frameworks that come with the package.

    Examples
    --------
    >>> bundled_frameworks()
    ('ifrc_fdrs', 'redcross', 'redcross_full')
    """
    folder = files("vitality.framework") / "catalogue"
    return tuple(sorted(Path(entry.name).stem for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def read_framework(source: str | PathLike[str] | Framework) -> Framework:
    """Read a framework from a bundled name, a YAML file or a workbook.

    Parameters
    ----------
    source : str or path
        ``"redcross"``, ``"redcross_full"``, ``"ifrc_fdrs"``, or the path of a ``.yaml``, ``.yml`` or
        ``.xlsx`` file. A YAML file may begin with ``extends: <bundled name or neighbouring file>``
        and then gives only what differs; its base may extend another one. A `Framework` is given back.

    Returns
    -------
    Framework
        Checked: codes are unique, every question, passage and resource that is named exists, goalposts
        agree with directions.

    Raises
    ------
    FrameworkError
        One message with all problems: the place (line of the file and path in the tree), what was
        found and what was expected.

    Examples
    --------
    >>> read_framework("redcross")
    <Framework 'redcross' ...: 1 index, 6 dimension, 13 group, 35 indicator>
    """
    if isinstance(source, Framework):
        return source
    if not isinstance(source, (str, PathLike)):
        raise FrameworkError(
            f"read_framework: found {type(source).__name__}; expected one of {some(bundled_frameworks())}, "
            "or the path of a .yaml or .xlsx file.",
            zh=f"read_framework：现为 {type(source).__name__}，须为 {some_zh(bundled_frameworks())} 之一，"
            "或 .yaml、.xlsx 文件的路径。",
        )
    name = str(source)
    if name in bundled_frameworks():
        return _bundled(name)
    path = Path(source)
    if path.suffix.lower() not in (*YAML_ENDINGS, ".xlsx"):
        known = bundled_frameworks()
        raise FrameworkError(
            f"unknown framework {name!r}.{did_you_mean(name, known)} "
            f"Expected one of {some(known)}, or the path of a .yaml or .xlsx file.",
            zh=f"没有名为 {name!r} 的框架。{meant_zh(name, known)}"
            f"可用：{'、'.join(known)}，或 .yaml、.xlsx 文件的路径。",
        )
    if path.suffix.lower() == ".xlsx":
        from vitality.framework.workbook_reading import read_workbook

        return read_workbook(_bytes_of(path, name), path.name)
    return framework_from_text(_bytes_of(path, name), where=name, folder=path.parent)


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        if path.is_file():
            return path.read_bytes()
    except (OSError, ValueError) as error:
        raise FrameworkError(
            f"framework file {name!r} cannot be opened ({error}). Close it elsewhere and check that you may read it.",
            zh=f"无法打开框架文件 {name!r}（{error}）。请在其他程序中关闭它，并检查读取权限。",
        ) from None
    raise FrameworkError(
        f"framework file {name!r} is not there. Check the path and the file name.",
        zh=f"找不到框架文件 {name!r}，请检查路径和文件名。",
    )


@cache
def _bundled(name: str) -> Framework:
    return framework_from_text(_bundled_text(name), where=f"{name}.yaml")


def _bundled_text(name: str) -> bytes:
    return (files("vitality.framework") / "catalogue" / f"{name}.yaml").read_bytes()


def framework_from_text(text: bytes, *, where: str, folder: Path | None = None) -> Framework:
    """Build a framework from YAML text; `where` names the text in messages."""
    own = (str((folder / Path(where).name).resolve()),) if folder else ()
    content, places = _resolved(text, where=where, folder=folder, below=own)
    return build_framework(content, where=where, places=places)


def _resolved(text: bytes, *, where: str, folder: Path | None, below: tuple[str, ...]) -> Content:
    """Read a text and, one after the other, what it extends; `below` are the texts on the way to it."""
    content, places = read_yaml(text, where=where)
    if "extends" not in content:
        return content, places
    name = content["extends"]
    path = folder / name if folder and isinstance(name, str) else None
    if name in bundled_frameworks():
        base, key, inner = _bundled_text(name), name, None
    elif path and path.suffix.lower() in YAML_ENDINGS and path.is_file():
        base, key, inner = _bytes_of(path, name), str(path.resolve()), path.parent
    else:
        raise _no_base(name, where)
    if key in below:
        raise FrameworkError(
            f"{where}: extends {name!r}, which leads back to a file on the way to it. Extend another framework.",
            zh=f"{where}：extends {name!r} 又回到了自身（循环引用），请改用其他框架。",
        )
    return extended(_resolved(base, where=name, folder=inner, below=(*below, key))[0], (content, places), where=where)


def _no_base(name: object, where: str) -> FrameworkError:
    known = bundled_frameworks()
    return FrameworkError(
        f"{where}: extends {name!r}, which is neither a bundled framework nor a YAML file beside it."
        f"{did_you_mean(str(name), known)} Bundled: {some(known)}.",
        zh=f"{where}：extends {name!r} 既不是自带框架，也不是同一文件夹中的 YAML 文件。"
        f"{meant_zh(str(name), known)}自带框架：{some_zh(known)}。",
    )


__all__ = ["bundled_frameworks", "framework_from_text", "read_framework"]
