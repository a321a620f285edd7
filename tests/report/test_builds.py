"""What the build scripts make is what is committed."""

import io
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import vitality.report
from vitality.report.fonts.build import letters_to_keep
from vitality.report.pandoc.build_references import EN, ZH, build_reference
from vitality.report.typeface import FONT_FILES

PANDOC = Path(vitality.report.__file__).parent / "pandoc"


@pytest.mark.parametrize("path", FONT_FILES, ids=lambda path: path.stem)
def test_the_font_has_only_letters_that_its_script_keeps(path):
    kept = letters_to_keep()
    covered = set(TTFont(io.BytesIO(path.read_bytes()), lazy=True).getBestCmap())
    assert covered <= kept
    han = {code for code in kept if 0x4E00 <= code <= 0x9FFF}
    assert len(han - covered) == 0, "GB 2312 and the extra letters are all there"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_reference_document_is_that_of_its_script(lang, tmp_path):
    build_reference({"zh": ZH, "en": EN}[lang], tmp_path / "made.docx")
    made, committed = (
        zipfile.ZipFile(path).read("word/styles.xml")
        for path in (tmp_path / "made.docx", PANDOC / f"reference_{lang}.docx")
    )
    assert made == committed, "run 'python vitality/report/pandoc/build_references.py'"
