"""Notebooks as programs: which parameters one has, and one clean run of it.

papermill does the running. What it leaves open is closed here: a parameter that the notebook does not have
is an error, values that it would garble are refused, ``sys.exit()`` in a cell is no success, and a failing
cell is told in one message.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

from vitality.errors import ReportError, VitalityError
from vitality.report.parameters import (
    check_parameters,
    is_tagged,
    notebook_parameters,
    read_notebook,
    source_of,
)
from vitality.report.processes import Processes

__all__ = ["Progress", "event_loop_of_thread", "execute_notebook", "notebook_parameters"]

Progress = Callable[[str, str], None]
"""Called with a sentence in Chinese and the same in English."""

START_SECONDS = 60
SILENT_SECONDS = 10.0
"""A long run says where it is about this often."""

OWN_ERRORS = frozenset({VitalityError.__name__, *(kind.__name__ for kind in VitalityError.__subclasses__())})
"""Errors whose message is meant for the user, by the name that a kernel gives back."""

_IMPORTING = threading.Lock()


def execute_notebook(
    path: str | PathLike[str],
    output: str | PathLike[str],
    parameters: Mapping[str, Any] | None = None,
    *,
    cwd: str | PathLike[str] | None = None,
    timeout: int = 600,
    kept: str | PathLike[str] | None = None,
    progress: Progress | None = None,
    processes: Processes | None = None,
) -> Path:
    """Run a notebook from top to bottom in a kernel of its own.

    Parameters
    ----------
    path : path
        The notebook.
    output : path
        Where the executed notebook is written; a failed one too, with the error in it.
    parameters : mapping, optional
        Values for names of the cell tagged ``parameters``.
    cwd : path, optional
        Working folder of the kernel; that of the caller by default.
    timeout : int
        Seconds that one cell may take.
    kept : path, optional
        Where the caller is going to keep a failed notebook, for the message; `output` by default.
    progress : callable, optional
        Called now and then with a sentence in Chinese and in English.
    processes : Processes, optional
        Where the kernel is noted, so that the caller can end it; the run fails then.

    Returns
    -------
    Path
        `output`.

    Raises
    ------
    ReportError
        If a parameter is unknown or unusable, a cell fails, takes too long or stops the run, the kernel dies,
        or there is none.
    """
    source, target = Path(path).resolve(), Path(output).resolve()
    known = notebook_parameters(source)
    values = check_parameters(known, dict(parameters or {}), where=source.name)
    run = _Run(source, target, Path(kept) if kept is not None else target, progress)
    folder = Path(cwd or Path.cwd()).resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    _papermill(run, values, folder, timeout, processes or Processes())
    _check_complete(run)
    return target


class _Run:
    """One run: what is run, where it is kept, which cell is at work."""

    def __init__(self, source: Path, target: Path, kept: Path, progress: Progress | None) -> None:
        self.source, self.target, self.kept, self.progress = source, target, kept, progress
        self.cells = len(read_notebook(source)["cells"])
        self.at, self.line, self.spoken = 0, "", time.monotonic()

    def start_cell(self, cell: Mapping[str, Any], cell_index: int, **_: object) -> None:
        """Remember the cell, and say so when nothing has been said for a while."""
        self.at, self.line = cell_index, _first_line(source_of(cell))
        if self.progress and time.monotonic() - self.spoken > SILENT_SECONDS:
            self.spoken = time.monotonic()
            self.progress(
                f"笔记本 {self.source.name}：第 {cell_index + 1} 个单元，共 {self.cells} 个",
                f"notebook {self.source.name}: cell {cell_index + 1} of {self.cells}",
            )

    def refusal(self, what: str, *, zh: str) -> ReportError:
        """Give the message of an error of our own, and where the notebook is kept."""
        kept = f" (The notebook up to there: {self.kept})" if self.target.is_file() else ""
        kept_zh = f"（运行到此处的笔记本：{self.kept}）" if kept else ""
        return ReportError(what + kept, zh=(zh or what) + kept_zh)

    def failure(self, what: str, *, zh: str = "", number: int | None = None, line: str = "") -> ReportError:
        """Give the error that says where the run failed and where the notebook is kept."""
        cell = f", cell {number}" if number is not None else ""
        code = f" ({line})" if line else ""
        kept = f" The failed notebook is kept: {self.kept}" if self.target.is_file() else ""
        kept_zh = f" 出错的笔记本保留在：{self.kept}" if kept else ""
        cell_zh = f"第 {number} 个单元" if number is not None else ""
        return ReportError(
            f"notebook {self.source.name}{cell}{code}: {what}.{kept}",
            zh=f"笔记本 {self.source.name}{cell_zh}{code}：{zh or what}。{kept_zh}",
        )


def _first_line(source: str) -> str:
    lines = [line.strip() for line in source.splitlines()]
    first = next((line for line in lines if line and not line.startswith(("#", "%"))), "")
    return first if len(first) <= 80 else first[:77] + "..."


def _papermill(run: _Run, values: dict[str, Any], folder: Path, timeout: int, processes: Processes) -> None:
    """Call papermill with everything set that it leaves open, and translate what it raises."""
    papermill = _load_papermill()
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    with _quiet("papermill"):
        try:
            papermill.execute_notebook(
                _literal(run.source),
                _literal(run.target),
                values,
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                start_timeout=START_SECONDS,
                execution_timeout=timeout,
                # the folder of the kernel, without changing that of this process
                resources={"metadata": {"path": str(folder)}},
                config=Config({"KernelManager": {"transport_encryption": "auto"}}),
                on_cell_start=run.start_cell,
                kernel_manager_class=_kernel_manager(processes),
                # nothing in the kernel is worth half a second of farewell
                shutdown_kernel="immediate",
            )
        except PapermillExecutionError as problem:
            raise _cell_failure(run, problem) from None
        except CellTimeoutError:
            what, zh = f"took longer than {timeout} s", f"运行超过 {timeout} 秒"
            raise run.failure(what, zh=zh, number=run.at + 1, line=run.line) from None
        except DeadKernelError:
            what, zh = "the kernel died, perhaps for want of memory", "内核意外退出，可能是内存不足"
            raise run.failure(what, zh=zh, number=run.at + 1, line=run.line) from None
        except NoSuchKernel:
            raise ReportError(
                "there is no Jupyter kernel 'python3' in this environment. Install it: python -m pip install ipykernel",
                zh="当前环境没有 Jupyter 内核 python3，请先安装：python -m pip install ipykernel",
            ) from None
        except RuntimeError as problem:
            told = _first_line(str(problem))
            raise run.failure(f"the kernel did not start ({told})", zh=f"内核没有启动（{told}）") from None


def _kernel_manager(processes: Processes) -> type:
    """Make a kernel manager that notes the process of its kernel."""
    from jupyter_client.manager import AsyncKernelManager

    class Noted(AsyncKernelManager):
        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            processes.check()
            await super().start_kernel(**options)
            processes.add(self.provisioner.process)  # type: ignore[union-attr]

    return Noted


def _literal(path: Path) -> str:
    """Papermill fills in braces of a path; double them."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _cell_failure(run: _Run, problem: Any) -> ReportError:
    injected = next(
        (
            place
            for place, cell in enumerate(read_notebook(run.target)["cells"])
            if is_tagged(cell, "injected-parameters")
        ),
        None,
    )
    number = problem.cell_index + 1
    # papermill's own cells do not count: one with the parameters, none before the error while it runs
    if injected is not None and problem.cell_index >= injected - 1:
        number -= 1
    name = str(problem.ename).rsplit(".", 1)[-1]
    message = str(problem.evalue).strip()
    if name in OWN_ERRORS:  # it says what is wrong with the input; the cell would only puzzle
        return run.refusal(message, zh=_note(problem))
    return run.failure(f"{name}: {message}" if message else name, number=number, line=_first_line(problem.source))


def _note(problem: Any) -> str:
    """Give the Chinese message that a `VitalityError` carries as a note under its traceback."""
    last = str(problem.traceback[-1]) if problem.traceback else ""
    return "" if str(problem.evalue).strip() in last else re.sub(r"\x1b\[[0-9;]*m", "", last).strip()


def _check_complete(run: _Run) -> None:
    """Refuse a run that stopped early: sys.exit() in a cell is a success to papermill."""
    cells = read_notebook(run.target)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code" and source_of(cell).strip()]
    stopped = any(
        output.get("output_type") == "error" and output.get("ename") == "SystemExit"
        for cell in code
        for output in cell["outputs"]
    )
    missing = sum(cell["execution_count"] is None for cell in code)
    if stopped or missing:
        raise run.failure(
            f"the run stopped early, {missing} of {len(code)} code cells were not executed (sys.exit() in a cell?)",
            zh=f"运行提前结束，{len(code)} 个代码单元中有 {missing} 个没有执行（单元中有 sys.exit()？）",
        )


def _load_papermill() -> Any:
    """Import papermill without the 35 grammars that jsonschema builds when it finds rfc3987_syntax.

    See python-jsonschema/jsonschema#1428: 2 of the 2.5 seconds of the import. Only one kind of check of
    addresses is lost, which notebooks do not use.
    """
    with _IMPORTING:
        absent = "rfc3987_syntax" not in sys.modules
        if absent:
            sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
        try:
            import papermill
            import papermill.execute
        finally:
            if absent:
                del sys.modules["rfc3987_syntax"]
    return papermill


@contextmanager
def event_loop_of_thread() -> Iterator[None]:
    """Close the event loop that Jupyter keeps for a thread, when the thread is the caller's own and about to end."""
    try:
        yield
    finally:
        from jupyter_core.utils import ensure_event_loop

        ensure_event_loop().close()


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep the log of a library from the terminal; what matters is raised. Two runs may do so at a time."""

    def refuse(record: logging.LogRecord) -> bool:
        return False

    log = logging.getLogger(name)
    log.addFilter(refuse)
    try:
        yield
    finally:
        log.removeFilter(refuse)
