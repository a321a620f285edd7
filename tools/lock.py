"""Derive requirements.lock and environment.yml from pyproject.toml.

The lock is universal (Windows, macOS, Linux; Python 3.11 and newer), pinned by hash and free of
addresses, so that it works with any mirror. A test compares both files with pyproject.toml.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def environment_yml() -> str:
    """Give the text of environment.yml as pyproject2conda derives it."""
    command = [
        sys.executable, "-m", "pyproject2conda", "yaml", "--pyproject", "pyproject.toml",
        "--channel", "conda-forge", "--group", "dev", "--python-include", "infer",
        "--name", "vitality", "--req=-e .", "--no-header",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def write_lock() -> None:
    """Resolve anew; versions already in the lock are kept where they still fit."""
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes",
        "--python-version", "3.11", "--group", "dev", "--no-header", "--output-file", "requirements.lock",
        "pyproject.toml",
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    write_lock()
    (ROOT / "environment.yml").write_text(environment_yml(), encoding="utf-8", newline="\n")
