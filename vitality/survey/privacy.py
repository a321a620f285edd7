"""Personal data that a round declares or that is found in it: dropped, hashed or masked before anything leaves raw."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vitality.errors import SurveyError
from vitality.framework import Instrument
from vitality.framework.packages import column_letters
from vitality.survey.blocks import Block, Collected
from vitality.survey.findings import Finding
from vitality.survey.personal import MASK, masked_texts

KEY_FILE, KEY_VARIABLE = ".key", "VITALITY_KEY"
#: What is told of a respondent and may hold personal data.
_ABOUT = ("respondent", "unit", "name", "group")


def protect(found: Collected, instrument: Instrument, folder: Path) -> None:
    """Drop, hash or mask what is personal in the answers of one instrument, in place.

    Questions say ``private: drop`` or ``private: hash`` in the framework; in all others, and in the names of
    units and respondents, personal data are detected and masked. A finding tells where, without the value.

    Raises
    ------
    SurveyError
        If a question is to be hashed and there is no key.
    """
    for number, block in enumerate(found.blocks):
        texts, told = block.texts.copy(order="K"), len(found.findings)
        for position, question in enumerate(instrument.questions):
            if question.private == "drop":
                texts[:, position] = ""
            elif question.private == "hash":
                key = _key(folder, question.code)
                texts[:, position] = [_hashed(text, key) for text in texts[:, position]]
            else:
                _mask_column(texts, position, block, instrument, found)
        about = {name: _masked(column) if name in _ABOUT else column for name, column in block.about.items()}
        shielded = any(question.private for question in instrument.questions) or len(found.findings) > told
        hidden = texts != block.texts if shielded else None
        found.blocks[number] = replace(block, texts=texts, about=about, hidden=hidden)


def _masked(texts: Sequence[str]) -> Sequence[str]:
    masked = masked_texts(texts)
    return [masked.get(text, text) for text in texts] if masked else texts


def _mask_column(
    texts: npt.NDArray[np.object_], position: int, block: Block, instrument: Instrument, found: Collected
) -> None:
    column = texts[:, position]
    masked = masked_texts(column.tolist())
    if not masked:
        return
    code = instrument.question_codes[position]
    for row in range(len(column)):
        if column[row] in masked:
            cell = f"{column_letters(int(block.columns[row, position]))}{block.rows[row, position] + 1}"
            place = " / ".join(filter(None, (block.grid.file, block.grid.sheet, cell)))
            found.findings.append(Finding("private_text", instrument.code, place, question=code, value=MASK))
            column[row] = masked[column[row]]


def key_text(folder: Path) -> str:
    """Key for hashing: of the environment, or of a file that stays in raw; nothing when there is none."""
    path = folder / "raw" / KEY_FILE
    return os.environ.get(KEY_VARIABLE) or (path.read_text(encoding="utf-8").strip() if path.is_file() else "")


def _key(folder: Path, code: str) -> bytes:
    path, text = folder / "raw" / KEY_FILE, key_text(folder)
    if not text:
        raise SurveyError(
            f"{path}: question {code!r} is to be hashed (private: hash) and there is no key. Put a long secret text "
            f"into this file or into {KEY_VARIABLE}; keep it, so that rounds can be joined.",
            zh=f"{path}：题目 {code!r} 须加密（private: hash），但没有密钥。请在该文件或环境变量 {KEY_VARIABLE} "
            "中放一段较长的密钥，并妥善保存，以便各轮对应。",
        )
    return text.encode()


def _hashed(text: str, key: bytes) -> str:
    word = text.strip()
    return hmac.new(key, word.encode(), hashlib.sha256).hexdigest()[:16] if word else ""
