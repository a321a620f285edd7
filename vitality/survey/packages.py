"""A look into a workbook before it is read: passwords, bombs, macros, formulas, error values, far cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from vitality.errors import SurveyError

#: Largest workbook that is unpacked, in bytes; a national list of 100,000 rows is about 250 MB.
LARGEST = 1 << 30
#: A part this many times larger than its packed size is no form.
_HIGHEST_RATIO, _RATIO_FROM = 400, 64 << 20
#: Cells between the first and the last one that are held at once; a sheet with more is read row by row.
_MOST_CELLS = 20_000_000
_ZIP, _OLD_OFFICE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ERROR = re.compile(
    rb'<(?:\w+:)?c(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3}\d+)"[^>]*>(?:<(?:\w+:)?f[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?'
    rb"<(?:\w+:)?v>([^<]*)<"
)
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]{1,3}\d+)"[^>]*><(?:\w+:)?f[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)'
    rb"(?:<(?:\w+:)?v>([^<]*)<)?"
)
#: These begin with plain letters, which makes them several times faster; what else they find does no harm.
_ROW = re.compile(rb'row\b[^>]*?\br="(\d{1,7})"')
_COLUMNS = re.compile(rb'r="([A-Z]{1,3})\d+"')
_PLACE = re.compile(r"([A-Z]+)(\d+)")
#: Literal text in a number format, in which % is only a sign.
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CHUNK, _OVERLAP = 1 << 22, 1 << 14


@dataclass
class SheetCells:
    """What a sheet holds that calamine does not tell.

    (cell, formula); texts of lost cells by place; places of numbers that Excel shows as per cent; far cells.
    """

    formulas: list[tuple[str, str]] = field(default_factory=list)
    lost: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: set[tuple[int, int]] = field(default_factory=set)
    sparse: bool = False


def inspect_package(path: Path) -> tuple[dict[str, SheetCells], tuple[tuple[str, str, str], ...]]:
    """Look into a workbook: what each sheet hides, and whether the workbook has macros.

    Raises
    ------
    SurveyError
        If it has a password, is no workbook, or would fill the memory when unpacked.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLD_OFFICE:
        if _ENCRYPTED in path.read_bytes():
            raise protected_workbook(path)
        return {}, ()
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return {}, ()
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_bomb(path, package)
            names = set(package.namelist())
            macros = (("macros", "", path.name),) if any(name.endswith("vbaProject.bin") for name in names) else ()
            percent = _percent_cells(package) if "xl/styles.xml" in names else None
            return {sheet: _scan(package, part, percent) for sheet, part in _sheets(package) if part in names}, macros
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, NotImplementedError, OSError, EOFError):
        raise unreadable_workbook(path) from None


def protected_workbook(path: Path) -> SurveyError:
    """Say that a workbook has a password."""
    return SurveyError(
        f"{path.name}: cannot be read as a workbook: it is protected with a password. "
        "Ask the sender for it without a password.",
        zh=f"{path.name}：不能作为工作簿读取：设有打开密码。请填报单位取消密码后重发。",
    )


def unreadable_workbook(path: Path) -> SurveyError:
    """Say that a file is no workbook that can be read, and why, by how it begins."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        what, zh = "it is empty", "文件是空的"
    elif start.startswith(_ZIP):
        what, zh = "it is damaged or not complete", "文件不完整或已损坏，可能没有传完"
    elif start.startswith(_OLD_OFFICE):
        what, zh = "it is damaged, or of an older format than its ending says", "文件已损坏，或格式比后缀所示的旧"
    elif start.lstrip().startswith(b"<"):
        what, zh = "it is a web page with the ending of a workbook", "内容是网页，只是后缀像工作簿"
    else:
        what, zh = "its content is of another kind", "内容不是工作簿"
    return SurveyError(
        f"{path.name}: cannot be read as a workbook: {what}. Open it in Excel, save it again as .xlsx, "
        "or ask the sender for it once more.",
        zh=f"{path.name}：不能作为工作簿读取：{zh}。请用 Excel 打开后重新另存为 .xlsx，或请填报单位重发。",
    )


def _refuse_bomb(path: Path, package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    size = sum(part.file_size for part in parts)
    ratio = max(
        (part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > _RATIO_FROM), default=0
    )
    if size > LARGEST or ratio > _HIGHEST_RATIO:
        raise SurveyError(
            f"{path.name}: {path.stat().st_size / 1e6:.1f} MB would become {size / 1e6:,.0f} MB when unpacked; it was "
            "not opened. A form is smaller: ask the sender for it once more, or send a long list as csv.",
            zh=f"{path.name}：{path.stat().st_size / 1e6:.1f} MB 的文件解压后有 {size / 1e6:,.0f} MB，未打开。"
            "填报表不会这样大；请填报单位重发，长名录请用 csv。",
        )


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet and the part that holds it."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): str(item.get("Target")) for item in relations}
    for element in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
            target = targets.get(key, "")
            yield str(element.get("name")), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _percent_cells(package: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """What finds the numbers in cells with a percent format; None when no cell can have one, as is usual."""
    root = ElementTree.fromstring(package.read("xl/styles.xml"))
    tag = root.tag.removesuffix("styleSheet")
    formats = {"9", "10"} | {
        str(item.get("numFmtId"))
        for item in root.iter(f"{tag}numFmt")
        if "%" in _LITERAL.sub("", str(item.get("formatCode")))
    }
    looks = root.findall(f"{tag}cellXfs/{tag}xf")
    found = [str(number) for number, look in enumerate(looks) if look.get("numFmtId") in formats]
    if not found:
        return None
    styles = "|".join(found).encode()
    return re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bs="(?:' + styles + rb')")(?![^>]*\bt="[^n])[^>]*\br="([A-Z]{1,3}\d+)"')


def _scan(package: zipfile.ZipFile, part: str, percent: re.Pattern[bytes] | None) -> SheetCells:
    """Go through a sheet once, piece by piece."""
    found = SheetCells()
    last_row, columns = 0, set[bytes]()
    lost: dict[str, str] = {}
    formulas: dict[str, str] = {}
    for piece in _pieces(package, part):
        rows = _ROW.findall(piece)
        last_row = max(last_row, int(rows[-1])) if rows else last_row
        columns.update(_COLUMNS.findall(piece))
        if percent is not None:
            found.percent.update(cell_place(cell.decode()) for cell in percent.findall(piece))
        if b't="e"' in piece:
            lost |= {cell.decode(): _unescaped(text) for cell, text in _ERROR.findall(piece)}
        if b"<f" in piece or b":f" in piece:
            for cell, formula, value in _FORMULA.findall(piece):
                formulas[cell.decode()] = "=" + _unescaped(formula)
                if not value:
                    lost.setdefault(cell.decode(), "=" + _unescaped(formula))
    width = max((_number(name.decode()) for name in columns), default=0)
    found.sparse = last_row * width > _MOST_CELLS
    found.formulas = [(cell, text) for cell, text in formulas.items() if cell not in lost]
    found.lost = {cell_place(cell): text for cell, text in lost.items()}
    return found


def _pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Pieces of a part that overlap a little, so that no cell is cut in all of them."""
    with package.open(part) as file:
        tail = b""
        while piece := file.read(_CHUNK):
            yield tail + piece
            tail = piece[-_OVERLAP:]


def _unescaped(text: bytes) -> str:
    from xml.sax.saxutils import unescape

    return unescape(text.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def cell_place(cell: str) -> tuple[int, int]:
    """Row and column of a cell, from 0.

    Examples
    --------
    >>> cell_place("D12"), cell_place("AA1")
    ((11, 3), (0, 26))
    """
    match = _PLACE.fullmatch(cell)
    return (int(match[2]) - 1, _number(match[1]) - 1) if match else (0, 0)


def sparse_rows(path: Path, name: str) -> list[tuple[object, ...]]:
    """Read a sheet whose cells lie far apart, row by row, by openpyxl."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book[name]
        sheet.reset_dimensions()
        rows: list[tuple[object, ...]] = list(sheet.iter_rows(values_only=True))
    finally:
        book.close()
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    return rows
