"""What was published from what: the manifest beside every report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from vitality.errors import ReportError
from vitality.survey.personal import masked_name

__all__ = [
    "MANIFEST_FILE",
    "Edition",
    "FileRecord",
    "Manifest",
    "is_recorded",
    "read_manifest",
    "record_file",
    "record_folder",
]

MANIFEST_FILE = "manifest.json"
PROGRAMS = ("numpy", "pandas", "scipy", "matplotlib", "papermill", "pypandoc_binary", "typst")
#: Parts of a round folder that our own programs write.
MADE = frozenset({"clean", MANIFEST_FILE})


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileRecord(_Record):
    """A file by name, size in bytes and SHA-256."""

    name: str
    bytes: int
    sha256: str


class Edition(_Record):
    """One language of a report: what went in, what came out.

    Attributes
    ----------
    lang, title, created
        Language, title and time (ISO 8601, UTC).
    notebook : FileRecord
        The notebook that was executed.
    parameters : dict
        Every parameter with the value that the notebook ran with.
    framework, framework_version, seed
        Where the run has them.
    notices : tuple of str
        Notices that the report carries.
    versions : dict
        Versions of Python, this package and the libraries that matter.
    inputs, files : tuple of FileRecord
        Files of the round (names relative to it) and published files.
    """

    lang: Literal["zh", "en"]
    title: str
    created: str
    notebook: FileRecord
    parameters: dict[str, Any]
    framework: str | None = None
    framework_version: str | None = None
    seed: int | None = None
    notices: tuple[str, ...] = ()
    versions: dict[str, str]
    inputs: tuple[FileRecord, ...]
    files: tuple[FileRecord, ...]


class Manifest(_Record):
    """The manifest of a report folder: one edition a language."""

    kind: Literal["vitality report"] = "vitality report"
    round: str
    editions: dict[str, Edition]

    @property
    def files(self) -> tuple[FileRecord, ...]:
        """Every published file, of all languages."""
        return tuple(record for edition in self.editions.values() for record in edition.files)

    def to_json(self) -> str:
        """Give the text of the file."""
        return self.model_dump_json(indent=2) + "\n"

    def _repr_html_(self) -> str:
        rows = [
            (edition.lang, edition.created, record.name, f"{record.bytes:,}", record.sha256[:12])
            for edition in self.editions.values()
            for record in edition.files
        ]
        heads = ("lang", "created", "file", "bytes", "sha256")
        cells = "".join("<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row) + "</tr>" for row in rows)
        top = "".join(f"<th>{head}</th>" for head in heads)
        return f"<table><thead><tr>{top}</tr></thead><tbody>{cells}</tbody></table>"


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest of a report folder; None when it has none.

    Raises
    ------
    ReportError
        If there is a file of that name that is no manifest of ours.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        return None
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as problem:
        raise ReportError(
            f"{path}: this is no manifest of a report ({problem.error_count()} problems, the first: "
            f"{problem.errors()[0]['msg']}). Move the folder away, or choose another one for the report.",
            zh=f"{path} 不是报告的清单文件。请移走该文件夹，或另选一个报告文件夹。",
        ) from None


def record_file(path: Path, *, name: str | None = None) -> FileRecord:
    """Take name, size and SHA-256 of a file.

    Raises
    ------
    ReportError
        If it cannot be read, for example because it is locked on Windows.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise ReportError(
            f"{path}: the file cannot be read ({reason}). Close it in other programs, or check its rights.",
            zh=f"无法读取 {path}（{reason}）。请在其他程序中关闭它，或检查权限。",
        ) from problem
    return FileRecord(name=name or path.name, bytes=len(content), sha256=_sha256(content))


def is_recorded(path: Path, record: FileRecord) -> bool:
    """Whether a file is as it was recorded, or gone; a checkout may have changed the ends of its lines."""
    if not path.is_file():
        return True
    content = path.read_bytes()
    return record.sha256 in (_sha256(content), _sha256(content.replace(b"\r\n", b"\n")))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def record_folder(folder: Path) -> tuple[FileRecord, ...]:
    """Record every file of a round folder that people put there, in the order of their names.

    Personal data in a name are masked, since reports are published.
    """
    found = ((path, path.relative_to(folder).parts) for path in _given(folder))
    return tuple(record_file(path, name="/".join(map(masked_name, parts))) for path, parts in found)


def _given(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "~$")) for part in parts)
        if path.is_file() and not hidden and parts[0] not in MADE:
            yield path


def program_versions() -> dict[str, str]:
    """Give the versions of Python, this package and the libraries that matter for a report."""
    import platform

    import vitality

    found = {"python": platform.python_version(), "vitality": vitality.__version__}
    for name in PROGRAMS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
