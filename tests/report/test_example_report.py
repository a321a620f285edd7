"""The example round's report, published in both languages and opened in every format."""

import hashlib
import json
import re

import docx
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from vitality.report import render_report

LANGS = ("zh", "en")
CHAPTERS = {
    "zh": ["一、评价背景与目的", "四、总体结果", "六、资源与活力", "七、短板与障碍因子", "八、对策建议", "附录"],
    "en": ["Background and purpose", "Results", "Resources and vitality", "Short boards and obstacles", "Appendix"],
}
LABELS = {"zh": ("模拟数据", "重建", "模拟专家"), "en": ("SIMULATED", "reconstruction", "synthetic experts")}


@pytest.fixture(scope="module")
def published(example_round, tmp_path_factory):
    target = tmp_path_factory.mktemp("reports") / "2024"
    return render_report(example_round, target, lang=LANGS)


def text_of(published, lang, kind):
    path = published.folder / f"report_{lang}.{kind}"
    if kind == "html":
        return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").get_text(" ")
    if kind == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(path).pages)
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.notebook
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_every_format_has_chapters_labels_and_every_town(published, found, lang, kind):
    text = re.sub(r"\s+", " ", text_of(published, lang, kind))
    tight = text.replace(" ", "")
    for chapter in CHAPTERS[lang]:
        assert chapter.replace(" ", "") in tight, chapter
    for label in LABELS[lang]:
        assert label.replace(" ", "") in tight, label
    for name in found.survey.units["name"]:
        assert name in tight, name


@pytest.mark.notebook
@pytest.mark.parametrize("lang", LANGS)
def test_every_pdf_page_says_that_the_data_are_simulated(published, lang):
    for number, page in enumerate(PdfReader(published.folder / f"report_{lang}.pdf").pages, 1):
        assert "SIMULATED" in page.extract_text(), number


@pytest.mark.notebook
@pytest.mark.parametrize("lang", LANGS)
def test_html_asks_nothing_from_outside_and_shows_no_code(published, lang):
    page = BeautifulSoup((published.folder / f"report_{lang}.html").read_text(encoding="utf-8"), "html.parser")
    for tag in page.find_all(["img", "script", "link", "iframe", "source"]):
        address = tag.get("src") or tag.get("href") or ""
        assert not address.startswith(("http:", "https:", "//")), address[:80]
    assert not re.search(r"url\(['\"]?https?:", page.decode())
    assert "evaluate_round" not in page.get_text()
    assert len(page.find_all("img")) == 8 and all(image.get("alt") for image in page.find_all("img"))


@pytest.mark.notebook
@pytest.mark.parametrize("lang", LANGS)
def test_scores_in_word_are_those_of_the_index(published, found, lang):
    document = docx.Document(str(published.folder / f"report_{lang}.docx"))
    table = next(t for t in document.tables if len(t.rows) == 25 and len(t.columns) >= 10)
    names = {row.cells[1].text: row.cells[3].text for row in table.rows[1:]}
    units = found.survey.units["name"]
    for unit, score in found.result.scores["V"].droplevel("round").items():
        assert names[units[unit]] == f"{score:.1f}"


@pytest.mark.notebook
def test_manifest_holds_the_fingerprints_of_what_was_published(published, example_round):
    manifest = json.loads((published.folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["editions"]) == set(LANGS)
    for edition in manifest["editions"].values():
        assert edition["framework"] == "redcross" and edition["seed"] == 2024 and edition["notices"]
        for record in edition["files"]:
            content = (published.folder / record["name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == record["sha256"]
        given = {record["name"]: record["sha256"] for record in edition["inputs"]}
        for path in (example_round / "raw").iterdir():
            assert given[f"raw/{path.name}"] == hashlib.sha256(path.read_bytes()).hexdigest()
