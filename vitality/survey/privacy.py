"""Personal data: found and masked before anything leaves the folder raw; small counts that are not shown."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import SurveyError, TableError
from vitality.framework import Instrument
from vitality.survey.blocks import Block, Collected
from vitality.survey.findings import Finding
from vitality.survey.raw import column_letters

KEY_FILE, KEY_VARIABLE = ".key", "VITALITY_KEY"
MASK = "[已隐去]"
_PERSONAL = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"  # mobile telephone
    r"|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"  # telephone
    r"|(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)"  # identity number
    r"|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.]+"  # e-mail
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"  # IP address
    r"|(?:微信号?|wechat|wx|qq)\s*[:：]?\s*[A-Za-z0-9_-]{5,20}",
    re.IGNORECASE,
)
#: Fewest signs of what is personal.
_SHORTEST = 7
_MAYBE = re.compile(r"\d{7}|\d{3}[- ]\d{4}|@|\.\d+\.|微信|wechat|wx|qq", re.IGNORECASE)


def mask_personal(text: str) -> str:
    """Mask telephone and identity numbers, e-mail and IP addresses, WeChat and QQ names in a text.

    Examples
    --------
    >>> mask_personal("找王老师 13800000000"), mask_personal("120")
    ('找王老师 [已隐去]', '120')
    """
    return _PERSONAL.sub(MASK, text) if len(text) >= _SHORTEST and _MAYBE.search(text) else text


def protect(found: Collected, instrument: Instrument, folder: Path) -> None:
    """Drop, hash or mask what is personal in the answers of one instrument, in place.

    Questions say ``private: drop`` or ``private: hash`` in the framework; in all others personal data are
    detected and masked. A finding tells where, without the value.

    Raises
    ------
    SurveyError
        If a question is to be hashed and there is no key.
    """
    for number, block in enumerate(found.blocks):
        texts = block.texts.copy(order="K")
        for position, question in enumerate(instrument.questions):
            if question.private == "drop":
                texts[:, position] = ""
            elif question.private == "hash":
                key = _key(folder, question.code)
                texts[:, position] = [_hashed(text, key) for text in texts[:, position]]
            else:
                _mask_column(texts, position, block, instrument, found)
        found.blocks[number] = replace(block, texts=texts)


def _mask_column(
    texts: npt.NDArray[np.object_], position: int, block: Block, instrument: Instrument, found: Collected
) -> None:
    column = texts[:, position]
    masked = {text: mask_personal(text) for text in set(column.tolist()) if len(text) >= _SHORTEST}
    masked = {text: new for text, new in masked.items() if new != text}
    if not masked:
        return
    code = instrument.question_codes[position]
    for row in range(len(column)):
        if column[row] in masked:
            cell = f"{column_letters(int(block.columns[row, position]))}{block.rows[row, position] + 1}"
            place = " / ".join(filter(None, (block.grid.file, block.grid.sheet, cell)))
            found.findings.append(Finding("private_text", instrument.code, place, question=code, value=MASK))
            column[row] = masked[column[row]]


def _key(folder: Path, code: str) -> bytes:
    """Key for hashing: of the environment, or of a file that stays in raw."""
    path = folder / "raw" / KEY_FILE
    text = os.environ.get(KEY_VARIABLE) or (path.read_text(encoding="utf-8").strip() if path.is_file() else "")
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


def protect_counts(counts: pd.DataFrame, *, minimum: int = 5) -> pd.DataFrame:
    """Show a table of persons without counts that point at single ones.

    Counts of 1 to `minimum` - 1 become ``<5``. Further cells become ``…``, so that no hidden cell can be had
    from the sums of its row and its column, which may be published beside the table [1]_.

    Parameters
    ----------
    counts : DataFrame, shape (n_rows, n_columns)
        Numbers of persons, whole and not negative, without margins.
    minimum : int
        Smallest count that is shown, other than 0.

    Returns
    -------
    DataFrame
        Text, shaped and labelled as `counts`.

    Raises
    ------
    TableError
        If a count is missing, negative or not whole.

    Notes
    -----
    After the usual complementary suppression, the interval of each hidden cell is computed by linear
    programming from all margins and from what the signs tell; cells are added until no interval is a point.
    A table with a single row or column cannot hide anything beside its total but all of it.

    References
    ----------
    .. [1] Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley. Chapter 4.

    Examples
    --------
    >>> table = pd.DataFrame({"men": [3, 20, 9], "women": [12, 30, 8]}, index=["a", "b", "c"])
    >>> protect_counts(table).to_numpy().tolist()
    [['<5', '…'], ['20', '30'], ['…', '…']]
    """
    values = counts.to_numpy(dtype=float)
    bad = ~np.isfinite(values) | (values < 0) | (values % 1 != 0)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise TableError(
            f"counts: row {counts.index[row]!r}, column {counts.columns[column]!r} holds {values[row, column]:g}; "
            "expected whole numbers of persons from 0.",
            zh=f"人数表：{counts.index[row]!r} 行 {counts.columns[column]!r} 列是 {values[row, column]:g}，"
            "应为非负整数。",
        )
    small = (values > 0) & (values < minimum)
    hidden = _hidden(values, small)
    shown = np.where(small, f"<{minimum}", np.where(hidden, "…", np.char.mod("%d", values)))
    return pd.DataFrame(shown, index=counts.index, columns=counts.columns, dtype=object)


def _hidden(values: npt.NDArray[np.float64], small: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Cells to hide: the small ones, partners in their rows and columns, and more until none can be computed."""
    hidden = small.copy()
    while True:
        lonely = _lonely(hidden) or _computable(values, small, hidden)
        if lonely is None:
            return hidden
        row, column, along_row = lonely
        line = [(row, j) for j in range(values.shape[1])] if along_row else [(i, column) for i in range(len(values))]
        free = [place for place in line if not hidden[place]]
        if not free:
            free = [(i, j) for i, j in np.argwhere(~hidden).tolist()]
        if not free:
            return hidden
        hidden[min(free, key=lambda place: (values[place] == 0, values[place], place))] = True


def _lonely(hidden: npt.NDArray[np.bool_]) -> tuple[int, int, bool] | None:
    """A hidden cell that is alone in its row or in its column."""
    for along_row, counts in ((True, hidden.sum(axis=1)), (False, hidden.sum(axis=0))):
        for line in np.flatnonzero(counts == 1).tolist():
            cells = np.flatnonzero(hidden[line] if along_row else hidden[:, line])
            place = (line, int(cells[0])) if along_row else (int(cells[0]), line)
            if hidden.shape[along_row] > 1:
                return (*place, along_row)
    return None


def _computable(
    values: npt.NDArray[np.float64], small: npt.NDArray[np.bool_], hidden: npt.NDArray[np.bool_]
) -> tuple[int, int, bool] | None:
    """A small cell whose value follows from the margins, by linear programming."""
    from scipy.optimize import linprog

    places = np.argwhere(hidden)
    if not len(places):
        return None
    lines = [places[:, axis] == line for axis in (0, 1) for line in np.unique(places[:, axis])]
    sums = np.array([values[tuple(places[line].T)].sum() for line in lines])
    bounds = [(1, float(values[small].max())) if small[tuple(place)] else (0, None) for place in places]
    for number, place in enumerate(places.tolist()):
        if not small[tuple(place)]:
            continue
        aim = np.zeros(len(places))
        aim[number] = 1
        ends = [
            linprog(sign * aim, A_eq=np.array(lines, dtype=float), b_eq=sums, bounds=bounds).fun for sign in (1, -1)
        ]
        if None not in ends and abs(ends[0] + ends[1]) < 1e-6 and not hidden.all():
            return place[0], place[1], hidden[place[0]].sum() <= hidden[:, place[1]].sum()
    return None
