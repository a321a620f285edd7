"""HTML, Word and PDF of one notebook, opened by other programs' readers."""

import io
import json
import re
import shutil
import zipfile

import docx
import pypdf
import pytest
from bs4 import BeautifulSoup
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from vitality.errors import ReportError
from vitality.report.rendering import Front, front_of, render_notebook

pytestmark = pytest.mark.notebook
TITLE = "活力*评价*报告_2024"
HIDDEN = ("这里只给笔记本看", "印出来的", "最后一行的值", "谁也看不到")
HIDDEN += ("English readers only", "front_matter", "import")
SHOWN = ("模拟数据：街镇为虚构。", "重建框架。", "一、总体结果", "（一）名次", "照样发布的单元格", "云溪街道", "塱镇")
CAPTIONS = ("指数与名次", "有颜色的表", "很宽的表")


@pytest.fixture(scope="module")
def page(rendered):
    return BeautifulSoup(rendered["html"].read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def word(rendered):
    return docx.Document(str(rendered["docx"]))


@pytest.fixture(scope="module")
def pdf(rendered):
    return pypdf.PdfReader(rendered["pdf"])


@pytest.fixture(scope="module")
def texts(page, word, pdf):
    paragraphs = [p.text for p in word.element.body.iter(qn("w:t"))]
    return {
        "html": page.body.get_text(),
        "docx": "".join(paragraphs),
        "pdf": "".join(sheet.extract_text() for sheet in pdf.pages),
    }


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_what_is_for_readers_is_there_and_nothing_else(texts, kind):
    text = re.sub(r"\s", "", texts[kind])
    for wanted in (TITLE, *SHOWN):
        assert re.sub(r"\s", "", wanted) in text, wanted
    for hidden in HIDDEN:
        assert hidden.replace(" ", "") not in text, hidden


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_captions_are_numbered_in_order(texts, kind):
    text = re.sub(r"\s", "", texts[kind])
    places = [text.index(f"表{number}{caption}") for number, caption in enumerate(CAPTIONS, start=1)]
    places += [text.index("图1名次图"), text.index("图2障碍度")]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_a_line_end_between_chinese_letters_is_no_space(texts, kind):
    assert "共评价3个街镇，得分" in re.sub(r"[ \n]", "", texts[kind])
    if kind != "pdf":
        assert "街镇， 得分" not in texts[kind]


# ---------------------------------------------------------------------------------- HTML


def test_html_asks_for_nothing_from_outside(page, rendered):
    for tag in page.find_all(True):
        for name in ("src", "href", "data", "poster", "action", "srcset"):
            value = tag.get(name, "")
            assert not value or value.startswith(("data:", "#")), f"<{tag.name} {name}={value[:60]}>"
    assert not page.find_all("script") and not page.find_all("link")
    style = page.style.get_text()
    assert "@import" not in style
    assert all(address.startswith("data:") for address in re.findall(r'url\("?([^")]+)', style))


def test_html_carries_its_letters(page):
    import base64

    from fontTools.ttLib import TTFont

    fonts = re.findall(r"data:font/woff;base64,([\w+/=]+)", page.style.get_text())
    assert len(fonts) == 2
    regular = TTFont(io.BytesIO(base64.b64decode(fonts[0]))).getBestCmap()
    letters = {letter for letter in page.body.get_text() if letter > "\u2e80"}
    assert {ord(letter) for letter in letters} <= set(regular)
    assert len(regular) < 1000, "only those that are used"


def test_html_has_a_contents_list_that_leads_somewhere(page):
    links = [link["href"] for link in page.find(id="TOC").find_all("a")]
    assert len(links) == 3
    for link in links:
        assert page.find(id=link[1:]).name in ("h2", "h3")


def test_html_tables_are_tables_with_colours_and_alignment(page):
    tables = page.find_all("table")
    assert [table.caption.get_text(" ", strip=True)[-3:] for table in tables] == ["与名次", "色的表", "宽的表"]
    first = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in tables[0].find_all("tr")]
    assert first[0][1:] == ["指数", "名次"] and first[1] == ["云溪街道", "71.4", "1"]
    coloured = [cell for cell in tables[1].find_all("td") if "background-color" in cell.get("style", "")]
    assert [cell.get_text() for cell in coloured] == ["2.00"]
    assert "#ffcc00" in coloured[0]["style"] and "#102030" in coloured[0]["style"]
    assert "text-align: right" in tables[0].find_all("td")[0]["style"]


def test_html_figures_have_words_for_those_who_do_not_see_them(page):
    pictures = page.find_all("img")
    assert [picture["alt"] for picture in pictures] == ["三个街镇的名次", "障碍度"]
    assert all(picture["src"].startswith("data:image/png;base64,") for picture in pictures)
    assert page.find_all("figcaption")[0].get_text(" ", strip=True).startswith("图 1")


def test_html_shows_formulas_language_and_notice(page):
    assert page.html["lang"] == "zh-CN" and page.title.get_text() == TITLE
    assert len(page.find_all("math")) == 2
    assert page.find(class_="running").get_text() == "模拟数据 SIMULATED"
    assert page.find("meta", attrs={"name": "viewport"})
    printed = re.search(r'@top-center \{ content: "([^"]*)"', page.style.get_text())
    assert printed[1] == "模拟数据 SIMULATED", "at the head of every printed page"


# ---------------------------------------------------------------------------------- Word


def style_fonts(word, name):
    style = word.styles[name]
    return style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size.pt


def test_word_page_is_that_of_an_official_document(word):
    section = word.sections[0]
    assert abs(section.page_width - Mm(210)) < Mm(0.2) and abs(section.page_height - Mm(297)) < Mm(0.2)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]  # GB/T 9704-2012, 5.2


def test_word_styles_name_chinese_fonts(word):
    assert style_fonts(word, "Title") == ("方正小标宋简体", 22)
    assert style_fonts(word, "Heading 1") == ("黑体", 16)
    assert style_fonts(word, "Heading 2") == ("楷体_GB2312", 16)
    assert style_fonts(word, "Body Text") == ("仿宋_GB2312", 16)
    assert word.styles["Body Text"].paragraph_format.line_spacing.pt == 28
    assert word.styles["Title"].paragraph_format.alignment == 1  # centred
    used = {paragraph.style.name for paragraph in word.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Table Caption", "Image Caption", "Notice"} <= used


def test_word_carries_the_notice_and_page_numbers_on_every_page(word):
    for section in word.sections:
        assert section.header.paragraphs[0].text == "模拟数据 SIMULATED"
        footer = section.footer.paragraphs[0]
        assert "PAGE" in "".join(part.text or "" for part in footer._p.iter(qn("w:instrText")))


def test_word_tables_repeat_their_head_keep_rows_whole_and_use_small_letters(word):
    assert len(word.tables) == 3
    for table in word.tables:
        head = table.rows[0]._tr.trPr
        assert head.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        styles = {cell.paragraphs[0].style.name for row in table.rows for cell in row.cells}
        assert all(name.startswith("Table Text") for name in styles)
    assert [cell.text for cell in word.tables[0].rows[1].cells] == ["云溪街道", "71.4", "1"]
    assert word.styles["Table Text"].font.size.pt == 10.5  # 五号


def test_word_shades_cells_and_leaves_no_marks(word, rendered):
    shades = [shade.get(qn("w:fill")) for shade in word.tables[1]._tbl.iter(qn("w:shd"))]
    assert shades == ["FFCC00"]
    document = zipfile.ZipFile(rendered["docx"]).read("word/document.xml").decode("utf-8")
    assert not re.search("[\ue000-\ue00f]", document)


def test_word_turns_the_page_for_a_wide_table_and_no_table_is_wider_than_its_page(word):
    turned = [section.orientation == WD_ORIENT.LANDSCAPE for section in word.sections]
    assert turned == [False, True, False]
    sections = [word.sections[0], word.sections[0], word.sections[1]]
    for table, section in zip(word.tables, sections):
        room = section.page_width - section.left_margin - section.right_margin
        assert sum(column.width for column in table.columns) <= room * 1.01


def test_word_figures_have_alternative_texts(word):
    pictures = list(word.element.body.iter(qn("wp:docPr")))
    assert [picture.get("descr") for picture in pictures] == ["三个街镇的名次", "障碍度"]
    room = word.sections[0].page_width - word.sections[0].left_margin - word.sections[0].right_margin
    assert all(shape.width <= room * 1.01 for shape in word.inline_shapes)


def test_word_formulas_are_formulas(word):
    assert len(list(word.element.body.iter(qn("m:oMath")))) == 2


# ---------------------------------------------------------------------------------- PDF


def test_pdf_carries_notice_and_number_on_every_page(pdf):
    assert len(pdf.pages) >= 3
    for number, sheet in enumerate(pdf.pages, start=1):
        text = sheet.extract_text()
        assert "模拟数据 SIMULATED" in text
        assert re.search(rf"— ?{number} ?—", text)


def test_pdf_is_a4_and_turned_only_for_the_wide_table(pdf):
    sizes = [(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in pdf.pages]
    assert set(sizes) == {(595, 842), (842, 595)}
    wide = [text for sheet, size in zip(pdf.pages, sizes) if size[0] > size[1] for text in [sheet.extract_text()]]
    assert all("第0号" in re.sub(r"\s", "", text) for text in wide), "the head is repeated"
    assert len(wide) >= 2, "sixty rows break over pages"


def test_pdf_embeds_our_font_alone_and_is_archival(pdf, rendered):
    fonts = set()
    for sheet in pdf.pages:
        for font in sheet["/Resources"]["/Font"].values():
            fonts.add(font.get_object()["/BaseFont"].split("+")[-1].removesuffix("-Identity-H"))
    assert fonts == {"VitalitySansSC-Regular", "VitalitySansSC-Bold", "NewCMMath-Book"}  # the last for formulas
    content = rendered["pdf"].read_bytes()
    assert b"pdfaid:part>2<" in content and b"pdfaid:conformance>B<" in content


def test_pdf_has_title_time_and_an_outline(pdf):
    assert pdf.metadata.title == TITLE
    assert pdf.metadata.creation_date.timestamp() == 1_700_000_000
    titles = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert titles == ["一、总体结果"]


# ---------------------------------------------------------------------------------- options


def test_english_has_its_own_words_and_styles(executed, tmp_path):
    made = render_notebook(executed, tmp_path, stem="r", formats=["docx", "html"], lang="en")
    page = BeautifulSoup(made["html"].read_text(encoding="utf-8"), "html.parser")
    assert "English readers only." in page.get_text()
    assert re.match(r"Table 1\. \w", page.caption.get_text()) and page.summary.get_text() == "Contents"
    assert page.html["lang"] == "en-GB"
    word = docx.Document(str(made["docx"]))
    assert word.styles["Body Text"].font.name == "Times New Roman"
    assert style_fonts(word, "Body Text")[1] == 11


def test_the_same_notebook_and_time_give_the_same_bytes(executed, rendered, tmp_path):
    again = render_notebook(executed, tmp_path, stem="report_zh", timestamp=1_700_000_000)
    for kind, path in rendered.items():
        assert path.read_bytes() == again[kind].read_bytes(), kind


def test_a_notebook_without_front_matter_is_published_whole(tmp_path):
    from tests.report.sample import write_notebook

    path = write_notebook(tmp_path / "plain.ipynb", [("markdown", "# 标题\n\n正文"), ("code", "1")])
    made = render_notebook(path, tmp_path / "out", stem="plain", formats="html")
    page = BeautifulSoup(made["html"].read_text(encoding="utf-8"), "html.parser")
    assert page.h1.get_text() == "plain" and page.h2.get_text() == "标题"
    assert list(made) == ["html"]


def test_front_given_by_the_caller_wins(executed, tmp_path):
    front = Front(title='另一个 <标题> & "引号" $x$ @y', notices=("#1 *提示*",), running="<页眉>")
    made = render_notebook(executed, tmp_path, stem="r", front=front)
    page = BeautifulSoup(made["html"].read_text(encoding="utf-8"), "html.parser")
    assert page.h1.get_text() == front.title
    assert page.find(class_="notice").get_text(strip=True) == "#1 *提示*"
    assert docx.Document(str(made["docx"])).sections[0].header.paragraphs[0].text == "<页眉>"
    assert "页眉" in pypdf.PdfReader(made["pdf"]).pages[0].extract_text()


def test_front_of_reads_what_the_notebook_handed_over(executed):
    front = front_of(json.loads(executed.read_text(encoding="utf-8")), fallback="none")
    assert front.title == TITLE and front.notices == ("模拟数据：街镇为虚构。", "重建框架。")
    assert front.running == "模拟数据 SIMULATED"


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"formats": ["pfd"]}, r"format 'pfd' is not offered. Did you mean 'pdf'\?"),
        ({"formats": []}, "no format is named"),
        ({"lang": "de"}, "language 'de'"),
    ],
)
def test_bad_options_are_refused(executed, tmp_path, options, match):
    with pytest.raises(ReportError, match=match):
        render_notebook(executed, tmp_path / "out", stem="r", **options)
    assert not (tmp_path / "out").exists()


def test_what_pandoc_cannot_read_is_told(executed, tmp_path):
    broken = tmp_path / "broken.ipynb"
    shutil.copy(executed, broken)
    content = json.loads(broken.read_text(encoding="utf-8"))
    content["cells"].append({"cell_type": "unheard-of"})
    broken.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ReportError, match=r"broken.ipynb: pandoc could not"):
        render_notebook(broken, tmp_path, stem="r", formats="html")
