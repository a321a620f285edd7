"""Heads of workbooks that towns make: merged cells, several levels."""

from __future__ import annotations

from itertools import pairwise

from vitality.survey.grids import Grid
from vitality.survey.personal import mask_personal
from vitality.survey.unit_notes import is_unit_note

JOIN = " / "


def filled(grid: Grid) -> list[list[str]]:
    """Give the texts of a grid from the first row and column of the sheet on, merged cells filled with their text."""
    width = max((len(row) for row in grid.texts), default=0) + grid.first_column
    rows = [[""] * width for _ in range(grid.first_row)]
    rows += [([""] * grid.first_column + row + [""] * width)[:width] for row in grid.texts]
    for (top, left), (bottom, right) in grid.merged:
        if top >= len(rows) or left >= width:
            continue
        text = rows[top][left]
        for row in rows[top : min(bottom, len(rows) - 1) + 1]:
            row[left : min(right, width - 1) + 1] = [text] * (min(right, width - 1) - left + 1)
    return rows


def head_paths(rows: list[list[str]], first: int, last: int, *, spread: bool = False) -> list[str]:
    """Join the levels of a head, column by column; `spread` fills blank cells of upper levels from the left.

    Examples
    --------
    >>> head_paths([["街镇", "志愿者", "志愿者"], ["街镇", "总数", "活跃"]], 0, 1)
    ['街镇', '志愿者 / 总数', '志愿者 / 活跃']
    """
    levels = [list(row) for row in rows[first : last + 1]]
    if spread:
        for level, below in pairwise(levels):
            for column in range(1, len(level)):
                if not level[column].strip() and below[column].strip():
                    level[column] = level[column - 1]
    return [path(texts) for texts in zip(*levels)] if levels else []


def path(texts: tuple[str, ...] | list[str]) -> str:
    """Join the levels of one head, personal data masked; repeated texts, blanks and notes of units are left out."""
    words = [mask_personal(" ".join(text.split())) for text in texts]
    return JOIN.join(dict.fromkeys(word for word in words if word and not is_unit_note(word)))
