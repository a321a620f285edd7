"""Keep notebooks/*.ipynb and their text twins notebooks/src/*.py in step.

``python tools/notebooks.py`` writes the notebooks from the texts, without outputs;
``python tools/notebooks.py --from-ipynb`` writes the texts from the notebooks.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(text: str) -> NotebookNode:
    """Make the notebook of a text in the percent format: no outputs, cells numbered from 1."""
    made = jupytext.reads(text, fmt="py:percent")
    for number, cell in enumerate(made.cells, 1):
        cell["id"] = f"cell-{number:02d}"
    made["metadata"] = nbformat.from_dict(METADATA)
    made["nbformat"], made["nbformat_minor"] = 4, 5
    return made


def notebook_text(text: str) -> str:
    """Make the file of the notebook of a text."""
    return nbformat.writes(notebook(text)) + "\n"


def source_text(path: Path) -> str:
    """Make the text twin of a notebook file, without metadata and outputs."""
    made = nbformat.read(path, as_version=4)
    made["metadata"] = nbformat.from_dict({})
    text = jupytext.writes(made, fmt="py:percent")
    return text[text.index("# %%") :]


if __name__ == "__main__":
    if "--from-ipynb" in sys.argv:
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            (NOTEBOOKS / "src" / f"{path.stem}.py").write_text(source_text(path), encoding="utf-8", newline="\n")
    for source in sorted((NOTEBOOKS / "src").glob("*.py")):
        text = notebook_text(source.read_text(encoding="utf-8"))
        (NOTEBOOKS / f"{source.stem}.ipynb").write_text(text, encoding="utf-8", newline="\n")
