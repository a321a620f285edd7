"""The letters of our font that one page uses, as a font inside the page."""

from __future__ import annotations

import base64
import functools
import io
import re

from vitality.report.typeface import FONT_FILES

__all__ = ["WEB_FAMILY", "font_faces", "missing_letters"]

WEB_FAMILY = "Vitality Sans SC Report"
"""Another name than the installed family: a page holds only the letters that it needs."""

BOLD_PARTS = re.compile(r"<(h[1-6]|th|strong|b|caption|figcaption|summary)\b[^>]*>(.*?)</\1>", re.DOTALL)
LATIN = "".join(map(chr, range(0x20, 0x7F)))


def font_faces(page: str) -> str:
    """Give the ``@font-face`` rules for a page, with its letters as WOFF in data addresses.

    Parameters
    ----------
    page : str
        The HTML; tags are not text, and what stands in headings, captions and bold is looked up for the bold face.

    Examples
    --------
    >>> rules = font_faces("<h1>活力</h1><p>指数</p>")
    >>> rules.count("@font-face"), "data:font/woff;base64," in rules
    (2, True)
    """
    body = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    body = re.sub(r'src="data:[^"]*"', "", body)
    bold = "".join(part for _, part in BOLD_PARTS.findall(body))
    letters = {400: _text(body), 700: _text(bold)}
    return "\n".join(
        f'@font-face {{ font-family: "{WEB_FAMILY}"; font-weight: {weight}; font-style: normal; '
        f'src: url("data:font/woff;base64,{_subset(place, letters[weight])}") format("woff"); }}'
        for place, weight in enumerate((400, 700))
    )


def _text(markup: str) -> str:
    import html

    return html.unescape(re.sub(r"<[^>]*>", "", markup)) + LATIN


def _subset(face: int, text: str) -> str:
    from fontTools import subset

    options = subset.Options()
    options.flavor = "woff"
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx"]
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    stream = io.BytesIO()
    with subset.load_font(str(FONT_FILES[face]), options) as font:
        subsetter.subset(font)
        subset.save_font(font, stream, options)
    return base64.b64encode(stream.getvalue()).decode("ascii")


@functools.cache
def _covered() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(FONT_FILES[0], lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing_letters(text: str) -> list[str]:
    """List the Chinese and other letters of a text that our font does not have.

    Examples
    --------
    >>> missing_letters("云溪街道垟")
    []
    """
    return sorted({letter for letter in text if ord(letter) > 0x2E7F and ord(letter) not in _covered()})
