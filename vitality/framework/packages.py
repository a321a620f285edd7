"""A look into a workbook before it is read: passwords, bombs, macros, formulas, error values, far cells."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from vitality.errors import VitalityError
from vitality.framework.files import FIXED_MOMENT

#: Largest workbook that is unpacked, in bytes; a national list of 100,000 rows is about 250 MB.
LARGEST = 1 << 30
#: A part this many times larger than its packed size is no form.
_HIGHEST_RATIO, _RATIO_FROM = 400, 64 << 20
#: Cells between the first and the last one that are held at once; a sheet with more is read row by row.
_MOST_CELLS = 20_000_000
#: Cells that a sheet may have when it is read row by row, blank ones before the last of each row among them.
_MOST_SPARSE_CELLS = 50_000_000
#: Rows and columns that a sheet can have.
_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14
_ZIP, _OLD_OFFICE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: Literal text in a number format, in which % is only a sign.
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CHUNK = 1 << 22
_MODIFIED = re.compile(rb"<(?:\w+:)?modified\b[^>]*>([^<]{10,40})</")
_PLACE = re.compile(r"([A-Za-z]+)([0-9]+)")
Place = tuple[int, int]


@dataclass
class SheetCells:
    """What a sheet holds that calamine does not tell.

    `formulas` are (cell, formula) with a stored result, `lost` the texts of error values and of formulas without a
    result by place, `percent` the places of numbers that Excel shows as per cent, `merged` areas as ((first row,
    first column), (last row, last column)); places count from 0. A `sparse` sheet has its cells too far apart to be
    held as a whole.
    """

    formulas: list[tuple[str, str]] = field(default_factory=list)
    lost: dict[Place, str] = field(default_factory=dict)
    percent: set[Place] = field(default_factory=set)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    sparse: bool = False


@dataclass(frozen=True)
class Look:
    """What a workbook hides: its sheets, whether it has macros, and the moment (ISO) at which it was saved last."""

    sheets: dict[str, SheetCells] = field(default_factory=dict)
    macros: bool = False
    saved: str = ""


def inspect_package(path: Path, *, error: type[VitalityError]) -> Look:
    """Look into a workbook: what each sheet hides, whether it has macros, and when it was saved.

    Parameters
    ----------
    path : Path
    error : type
        What is raised.

    Raises
    ------
    VitalityError
        If it has a password, is no workbook, or would fill the memory when unpacked.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLD_OFFICE:
        if _ENCRYPTED in path.read_bytes():
            raise protected_workbook(path, error=error)
        return Look()
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return Look()
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_bomb(path, package, error)
            parts = {_part_name(name): name for name in package.namelist()}
            if len(parts) < len(package.namelist()):
                raise zipfile.BadZipFile("a part is there twice")
            macros = any(name.endswith("vbaproject.bin") for name in parts)
            sheets = {name: parts[part] for name, part in _sheets(package) if part in parts}
            percent = _percent_styles(package, parts)
            cells = {name: _Scan(percent).read(package, part) for name, part in sheets.items()}
            return Look(cells, macros, _saved(package, parts))
    except VitalityError:
        raise
    except (
        zipfile.BadZipFile, ElementTree.ParseError, expat.ExpatError, KeyError, NotImplementedError, OSError, EOFError,
        ValueError,
    ):  # fmt: skip
        raise unreadable_workbook(path, error=error) from None


def protected_workbook(path: Path, *, error: type[VitalityError]) -> VitalityError:
    """Say that a workbook has a password."""
    return error(
        f"{path.name}: cannot be read as a workbook: it is protected with a password. "
        "Ask the sender for it without a password.",
        zh=f"{path.name}：不能作为工作簿读取：设有打开密码。请填报单位取消密码后重发。",
    )


def unreadable_workbook(path: Path, *, error: type[VitalityError]) -> VitalityError:
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
    return error(
        f"{path.name}: cannot be read as a workbook: {what}. Open it in Excel, save it again as .xlsx, "
        "or ask the sender for it once more.",
        zh=f"{path.name}：不能作为工作簿读取：{zh}。请用 Excel 打开后重新另存为 .xlsx，或请填报单位重发。",
    )


def _refuse_bomb(path: Path, package: zipfile.ZipFile, error: type[VitalityError]) -> None:
    parts = package.infolist()
    size = sum(part.file_size for part in parts)
    ratio = max(
        (part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > _RATIO_FROM), default=0
    )
    if size > LARGEST or ratio > _HIGHEST_RATIO:
        raise error(
            f"{path.name}: {path.stat().st_size / 1e6:.1f} MB would become {size / 1e6:,.0f} MB when unpacked; it was "
            "not opened. A form is smaller: ask the sender for it once more, or send a long list as csv.",
            zh=f"{path.name}：{path.stat().st_size / 1e6:.1f} MB 的文件解压后有 {size / 1e6:,.0f} MB，未打开。"
            "填报表不会这样大；请填报单位重发，长名录请用 csv。",
        )


def _saved(package: zipfile.ZipFile, parts: dict[str, str]) -> str:
    """When the workbook was saved, as its own program wrote it; nothing where that is not said, or is a fixed date."""
    part = parts.get("docprops/core.xml")
    found = _MODIFIED.search(package.read(part)) if part else None
    moment = found[1].decode("ascii", "replace").strip() if found else ""
    return "" if moment == FIXED_MOMENT else moment


def _part_name(name: str) -> str:
    """Name of a part as readers compare it: letters of either size, either slash."""
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).lower()


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet and the part that holds it."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): str(item.get("Target")) for item in relations}
    for element in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
            target = targets.get(key, "").replace("\\", "/")
            yield str(element.get("name")), _part_name(target if target.startswith("/") else f"xl/{target}")


def _percent_styles(package: zipfile.ZipFile, parts: dict[str, str]) -> frozenset[str]:
    """Numbers of the looks in which a number is shown as per cent; most workbooks have none."""
    if "xl/styles.xml" not in parts:
        return frozenset()
    root = ElementTree.fromstring(package.read(parts["xl/styles.xml"]))
    tag = root.tag.removesuffix("styleSheet")
    formats = {"9", "10"} | {
        str(item.get("numFmtId"))
        for item in root.iter(f"{tag}numFmt")
        if "%" in _LITERAL.sub("", str(item.get("formatCode")))
    }
    looks = root.findall(f"{tag}cellXfs/{tag}xf")
    return frozenset(str(number) for number, look in enumerate(looks) if look.get("numFmtId") in formats)


@cache
def _odd_cell(percent: frozenset[str]) -> re.Pattern[bytes]:
    """What finds a cell or row not written as all programs write plain values within 182 columns and 99,999 rows.

    A sheet without any has nothing to tell and is near; to see that takes a quarter of the time of reading it as XML.
    """
    plain = rf'(?!(?:{"|".join(sorted(percent))})")\d+' if percent else r"\d+"
    return re.compile(
        (
            rf'<(?!/|v>|row r="\d{{1,5}}"[ >]|c r="[A-F]?[A-Z]\d{{1,5}}"(?: s="{plain}")?'
            r'(?: t="(?:[nbs]|str|inlineStr)")?/?>)(?:c|row|f|\w+:)\b'
        ).encode()
    )


def _pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Pieces of a part, none of which ends within a tag."""
    with package.open(part) as file:
        rest = b""
        while piece := file.read(_CHUNK):
            whole, _, rest = (rest + piece).rpartition(b"<")
            rest = b"<" + rest
            yield whole


class _Kinds(dict[str, str]):
    """Names of elements without their prefix, each worked out once."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, name.rpartition(":")[2])


class _Scan:
    """Goes through a sheet once, as XML: only formulas and error values cost more than a glance."""

    def __init__(self, percent: frozenset[str]) -> None:
        self._found, self._percent = SheetCells(), percent
        self._rows, self._letters = {"0"}, {""}
        self._row, self._cell = 0, ""
        self._formula, self._error, self._inside = False, False, ""
        self._texts = {"f": "", "v": ""}
        self._kinds = _Kinds()
        self._parser = expat.ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start

    def read(self, package: zipfile.ZipFile, part: str) -> SheetCells:
        if not any(map(_odd_cell(self._percent).search, _pieces(package, part))):
            return self._found
        with package.open(part) as file:
            self._parser.ParseFile(file)
        height, width = max(map(int, self._rows)), max(map(_number, self._letters))
        if height > _MOST_ROWS or width > _MOST_COLUMNS:
            raise ValueError(f"a cell in row {height}, column {width}, where no sheet has one")
        self._found.sparse = height * width > _MOST_CELLS
        return self._found

    def _start(self, name: str, attributes: list[str]) -> None:
        kind = self._kinds[name]
        if kind == "c":
            self._cell = cell = attributes[1] if attributes and attributes[0] == "r" else self._named(attributes)
            letters = cell.rstrip("0123456789")
            self._letters.add(letters)
            self._rows.add(cell[len(letters) :])
            if "e" in attributes:
                self._watch()
                self._error = True
            elif self._percent and not self._percent.isdisjoint(attributes):
                self._note_percent(attributes)
        elif kind == "v":
            self._inside = kind
        elif kind == "row":
            given = _attribute(attributes, "r")
            self._row, self._cell = int(given) if given else self._row + 1, ""
            self._rows.add(str(self._row))
        elif kind == "f":
            self._watch()
            self._inside, self._formula = kind, True
        elif kind == "mergeCell":
            first, _, last = _attribute(attributes, "ref").partition(":")
            self._found.merged.append((cell_place(first), cell_place(last or first)))

    def _note_percent(self, attributes: list[str]) -> None:
        if _attribute(attributes, "s") in self._percent and _attribute(attributes, "t") in ("", "n"):
            self._found.percent.add(cell_place(self._cell))

    def _named(self, attributes: list[str]) -> str:
        """Name of a cell that does not begin with it; one that does not say it stands right of the last one."""
        beside = cell_place(self._cell)[1] + 1 if self._cell else 0
        return _attribute(attributes, "r") or f"{column_letters(beside)}{self._row}"

    def _watch(self) -> None:
        """Listen to what stands in the cell, until it ends."""
        if self._parser.EndElementHandler is None:
            self._texts, self._formula, self._error = {"f": "", "v": ""}, False, False
            self._parser.CharacterDataHandler = self._text
            self._parser.EndElementHandler = self._end

    def _text(self, text: str) -> None:
        if self._inside:
            self._texts[self._inside] += text

    def _end(self, name: str) -> None:
        self._inside = ""
        if self._kinds[name] != "c":
            return
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        formula, value = "=" + self._texts["f"] if self._formula else "", self._texts["v"]
        if self._error or not value:
            self._found.lost[cell_place(self._cell)] = value or formula or "#ERROR!"
        else:
            self._found.formulas.append((self._cell, formula))


def _attribute(attributes: list[str], name: str) -> str:
    return dict(zip(attributes[::2], attributes[1::2])).get(name, "")


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


@cache
def column_letters(column: int) -> str:
    """Name a column as Excel does.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_place(cell: str) -> tuple[int, int]:
    """Row and column of a cell, from 0.

    Examples
    --------
    >>> cell_place("D12"), cell_place("AA1")
    ((11, 3), (0, 26))
    """
    match = _PLACE.fullmatch(cell)
    return (int(match[2]) - 1, _number(match[1]) - 1) if match else (0, 0)


def sparse_rows(path: Path, name: str, *, error: type[VitalityError]) -> list[list[object]]:
    """Read a sheet whose cells lie far apart, row by row, by openpyxl.

    Raises
    ------
    VitalityError
        If it would fill the memory even so.
    """
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    rows: list[list[object]] = []
    cells = 0
    try:
        sheet = book[name]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            rows.append(["" if value is None else value for value in row])
            cells += len(row)
            if cells > _MOST_SPARSE_CELLS:
                raise error(
                    f"{path.name}, sheet {name!r}: more than {_MOST_SPARSE_CELLS:,} cells; it was not read. Delete the "
                    "rows and columns behind the last answer, save, or send a long list as csv.",
                    zh=f"{path.name}，工作表“{name}”：超过{_MOST_SPARSE_CELLS:,}个单元格，未读入。"
                    "请删除最后一个答案之后的行和列再保存，长名录请用 csv。",
                )
    finally:
        book.close()
    while rows and all(value == "" for value in rows[-1]):
        rows.pop()
    return rows


def with_lost_cells(rows: list[list[Any]], found: SheetCells, row: int = 0, column: int = 0) -> tuple[int, int]:
    """Put error values and formulas without a result, which calamine leaves blank, where they stand.

    `rows` are changed; `row` and `column` are the place of their first cell, from 0. Gives that place, which may move
    up or left.
    """
    if not found.lost:
        return row, column
    if not rows:
        row, column = min(place[0] for place in found.lost), min(place[1] for place in found.lost)
    up = max(0, row - min(place[0] for place in found.lost))
    left = max(0, column - min(place[1] for place in found.lost))
    rows[:0] = [[] for _ in range(up)]
    if left:
        rows[:] = [[""] * left + line for line in rows]
    row, column = row - up, column - left
    for (at_row, at_column), text in found.lost.items():
        rows.extend([] for _ in range(at_row - row - len(rows) + 1))
        line = rows[at_row - row]
        line.extend("" for _ in range(at_column - column - len(line) + 1))
        line[at_column - column] = text
    return row, column
