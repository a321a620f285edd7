"""Make the two shipped fonts from static Noto Sans SC fonts.

Usage::

    python vitality/report/fonts/build.py NotoSansSC_400Regular.ttf NotoSansSC_700Bold.ttf [--output FOLDER]

The sources are the static fonts of the npm package ``@expo-google-fonts/noto-sans-sc``. Kept are the letters of
GB 2312, those of ``extra_letters.txt`` (Chinese area, street and village names outside GB 2312) and Latin, Greek,
Cyrillic, punctuation and symbols. The SIL Open Font License lets a subset be shipped; the copyright line and the
licence stay in the name table and in ``OFL.txt``. The reserved name is not used, and the family gets a name of its
own, so that a full Noto Sans SC on the same computer is not mixed up with it. The same source gives the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Vitality Sans SC"
FEATURES = ["kern", "locl", "ccmp", "liga", "palt", "vert"]
HERE = Path(__file__).parent
RANGES = (
    (0x0020, 0x017F),  # Latin
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x2000, 0x206F),  # general punctuation
    (0x2070, 0x209F),  # super- and subscripts
    (0x20A0, 0x20BF),  # currency
    (0x2100, 0x218F),  # letter-like symbols, number forms
    (0x2190, 0x22FF),  # arrows, mathematics
    (0x2312, 0x2312),
    (0x2460, 0x265F),  # circled numbers, lines, shapes
    (0x2700, 0x27BF),  # marks, more circled numbers
    (0x3000, 0x303F),  # Chinese punctuation
    (0x3200, 0x32FF),  # enclosed letters
    (0xFF00, 0xFFEF),  # full-width forms
)


def letters_to_keep() -> set[int]:
    """Give the code points that the shipped fonts cover, as far as the source has them.

    Examples
    --------
    >>> {ord("镇"), ord("垟"), ord("β")} <= letters_to_keep()
    True
    """
    kept = {code for first, last in RANGES for code in range(first, last + 1)}
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            kept.update(map(ord, bytes([row, cell]).decode("gb2312", errors="ignore")))
    extra = (HERE / "extra_letters.txt").read_text(encoding="utf-8")
    return kept | {ord(letter) for letter in extra if not letter.isspace()}


def build_font(source: Path, target: Path, *, style: str) -> None:
    """Write the subset of `source` to `target` under our family name.

    Parameters
    ----------
    source : Path
        A static Noto Sans SC font.
    target : Path
        File to write.
    style : str
        ``"Regular"`` or ``"Bold"``.
    """
    options = subset.Options()
    options.hinting = False
    options.layout_features = FEATURES
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters_to_keep())
    subsetter.subset(font)
    _rename(font, style)
    font.save(target)


def _rename(font: TTFont, style: str) -> None:
    names = {1: FAMILY, 2: style, 4: f"{FAMILY} {style}", 6: f"{FAMILY.replace(' ', '')}-{style}"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]


def main() -> None:
    """Read the command line and build both weights."""
    parser = argparse.ArgumentParser(description="Build the shipped fonts from static Noto Sans SC fonts.")
    parser.add_argument("regular", type=Path)
    parser.add_argument("bold", type=Path)
    parser.add_argument("--output", type=Path, default=HERE)
    arguments = parser.parse_args()
    for source, style in ((arguments.regular, "Regular"), (arguments.bold, "Bold")):
        target = arguments.output / f"{FAMILY.replace(' ', '')}-{style}.ttf"
        build_font(source, target, style=style)
        print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
