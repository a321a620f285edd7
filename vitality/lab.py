"""JupyterLab with the language of the user, no news question, and nothing fetched from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vitality.framework import Lang


def lab_environment(lang: Lang = "zh") -> dict[str, str]:
    """Environment in which JupyterLab starts with our defaults before the user's own settings.

    Examples
    --------
    >>> lab_environment("zh")["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0].endswith("zh")
    True
    """
    settings = Path(__file__).parent / "jupyter" / lang
    paths = [str(settings), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def open_lab(folder: Path, *, lang: Lang = "zh") -> int:
    """Open JupyterLab on a folder, wait until it ends, and give its exit status."""
    return subprocess.call([sys.executable, "-m", "jupyterlab", str(folder)], env=lab_environment(lang))
