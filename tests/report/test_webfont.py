"""The letters that a page carries."""

import base64
import io
import re

from fontTools.ttLib import TTFont

from vitality.report.typeface import FONT_FILES
from vitality.report.webfont import font_faces, missing_letters

PAGE = """<html><head><style>p { content: "样" }</style></head><body><h2>题</h2><p>文&amp;<b>粗</b></p>
<img alt="图" src="data:image/png;base64,AAAA"></body></html>"""


def faces(page):
    fonts = re.findall(r"font-weight: (\d+).*?base64,([\w+/=]+)", font_faces(page))
    return {int(w): set(TTFont(io.BytesIO(base64.b64decode(text))).getBestCmap()) for w, text in fonts}


def test_each_weight_has_the_letters_that_stand_in_it():
    found = faces(PAGE)
    assert {ord(letter) for letter in "题文粗&"} <= found[400]
    assert {ord("题"), ord("粗")} <= found[700] and ord("文") not in found[700]
    assert ord("样") not in found[400], "style sheets are not text"


def test_letters_that_the_shipped_font_lacks_are_found():
    assert missing_letters("云溪镇𪚥，垟") == ["𪚥"]


def test_shipped_fonts_have_names_of_places_and_marks_of_reports():
    wanted = "垟滘塱埇浉硚碶甪〔〕—…“”《》、。，；：·℃‰≥≤×±−√ΣαβρKendallé"
    for path in FONT_FILES:
        covered = set(TTFont(io.BytesIO(path.read_bytes()), lazy=True).getBestCmap())
        assert {ord(letter) for letter in wanted} <= covered, path.name


def test_shipped_fonts_keep_the_licence_and_leave_the_reserved_name():
    for path in FONT_FILES:
        names = TTFont(io.BytesIO(path.read_bytes()), lazy=True)["name"]
        assert names.getDebugName(1) == "Vitality Sans SC"
        assert "Open Font License" in names.getDebugName(13)
        for used in (1, 4, 6):
            assert "source" not in names.getDebugName(used).lower()
        assert path.with_name("OFL.txt").is_file()
