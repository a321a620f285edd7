"""Make the two Word reference documents, reference_zh.docx and reference_en.docx, from pandoc's default.

Usage: ``python vitality/report/pandoc/build_references.py`` (needs python-docx, a development dependency).

The Chinese one keeps close to GB/T 9704-2012: A4, margins 37/35/28/26 mm, title 22 pt 小标宋 centred, headings
黑体, 楷体 and 仿宋, body 三号 (16 pt) 仿宋 with fixed 28 pt line pitch and two letters of indent, page number
between dashes. The fonts are named in the file, not shipped. Pandoc copies styles, header, footer and page from here.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pypandoc
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor

HERE = Path(__file__).parent
NOTICE_PLACE = "NOTICE"
"""Text in the header that rendering replaces by the running notice."""

INK = RGBColor(0, 0, 0)


@dataclass(frozen=True)
class Look:
    """Fonts and sizes (points) of one language."""

    body: str
    title: str
    heads: tuple[str, str, str]
    latin: str
    body_size: float
    title_size: float
    head_sizes: tuple[float, float, float]
    pitch: float | None
    indent: bool
    caption: str
    table: str
    table_sizes: tuple[float, float, float]
    page_number: str


ZH = Look(
    body="仿宋_GB2312",
    title="方正小标宋简体",
    heads=("黑体", "楷体_GB2312", "仿宋_GB2312"),
    latin="Times New Roman",
    body_size=16,
    title_size=22,
    head_sizes=(16, 16, 16),
    pitch=28,
    indent=True,
    caption="黑体",
    table="宋体",
    table_sizes=(10.5, 9, 7.5),
    page_number="— {} —",
)
EN = Look(
    body="宋体",
    title="宋体",
    heads=("黑体", "黑体", "黑体"),
    latin="Times New Roman",
    body_size=11,
    title_size=20,
    head_sizes=(14, 12, 11),
    pitch=None,
    indent=False,
    caption="宋体",
    table="宋体",
    table_sizes=(10, 9, 7.5),
    page_number="{}",
)
TABLE_STYLES = ("Table Text", "Table Text Small", "Table Text Tiny")


def build_reference(look: Look, target: Path) -> None:
    """Write a reference document with the styles of `look`."""
    pandoc = pypandoc.get_pandoc_path()
    default = subprocess.run(
        [pandoc, "--print-default-data-file", "reference.docx"], capture_output=True, check=True
    ).stdout
    document = Document(io.BytesIO(default))
    _page(document, look)
    _text_styles(document, look)
    _table_styles(document, look)
    _drop_theme_fonts(document)
    document.core_properties.author = ""
    document.core_properties.title = ""
    made = io.BytesIO()
    document.save(made)
    _save(made, target)


def _save(made: io.BytesIO, target: Path) -> None:
    """Write the parts with one fixed time, so that a rebuild gives the same bytes."""
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            part = zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(item))


def _page(document: WordDocument, look: Look) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(22), Mm(26)
    header = section.header.paragraphs[0]
    header.text = NOTICE_PLACE
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(header.runs[0], look.table, look.latin, 9)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, after = look.page_number.split("{}")
    for text, field in ((before, False), ("", True), (after, False)):
        run = footer.add_run(text)
        _font(run, "宋体", "Times New Roman", 14 if look.indent else 10)
        if field:
            _page_field(run._r)


def _page_field(run: BaseOxmlElement) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run.append(part)


def _text_styles(document: WordDocument, look: Look) -> None:
    normal = _style(document, "Normal")
    _look(normal, look.body, look, look.body_size)
    body_names = ("Body Text", "First Paragraph", "Block Text", "Compact")
    for name in body_names:
        style = _style(document, name)
        _look(style, look.body, look, look.body_size)
        _pitch(style, look, after=0 if look.pitch else 6)
        if look.indent and name in ("Body Text", "First Paragraph"):
            _indent_letters(style, 200)
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    title = _style(document, "Title")
    _look(title, look.title, look, look.title_size, bold=not look.indent)
    _place(title, centre=True, before=0, after=14)
    subtitle = _style(document, "Subtitle")
    _look(subtitle, look.heads[1], look, look.body_size)
    _place(subtitle, centre=True, before=0, after=8)
    for name in ("Author", "Date"):
        _look(_style(document, name), look.heads[1], look, look.body_size)
        _place(_style(document, name), centre=True, before=0, after=4)
    for level, (font, size) in enumerate(zip(look.heads, look.head_sizes), start=1):
        head = _style(document, f"Heading {level}")
        _look(head, font, look, size, bold=not look.indent or level == 3)
        _pitch(head, look, before=0 if look.pitch else 14, after=0 if look.pitch else 6)
        head.paragraph_format.keep_with_next = True
        if look.indent:
            _indent_letters(head, 200)
    for name in ("Table Caption", "Image Caption"):
        caption = _style(document, name)
        _look(caption, look.caption, look, 12 if look.indent else 10, bold=not look.indent)
        _place(caption, centre=True, before=8 if name.startswith("T") else 2, after=4 if name.startswith("T") else 12)
        caption.paragraph_format.keep_with_next = name.startswith("T")
        caption.font.italic = False
    for name in ("Captioned Figure", "Figure", "Formula"):
        figure = _style(document, name)
        _look(figure, look.body, look, look.body_size)
        _place(figure, centre=True, before=6, after=2)
        figure.paragraph_format.keep_with_next = name == "Captioned Figure"
    notice = _style(document, "Notice")
    _look(notice, look.heads[1], look, 12 if look.indent else 10)
    _place(notice, centre=False, before=2, after=4)
    _left_bar(notice)


def _table_styles(document: WordDocument, look: Look) -> None:
    for name, size in zip(TABLE_STYLES, look.table_sizes):
        for head in (False, True):
            style = _style(document, f"{name} Head" if head else name)
            _look(style, "黑体" if head else look.table, look, size, bold=head and not look.indent)
            _place(style, centre=None, before=1, after=1)
            style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            style.paragraph_format.keep_with_next = head
    table = document.styles["Table"]
    for old in table.element.findall(qn("w:tblPr")) + table.element.findall(qn("w:tblStylePr")):
        table.element.remove(old)
    for part in _table_parts():
        table.element.append(parse_xml(part))


def _table_parts() -> tuple[str, str]:
    """Give a table of three lines with hair lines between the rows, and its first row."""
    space = nsdecls("w")
    line = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
    edges = "".join(
        line.format(side=side, size=size, colour=colour)
        for side, size, colour in (("top", 12, "000000"), ("bottom", 12, "000000"), ("insideH", 4, "BFC6CB"))
    )
    cells = "".join(f'<w:{side} w:w="70" w:type="dxa"/>' for side in ("left", "right"))
    below = line.format(side="bottom", size=6, colour="000000")
    return (
        f'<w:tblPr {space}><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        f"<w:tblCellMar>{cells}</w:tblCellMar></w:tblPr>",
        f'<w:tblStylePr {space} w:type="firstRow"><w:tblPr/><w:tcPr><w:tcBorders>{below}</w:tcBorders>'
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>',
    )


def _style(document: WordDocument, name: str):  # type: ignore[no-untyped-def]
    if name in [style.name for style in document.styles]:
        return document.styles[name]
    return document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)


def _look(style, font: str, look: Look, size: float, *, bold: bool = False) -> None:  # type: ignore[no-untyped-def]
    _font(style, font, look.latin, size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = INK


def _font(holder, east_asia: str, latin: str, size: float) -> None:  # type: ignore[no-untyped-def]
    """Name both fonts; Word takes the East Asian one for Chinese letters only when it is told."""
    holder.font.name = latin
    holder.font.size = Pt(size)
    fonts = holder.element.rPr.rFonts
    for key in ("w:eastAsia", "w:hAnsi", "w:cs", "w:ascii"):
        fonts.set(qn(key), east_asia if key == "w:eastAsia" else latin)


def _pitch(style, look: Look, *, before: float = 0, after: float = 0) -> None:  # type: ignore[no-untyped-def]
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    if look.pitch:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.pitch)
    else:
        form.line_spacing = 1.15


def _place(style, *, centre: bool | None, before: float, after: float) -> None:  # type: ignore[no-untyped-def]
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if centre is not None:
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.LEFT
    _indent_letters(style, 0)


def _indent_letters(style, hundredths: int) -> None:  # type: ignore[no-untyped-def]
    ind = style.element.get_or_add_pPr().get_or_add_ind()
    ind.set(qn("w:firstLineChars"), str(hundredths))
    ind.set(qn("w:firstLine"), str(int(hundredths / 100 * 16 * 20)))


def _left_bar(style) -> None:  # type: ignore[no-untyped-def]
    borders = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="8" w:color="D0893A"/></w:pBdr>'
    )
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FBF5EA"/>')
    properties = style.element.get_or_add_pPr()
    place = next(
        (at for at, child in enumerate(properties) if child.tag in (qn("w:spacing"), qn("w:ind"), qn("w:jc"))),
        len(properties),
    )
    properties.insert(place, shade)
    properties.insert(place, borders)


def _drop_theme_fonts(document: WordDocument) -> None:
    """A theme font would win over the named one."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for key in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[key]


if __name__ == "__main__":
    for name, look in (("zh", ZH), ("en", EN)):
        build_reference(look, HERE / f"reference_{name}.docx")
