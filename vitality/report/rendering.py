"""From an executed notebook to HTML, Word and PDF: one road through pandoc for the three of them.

pandoc reads the notebook; ``pandoc/report.lua`` drops code and plain outputs, turns HTML tables into native
ones and numbers the captions; typst sets the PDF. No browser, no LaTeX, nothing fetched from outside.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from vitality.errors import ReportError
from vitality.framework import Lang
from vitality.report.display import FRONT_MATTER
from vitality.report.formats import FORMATS, check_formats
from vitality.report.languages import check_lang
from vitality.report.parameters import read_notebook
from vitality.report.processes import Processes
from vitality.report.typeface import FONT_FAMILY, FONT_FOLDER
from vitality.report.webfont import font_faces, missing_letters
from vitality.report.word import finish_word, reference_with_notice

__all__ = ["Front", "front_of", "render_notebook"]

PANDOC_FOLDER = Path(__file__).parent / "pandoc"
WORDS = {
    "zh": {"word-table": "表", "word-figure": "图", "toc-title": "目录", "region": "CN"},
    "en": {"word-table": "Table", "word-figure": "Figure", "toc-title": "Contents", "region": "GB"},
}
FONT_PLACE = "/*FONT*/"
NOTICE_PLACE = "NOTICE"
STYLES_PLACE = '<meta name="report-styles" content="place" />'


@dataclass(frozen=True)
class Front:
    """What stands before the text of a report.

    Attributes
    ----------
    title, subtitle, author, date : str
        Under one another on the first page.
    notices : tuple of str
        In a frame under the title.
    running : str
        At the head of every page.
    """

    title: str
    subtitle: str = ""
    author: str = ""
    date: str = ""
    notices: tuple[str, ...] = ()
    running: str = ""


def front_of(notebook: Mapping[str, Any], *, fallback: str) -> Front:
    """Find what the notebook handed over with `front_matter`; the title is `fallback` when it did not.

    Examples
    --------
    >>> front_of({"cells": []}, fallback="report").title
    'report'
    """
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            found = output.get("data", {}).get(FRONT_MATTER)
            if found is not None:
                values = {name: found.get(name) or "" for name in ("title", "subtitle", "author", "date", "running")}
                return Front(**values, notices=tuple(found.get("notices", ())))
    return Front(title=fallback)


@dataclass(frozen=True)
class _Job:
    """One notebook on its way to one folder."""

    notebook: Path
    folder: Path
    stem: str
    lang: Lang
    front: Front
    timestamp: int
    work: Path
    processes: Processes

    def target(self, kind: str) -> Path:
        return self.folder / f"{self.stem}.{kind}"


def render_notebook(
    executed: str | PathLike[str],
    folder: str | PathLike[str],
    *,
    stem: str,
    formats: str | Sequence[str] = FORMATS,
    lang: Lang = "zh",
    front: Front | None = None,
    timestamp: datetime.datetime | int | None = None,
    processes: Processes | None = None,
) -> dict[str, Path]:
    """Turn an executed notebook into a report.

    Parameters
    ----------
    executed : path
        An executed notebook that keeps to the conventions of `vitality.report.display`.
    folder : path
        Where the files go; made when it is not there.
    stem : str
        Name of the files without their ending.
    formats : sequence of {"html", "docx", "pdf"}
        What to make.
    lang : {"zh", "en"}
        Words of the captions, the table of contents and the Word styles.
    front : Front, optional
        Title and notices; those that the notebook hands over by default.
    timestamp : datetime or int, optional
        Time written into the files (seconds since 1970 as an int); now by default. The same time and the same
        notebook give the same bytes.
    processes : Processes, optional
        Where the programs that it calls are noted, so that the caller can end them.

    Returns
    -------
    dict
        Format -> path.

    Raises
    ------
    ReportError
        If a format or the language is unknown, the notebook cannot be read, or pandoc or typst refuses it.
    """
    wanted = check_formats(formats)
    check_lang(lang)
    notebook, place = Path(executed).resolve(), Path(folder).resolve()
    front = front or front_of(read_notebook(notebook), fallback=stem)
    place.mkdir(parents=True, exist_ok=True)
    writers: dict[str, Callable[[_Job], None]] = {"html": _html, "docx": _docx, "pdf": _pdf}
    with tempfile.TemporaryDirectory(prefix="vitality-") as work:
        job = _Job(notebook, place, stem, lang, front, _seconds(timestamp), Path(work), processes or Processes())
        _write_metadata(job)
        with ThreadPoolExecutor(len(wanted)) as pool:
            running = [pool.submit(writers[kind], job) for kind in wanted]
            for one in running:
                one.result()
    return {kind: place / f"{stem}.{kind}" for kind in wanted}


def _seconds(timestamp: datetime.datetime | int | None) -> int:
    if timestamp is None:
        return int(datetime.datetime.now(datetime.UTC).timestamp())
    return int(timestamp.timestamp()) if isinstance(timestamp, datetime.datetime) else int(timestamp)


def _write_metadata(job: _Job) -> None:
    """Hand title and notices to pandoc, which reads metadata as Markdown: every mark is escaped."""
    front = job.front
    texts = {"title": front.title, "subtitle": front.subtitle, "date": front.date, "running": front.running}
    metadata: dict[str, Any] = {name: _escaped(text) for name, text in texts.items() if text}
    if front.author:
        metadata["author"] = [_escaped(front.author)]
    if front.notices:
        metadata["notices"] = [_escaped(notice) for notice in front.notices]
    metadata |= {"lang": "zh-CN" if job.lang == "zh" else "en-GB", **WORDS[job.lang]}
    metadata["pagetitle"] = _escaped(front.title)
    (job.work / "metadata.json").write_text(json.dumps(metadata, ensure_ascii=False), encoding="utf-8")


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()#+\-.!$~^<>|@\"':=&])", r"\\\1", " ".join(text.split()))


def _pandoc(job: _Job, *options: str) -> None:
    import pypandoc

    call = [
        pypandoc.get_pandoc_path(),
        str(job.notebook),
        "--from=ipynb",
        "--ipynb-output=all",
        f"--lua-filter={PANDOC_FOLDER / 'report.lua'}",
        f"--metadata-file={job.work / 'metadata.json'}",
        *options,
    ]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(job.timestamp)}
    job.processes.check()
    with subprocess.Popen(call, cwd=job.work, env=environment, stderr=subprocess.PIPE) as running:
        job.processes.add(running)
        told = running.communicate()[1].decode("utf-8", errors="replace").strip()[:500]
    job.processes.check()
    if running.returncode:
        raise ReportError(
            f"{job.notebook.name}: pandoc could not turn it into a report ({told}).",
            zh=f"pandoc 无法由 {job.notebook.name} 生成报告（{told}）。",
        )


def _html(job: _Job) -> None:
    """Write one file with everything in it: pictures, formulas as MathML, and the letters of our font in use."""
    made = job.work / "report.html"
    styles = (PANDOC_FOLDER / "report.css").read_text(encoding="utf-8")
    _pandoc(
        job,
        "--to=html5",
        "--standalone",
        "--embed-resources",
        "--mathml",
        "--toc",
        "--toc-depth=3",
        "--shift-heading-level-by=1",
        f"--template={PANDOC_FOLDER / 'report.html'}",
        f"--output={made}",
    )
    page = made.read_text(encoding="utf-8")
    # the head of every printed page is a string of the style sheet
    running = re.sub(r'["\\<>\n]', " ", job.front.running)
    rules = styles.replace(FONT_PLACE, font_faces(page)).replace(NOTICE_PLACE, running)
    page = page.replace(STYLES_PLACE, f"<style>\n{rules}</style>", 1)
    job.target("html").write_text(page, encoding="utf-8", newline="\n")


def _docx(job: _Job) -> None:
    reference = reference_with_notice(
        PANDOC_FOLDER / f"reference_{job.lang}.docx", job.work / "reference.docx", job.front.running
    )
    made = job.work / "report.docx"
    _pandoc(job, "--to=docx", f"--reference-doc={reference}", f"--output={made}")
    finish_word(made, job.target("docx"))


def _pdf(job: _Job) -> None:
    import typst

    folder = job.work / "typst"
    folder.mkdir()
    made = folder / "report.typ"
    _pandoc(
        job,
        "--to=typst",
        "--standalone",
        f"--template={PANDOC_FOLDER / 'report.typst'}",
        f"--variable=font:{FONT_FAMILY}",
        "--extract-media=typst",
        f"--output={made}",
    )
    text = made.read_text(encoding="utf-8")
    try:
        typst.compile(
            str(made),
            output=str(folder / "report.pdf"),
            font_paths=[str(FONT_FOLDER)],
            ignore_system_fonts=not missing_letters(text),
            pdf_standards=["a-2b"],
            timestamp=job.timestamp,
        )
    except Exception as problem:
        told = str(problem)[:500]
        raise ReportError(
            f"{job.notebook.name}: typst could not set the PDF ({told}).",
            zh=f"typst 无法由 {job.notebook.name} 生成 PDF（{told}）。",
        ) from problem
    shutil.move(folder / "report.pdf", job.target("pdf"))
