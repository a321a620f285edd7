"""Two exports of the same answers, by text and by code: joined by serial number and time, each answer counts once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vitality.framework import Instrument
from vitality.survey.blocks import Collected
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid

Key = tuple[str, str]


def new_answers(
    keys: Sequence[Key], grid: Grid, instrument: Instrument, found: Collected, *, by_code: bool
) -> npt.NDArray[np.bool_]:
    """Tell which rows of an export are to be used, beside what came in before.

    Where all answers of one export are in another, what they share is used once: as text rather than by code,
    because only the text names the town; otherwise as it came first. `found` is changed: rows that this export
    has as text are taken out, and a finding tells of them.

    Parameters
    ----------
    keys : sequence of (str, str)
        Serial number and time of each row; without a time nothing is joined.
    by_code : bool
        Whether this export holds numbers of options.
    """
    keep = np.ones(len(keys), dtype=bool)
    files = set()
    own = {key for key in keys if key[1]}
    for number, block in enumerate(found.blocks):
        theirs = list(zip(block.about.get("serial", ()), block.about.get("submitted", ())))
        before = {key for key in theirs if key[1]}
        shared = own & before
        if not shared or shared not in (own, before):
            continue
        if block.by_code and not by_code:
            found.blocks[number] = block.rows_kept(np.array([key not in shared for key in theirs]))
            dropped, kept = block.grid.file, grid.file
        else:
            keep &= np.array([key not in shared for key in keys])
            own -= shared
            dropped, kept = grid.file, block.grid.file
        files.add(dropped)
        details: dict[str, object] = {"n": len(shared), "kept": kept}
        found.findings.append(Finding("twin_export", instrument.code, dropped, value=dropped, details=details))
    found.blocks = [block for block in found.blocks if len(block.texts)]
    used = {block.grid.file for block in found.blocks} | ({grid.file} if keep.any() else set())
    _forget(files - used, found)
    return keep


def _forget(files: set[str], found: Collected) -> None:
    """Drop what was noticed in files of which nothing is used, such as columns that only the text export has."""
    found.findings = [
        finding
        for finding in found.findings
        if finding.rule in ("twin_export", "private_column") or finding.source.split(" / ")[0] not in files
    ]
