"""The processes of one run, ended together when it is interrupted."""

from __future__ import annotations

import subprocess
import threading

from vitality.errors import ReportError

__all__ = ["Processes"]


class Processes:
    """Kernels and programs that a run has started; may be used from several threads.

    Examples
    --------
    >>> import sys
    >>> running = Processes()
    >>> sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    >>> running.add(sleeper)
    >>> running.stop()
    >>> sleeper.wait() != 0
    True
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: list[subprocess.Popen[bytes]] = []
        self._stopped = False

    def add(self, process: subprocess.Popen[bytes]) -> None:
        """Note a process; after `stop` it is ended at once."""
        with self._lock:
            self._started.append(process)
            if self._stopped:
                process.kill()

    def stop(self) -> None:
        """End all of them, and those that are still to come."""
        with self._lock:
            self._stopped = True
            for process in self._started:
                process.kill()  # does nothing to one that has ended

    def check(self) -> None:
        """Refuse to go on with a run that was stopped.

        Raises
        ------
        ReportError
            If it was.
        """
        if self._stopped:
            raise ReportError("report: the run was stopped.", zh="报告的制作已中止。")
