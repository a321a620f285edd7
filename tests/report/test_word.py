"""What is done to a Word file after pandoc."""

import zipfile

from vitality.report.word import finish_word, reference_with_notice

SECTION = '<w:sectPr><w:pgMar w:left="100" w:right="100"/><w:pgSz w:h="2000" w:w="1200"/></w:sectPr>'


def word_file(path, body, *, header="<w:t>NOTICE</w:t>"):
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(zipfile.ZipInfo("word/document.xml"), f"<w:body>{body}{SECTION}</w:body>")
        made.writestr(zipfile.ZipInfo("word/header1.xml"), header)
    return path


def finished(tmp_path, body):
    finish_word(word_file(tmp_path / "a.docx", body), tmp_path / "b.docx")
    return zipfile.ZipFile(tmp_path / "b.docx").read("word/document.xml").decode("utf-8")


def table(cell, *, share=5000):
    return (
        f'<w:tbl><w:tblPr><w:tblW w:type="pct" w:w="{share}" /></w:tblPr><w:tblGrid><w:gridCol w:w="30" />'
        f'<w:gridCol w:w="10" /></w:tblGrid><w:tr><w:tc><w:tcPr />{cell}</w:tc></w:tr></w:tbl>'
    )


def test_a_mark_becomes_shading_and_colour(tmp_path):
    text = finished(tmp_path, table("<w:p><w:r><w:t>\ue000ffcc00/102030\ue0011.0</w:t></w:r></w:p>"))
    assert '<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="FFCC00"/></w:tcPr>' in text
    assert '<w:rPr><w:color w:val="102030"/></w:rPr><w:t>1.0</w:t>' in text


def test_columns_get_the_width_of_the_page_in_their_proportion(tmp_path):
    text = finished(tmp_path, table("<w:p/>", share=2500))
    assert '<w:tblW w:type="dxa" w:w="500"/><w:jc w:val="center"/>' in text  # half of 1200 - 200
    assert '<w:gridCol w:w="375" /><w:gridCol w:w="125" />' in text


def test_a_table_between_turn_marks_stands_on_a_turned_page(tmp_path):
    marks = [f"<w:p><w:r><w:t>\ue002{name}\ue003</w:t></w:r></w:p>" for name in ("upright", "turned")]
    text = finished(tmp_path, marks[0] + table("<w:p/>") + marks[1] + table("<w:p/>"))
    assert text.count("<w:sectPr>") == 3
    assert text.count('w:orient="landscape"') == 1 and '<w:pgSz w:w="2000" w:h="1200" w:orient' in text
    assert text.index('w:w="1800"') < text.index("landscape") < text.index('w:type="dxa" w:w="1000"')
    assert "\ue002" not in text


def test_an_empty_cell_takes_the_style_of_the_table(tmp_path):
    cells = '<w:p><w:pPr><w:pStyle w:val="TableTextSmall" /></w:pPr></w:p></w:tc><w:tc><w:tcPr /><w:p />'
    assert finished(tmp_path, table(cells)).count('<w:pStyle w:val="TableTextSmall"') == 2


def test_the_notice_is_escaped_into_the_header(tmp_path):
    source = word_file(tmp_path / "reference.docx", "")
    reference_with_notice(source, tmp_path / "b.docx", "模拟 & <数据>")
    header = zipfile.ZipFile(tmp_path / "b.docx").read("word/header1.xml").decode("utf-8")
    assert header == "<w:t>模拟 &amp; &lt;数据&gt;</w:t>"
