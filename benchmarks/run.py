"""Measure how fast the road is: cold starts, the stages of a round, the published report.

``python benchmarks/run.py`` prints a table of medians; run it on an idle machine. Times of cold processes are
given beside ``import pandas`` in the same run, so that machines can be compared.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUND = ROOT / "data" / "rounds" / "2024"
CLEAN = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def seconds(work: Callable[[], object], *, times: int) -> float:
    """Median wall time of `times` calls, after one call that is not counted."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def process(*words: str) -> Callable[[], object]:
    """Give a call that runs a cold Python process."""
    return lambda: subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=CLEAN, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def cold_starts() -> dict[str, float]:
    """Processes that import, help, or publish."""
    found = {
        "import pandas": seconds(process("-c", "import pandas"), times=7),
        "import pandas, vitality": seconds(process("-c", "import pandas, vitality"), times=7),
        "import vitality; read_framework": seconds(
            process("-c", "import vitality as vt; vt.read_framework('redcross')"), times=7
        ),
        "vitality --help": seconds(process("-m", "vitality", "--help"), times=7),
    }
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "2024"

        def publish(*lang: str) -> None:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(ROUND, copy, ignore=shutil.ignore_patterns("clean", "manifest.json"))
            process("-m", "vitality", "report", str(copy), "-o", str(Path(folder) / "out"), "--lang", *lang)()

        found["report, three formats, Chinese"] = seconds(lambda: publish("zh"), times=3)
        found["report, three formats, Chinese and English"] = seconds(lambda: publish("both"), times=3)
    return found


def stages() -> dict[str, float]:
    """The stages of the example round in a warm process."""
    import vitality as vt

    framework = vt.round_framework(ROUND)
    raw = vt.read_round(ROUND, framework)
    survey = vt.clean_round(raw, framework)
    matrix = vt.compute_indicators(survey, framework)
    resources = vt.compute_resources(survey, framework)
    judgements = vt.round_judgements(ROUND, framework)
    result = vt.build_index(matrix, framework, units=survey.units)
    return {
        "read_round": seconds(lambda: vt.read_round(ROUND, framework), times=5),
        "check_round": seconds(lambda: vt.check_round(raw, framework), times=5),
        "clean_round": seconds(lambda: vt.clean_round(raw, framework), times=5),
        "compute_indicators": seconds(lambda: vt.compute_indicators(survey, framework), times=5),
        "round_weights (10 experts, 20 nodes)": seconds(
            lambda: vt.round_weights(judgements, matrix, framework), times=5
        ),
        "build_index (24 x 35)": seconds(lambda: vt.build_index(matrix, framework, units=survey.units), times=21),
        "correlate_resources (14 x 7, 9,999 permutations)": seconds(
            lambda: vt.correlate_resources(result, resources, seed=1), times=5
        ),
    }


def main() -> None:
    """Print the table."""
    starts = cold_starts()
    base = starts["import pandas"]
    print("| what | seconds | beside import pandas |\n|---|---|---|")
    for name, value in starts.items():
        print(f"| {name} | {value:.2f} | {value / base:.2f} |")
    for name, value in stages().items():
        print(f"| {name} | {value:.4f} | {value / base:.3f} |")


if __name__ == "__main__":
    main()
