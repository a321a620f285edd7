"""Text files with separators as records: csv in the encodings that survey platforms use, Excel's "Unicode text"."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from vitality.errors import SurveyError

_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = ",\t;"
#: First lines that tell the separator; the first of all may be a title.
_LOOKED_AT = 10


def read_delimited(path: Path) -> tuple[Iterator[list[str]], list[int]]:
    """Read a file separated by commas, tabs or semicolons.

    Returns
    -------
    tuple of (iterator of list of str, list of int)
        The records; and, once they are read, the lines (from 1) that hold a quotation mark without its partner.
        Such a mark would take in the lines after it up to the next mark; it is read as text, and each line as its
        own record.

    Raises
    ------
    SurveyError
        If the file is no text.
    """
    text = _decoded(path)
    lines = list(io.StringIO(text, newline=""))
    separator = _separator(lines[:_LOOKED_AT] or [""])
    if '"' not in text:  # nothing to unpack: several times as fast
        bare = (line.rstrip("\r\n") for line in lines)
        return (line.split(separator) if line else [] for line in bare), []
    longest = sum(map(len, lines))  # of an open mark, which is mended however much it takes in
    csv.field_size_limit(max(csv.field_size_limit(), longest))
    strays: list[int] = []
    return _records(lines, separator, strays), strays


def _separator(lines: Sequence[str]) -> str:
    """The sign that most lines hold often; where answers run over many lines, the one of the first line."""
    return max(_SEPARATORS, key=lambda sign: (median(line.count(sign) for line in lines), lines[0].count(sign)))


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-16",) if content.startswith(_UTF16_MARKS) else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
        raise SurveyError(
            f"{path.name}: this is no text. Expected a csv file; check how it was exported.",
            zh=f"{path.name}：不是文本文件。应为 csv，请检查导出方式。",
        )
    raise SurveyError(
        f"{path.name}: neither UTF-8, GB18030 nor UTF-16 text. Export it once more as csv, in UTF-8 or GBK.",
        zh=f"{path.name}：不是 UTF-8、GB18030 或 UTF-16 编码的文本。请重新导出为 UTF-8 或 GBK 编码的 csv。",
    )


def _records(lines: list[str], separator: str, strays: list[int]) -> Iterator[list[str]]:
    """Records of the lines; after a quotation mark that took in whole records it is read on from the next line."""
    widths: Counter[int] = Counter()
    at = 0
    while at < len(lines):
        start = at
        reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), delimiter=separator)
        for record in reader:
            end = start + reader.line_num
            if end - at > 1 and _takes_in_records(lines[at:end], separator, _usual(widths)):
                at += 1
                strays.append(at)
                yield _alone(lines[at - 1], separator)
                break
            widths[len(record)] += 1
            at = end
            yield record


def _usual(widths: Counter[int]) -> int:
    """The number of cells that most records have so far; the larger one, where a title stands above the head."""
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _takes_in_records(lines: list[str], separator: str, width: int) -> bool:
    """Whether the lines of one record are records of their own: as wide as the table, and numbered as the first is.

    The lines of an answer that was written on several lines are not: its record is as wide only as a whole.
    """
    first = _alone(lines[0], separator)
    if width < 2 or len(first) < width:
        return False
    numbered = first[0].strip().isdigit()
    others = (_alone(line, separator) for line in lines[1:])
    return any(len(cells) >= width and (cells[0].strip().isdigit() or not numbered) for cells in others)


def _alone(line: str, separator: str) -> list[str]:
    """Cells of one line by itself; where its quotation marks do not pair, they are text."""
    bare = line.rstrip("\r\n")
    try:
        return next(csv.reader([bare], delimiter=separator, strict=True), [])
    except csv.Error:
        cells = bare.split(separator)
        return [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]
