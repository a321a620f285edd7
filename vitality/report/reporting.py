"""One call from a round folder to a published report."""

from __future__ import annotations

import datetime
import importlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

from vitality.errors import ReportError, VitalityError, some, some_zh
from vitality.framework import Lang, read_framework
from vitality.report.formats import FORMATS, check_formats
from vitality.report.languages import check_langs
from vitality.report.manifest import (
    Edition,
    FileRecord,
    Manifest,
    program_versions,
    record_file,
    record_folder,
)
from vitality.report.notebook import Progress, event_loop_of_thread, execute_notebook
from vitality.report.parameters import check_parameters, notebook_parameters, read_notebook
from vitality.report.processes import Processes
from vitality.report.publishing import check_same_round, failed_folder, keep_failed, publish, staged
from vitality.survey import find_round, prepare_round, round_settings

__all__ = ["ReportRun", "default_notebook", "render_report"]

OURS = ("round_folder", "lang")
"""Parameters that come from the arguments of `render_report`."""


@dataclass(frozen=True)
class ReportRun:
    """A published report.

    Attributes
    ----------
    folder : Path
        Where it is.
    files : tuple of Path
        What this run published, the manifest last.
    manifest : Manifest
        What was made from what, all languages of the folder.
    seconds : float
        How long it took.
    """

    folder: Path
    files: tuple[Path, ...]
    manifest: Manifest
    seconds: float


def default_notebook() -> Path:
    """Find the report notebook: of the checkout, else the one that was installed with the package.

    Raises
    ------
    ReportError
        If neither is there.
    """
    checkout = Path(__file__).resolve().parents[2] / "notebooks" / "report.ipynb"
    installed = Path(sys.prefix) / "share" / "vitality" / "report.ipynb"
    for path in (checkout, installed):
        if path.is_file():
            return path
    raise ReportError(
        f"the report notebook is missing; looked for {checkout} and {installed}. Name one with notebook=.",
        zh=f"找不到报告笔记本：{checkout}、{installed}。请用 notebook= 指定。",
    )


@dataclass(frozen=True)
class _Plan:
    """Everything about a run that is settled before it starts."""

    folder: Path
    target: Path
    staging: Path
    notebook: Path
    formats: tuple[str, ...]
    parameters: Mapping[str, Any]
    known: Mapping[str, Any]
    created: datetime.datetime
    inputs: tuple[FileRecord, ...]
    progress: Progress
    processes: Processes

    def values(self, lang: Lang) -> dict[str, Any]:
        own = {"round_folder": _from_here(self.folder), "lang": lang}
        return {name: value for name, value in own.items() if name in self.known} | dict(self.parameters)


def render_report(
    round_folder: str | PathLike[str],
    output: str | PathLike[str],
    *,
    lang: Lang | Sequence[Lang] = "zh",
    formats: str | Sequence[str] = FORMATS,
    notebook: str | PathLike[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> ReportRun:
    """Execute the report notebook for a round and publish what it tells, all or nothing.

    Parameters
    ----------
    round_folder : path
        A round folder, as for `read_round`.
    output : path
        Folder of the report, made or replaced as a whole. A language that is published there and not made now
        is carried over.
    lang : {"zh", "en"} or a sequence of both
        Languages to make; two are executed side by side.
    formats : sequence of {"html", "docx", "pdf"}
        What to make of each.
    notebook : path, optional
        Another notebook than `default_notebook`; for its conventions see `vitality.report.display`.
    parameters : mapping, optional
        Values for further parameters of the notebook.
    progress : callable, optional
        Called with a sentence in Chinese and in English at each stage.

    Returns
    -------
    ReportRun
        ``report_zh.html`` and so on, the executed notebook ``report_zh.ipynb`` and ``manifest.json``.

    Raises
    ------
    ReportError
        If a format, language or parameter is unknown, the folder holds files of other people, or a cell fails;
        then the last good report is untouched and the failed run is kept in ``<output>.failed``.
    SurveyError
        If there is no such round folder.

    Examples
    --------
    >>> run = render_report("data/rounds/2024", "reports/2024", lang="en")  # doctest: +SKIP
    >>> [path.name for path in run.files]  # doctest: +SKIP
    ['report_en.html', 'report_en.docx', 'report_en.pdf', 'report_en.ipynb', 'manifest.json']
    """
    start = time.monotonic()
    langs = check_langs(lang)
    plan = _planned(round_folder, output, formats, notebook, parameters or {}, progress)
    with staged(plan.target) as staging:
        plan = replace(plan, staging=staging)
        try:
            editions = _editions(plan, langs)
            plan.progress("发布报告", "publishing the report")
            manifest = publish(staging, plan.target, editions, round=_round_name(plan.folder))
        except Exception as problem:
            message = problem.message("zh") if isinstance(problem, VitalityError) else str(problem)
            if staging.is_dir():
                keep_failed(staging, plan.target, f"{message}\n\n{problem}")
            raise
    names = [record.name for edition in editions.values() for record in edition.files]
    files = tuple(plan.target / name for name in (*names, "manifest.json"))
    return ReportRun(plan.target, files, manifest, time.monotonic() - start)


def _planned(
    round_folder: str | PathLike[str],
    output: str | PathLike[str],
    formats: str | Sequence[str],
    notebook: str | PathLike[str] | None,
    parameters: Mapping[str, Any],
    progress: Progress | None,
) -> _Plan:
    """Check everything that can be checked before the kernel starts, but for the place of the report."""
    wanted = check_formats(formats)
    folder = find_round(round_folder).resolve()
    source = Path(notebook) if notebook is not None else default_notebook()
    known = notebook_parameters(source)
    taken = [name for name in parameters if name in OURS]
    if taken:
        raise ReportError(
            f"report: parameter {some(taken)} is set by the arguments of the report itself.",
            zh=f"参数 {some_zh(taken)} 由报告命令自身的选项决定，不能另行指定。",
        )
    values = check_parameters(known, parameters, where=source.name)
    target = Path(output).resolve()
    check_same_round(target, _from_here(folder))
    tell = progress or (lambda zh, en: None)
    inputs = record_folder(folder)
    return _Plan(folder, target, target, source, wanted, values, known, _now(), inputs, tell, Processes())


def _now() -> datetime.datetime:
    """Give the time of the run; ``SOURCE_DATE_EPOCH`` fixes it, as in other tools."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed.isdigit():
        return datetime.datetime.fromtimestamp(int(fixed), datetime.UTC)
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def _editions(plan: _Plan, langs: tuple[Lang, ...]) -> dict[str, Edition]:
    """Make every language; two at a time, each with a kernel of its own."""
    names = " + ".join(langs)
    plan.progress(f"运行报告笔记本（{names}）", f"running the report notebook ({names})")
    if len(langs) > 1:
        _clean_once(plan)
    threading.Thread(target=_warm_up, daemon=True).start()
    with ThreadPoolExecutor(len(langs)) as pool:
        running = {lang: pool.submit(_edition, plan, lang) for lang in langs}
        try:
            _wait_for(running.values())
        except BaseException:  # Ctrl-C, or one of them failed
            plan.processes.stop()
            raise
    return {lang: one.result() for lang, one in running.items()}


def _wait_for(running: Collection[Future[Edition]]) -> None:
    """Wait until all are done or one fails, which is raised; on Windows Ctrl-C is only heard between two waits."""
    pending = set(running)
    while pending:
        done, pending = wait(pending, timeout=0.2, return_when=FIRST_EXCEPTION)
        for one in done:
            one.result()


def _warm_up() -> None:
    """Import what rendering needs while the kernel computes."""
    for name in ("pypandoc", "typst", "fontTools.subset", "vitality.report.rendering"):
        importlib.import_module(name)


def _edition(plan: _Plan, lang: Lang) -> Edition:
    from vitality.report.rendering import front_of, render_notebook

    name = f"report_{lang}.ipynb"
    executed = plan.staging / name
    values = plan.values(lang)
    kept = failed_folder(plan.target) / name
    with event_loop_of_thread():
        execute_notebook(plan.notebook, executed, values, kept=kept, progress=plan.progress, processes=plan.processes)
    _tidy(executed, plan)
    front = front_of(read_notebook(executed), fallback=_round_name(plan.folder))
    plan.progress(f"生成{'、'.join(plan.formats)}（{lang}）", f"writing {', '.join(plan.formats)} ({lang})")
    made = render_notebook(
        executed,
        plan.staging,
        stem=f"report_{lang}",
        formats=plan.formats,
        lang=lang,
        front=front,
        timestamp=plan.created,
        processes=plan.processes,
    )
    ran_with = {**plan.known, **values}
    framework = _framework(plan.folder, ran_with)
    seed = ran_with.get("seed")
    return Edition(
        lang=lang,
        title=front.title,
        created=plan.created.isoformat(),
        notebook=record_file(plan.notebook),
        parameters={key: _shown(value, plan) for key, value in ran_with.items()},
        framework=framework[0],
        framework_version=framework[1],
        seed=seed if isinstance(seed, int) and not isinstance(seed, bool) else None,
        notices=front.notices,
        versions=program_versions(),
        inputs=plan.inputs,
        files=tuple(record_file(path) for path in (*made.values(), executed)),
    )


def _from_here(folder: Path) -> str:
    """Name the round from the working folder where it is inside it: reports show no path of one machine."""
    here = Path.cwd().resolve()
    return folder.relative_to(here).as_posix() if folder.is_relative_to(here) else str(folder)


def _shown(value: Any, plan: _Plan) -> Any:
    return plan.folder.name if value == str(plan.folder) else value


def _tidy(executed: Path, plan: _Plan) -> None:
    """Take times, names by chance and paths of this machine out of the executed notebook."""
    notebook = read_notebook(executed)
    notebook.get("metadata", {}).pop("papermill", None)
    given = {cell.get("id") for cell in read_notebook(plan.notebook)["cells"]}
    for place, cell in enumerate(notebook["cells"]):
        for key in ("papermill", "execution"):
            cell.get("metadata", {}).pop(key, None)
        if "id" in cell and cell["id"] not in given:  # papermill's own cell, or a notebook without names
            cell["id"] = f"added-{place}"
    tidy = _without_path(notebook, _path_of(plan.folder), plan.folder.name)
    text = json.dumps(tidy, ensure_ascii=False, indent=1)
    executed.write_text(text + "\n", encoding="utf-8", newline="\n")


def _path_of(folder: Path) -> re.Pattern[str]:
    r"""Match the path of a folder, also as Python shows it, but no longer path that has it in it.

    Examples
    --------
    >>> _path_of(Path("/d/20")).sub("20", "at /d/20, not in /d/2024 or /mnt/d/20; see /d/20/raw.")
    'at 20, not in /d/2024 or /mnt/d/20; see 20/raw.'
    """
    forms = {str(folder), str(folder).replace("\\", "\\\\"), folder.as_posix()}
    either = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<![0-9A-Za-z_.~-])(?:{either})(?![\w-]|\.\w)")


def _without_path(value: Any, path: re.Pattern[str], name: str) -> Any:
    """Replace a path wherever it is text; pictures stay as they are."""
    if isinstance(value, str):
        return path.sub(lambda _: name, value)
    if isinstance(value, list):
        return [_without_path(item, path, name) for item in value]
    if isinstance(value, dict):
        return {
            key: item if key.startswith("image/") else _without_path(item, path, name) for key, item in value.items()
        }
    return value


def _round_name(folder: Path) -> str:
    return round_settings(folder).round


def _clean_once(plan: _Plan) -> None:
    """Clean the round before two kernels would do so at the same time; what is wrong with it they will tell."""
    named = plan.parameters.get("framework")
    try:
        framework = read_framework(named or round_settings(plan.folder).framework)
        prepare_round(plan.folder, framework)
    except (VitalityError, OSError):
        return


def _framework(folder: Path, values: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Name the framework that the run used; a notebook of somebody else may use none."""
    named = values.get("framework")
    try:
        plan = read_framework(named if isinstance(named, str) and named else round_settings(folder).framework)
    except VitalityError:
        return None, None
    return plan.name, plan.version
