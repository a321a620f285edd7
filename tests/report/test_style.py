"""Font, colours and words of the figures."""

import itertools
import os
import subprocess
import sys
import textwrap

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from vitality.errors import ReportError
from vitality.report import style


def run_bare(code, bare_fonts):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, **bare_fonts, "MPLBACKEND": "agg"},
        capture_output=True,
        encoding="utf-8",
    )


# findSystemFonts also looks into the usual folders; only DejaVu is left, as on a bare machine
BARE = """
    import io, warnings
    import matplotlib.pyplot as plt
    from matplotlib import font_manager
    warnings.filterwarnings("error", message="Glyph")
    manager = font_manager.fontManager
    manager.ttflist = [entry for entry in manager.ttflist if entry.name.startswith("DejaVu")]
"""


def test_chinese_shows_where_only_dejavu_is_there(bare_fonts):
    code = (
        BARE
        + """
    import pandas as pd
    from vitality.report import figures
    table = pd.DataFrame({"share": [0.3]}, index=["垟头街道的镇级组织 −1 ≥ β"])
    figures.obstacle_bars(table).figure.savefig(io.BytesIO())
    """
    )
    done = run_bare(code, bare_fonts)
    assert done.returncode == 0, done.stderr


def test_the_bare_machine_of_the_test_has_no_chinese_font(bare_fonts):
    code = (
        BARE
        + """
    plt.figure().text(0.5, 0.5, "街道")
    plt.savefig(io.BytesIO())
    """
    )
    assert "Glyph" in run_bare(code, bare_fonts).stderr


def test_seaborn_is_themed_and_cannot_take_the_font_from_a_figure(bare_fonts):
    code = (
        BARE
        + """
    import pandas as pd, seaborn as sns
    import seaborn.objects as so
    from vitality.report import figures
    from vitality.report.style import use_style
    use_style()
    assert so.Plot.config.theme["font.family"][0] == "Vitality Sans SC"
    sns.barplot(pd.DataFrame({"街道": [1], "得分": [2]}), x="街道", y="得分")
    plt.savefig(io.BytesIO())
    sns.set_theme()  # takes the font away from what is drawn by hand ...
    table = pd.DataFrame({"share": [0.3]}, index=["街道"])
    figures.obstacle_bars(table).figure.savefig(io.BytesIO())  # ... but not from ours
    """
    )
    done = run_bare(code, bare_fonts)
    assert done.returncode == 0, done.stderr


def test_drawing_leaves_the_callers_settings_alone():
    with mpl.rc_context():
        mpl.rcParams["font.family"] = ["serif"]
        style.new_axes()
        assert mpl.rcParams["font.family"] == ["serif"]


def test_every_word_is_there_in_both_languages():
    for key, (zh, en) in style.WORDS.items():
        assert zh and en and zh != en, key


@pytest.mark.parametrize(("key", "lang", "match"), [("scor", "zh", "mean 'score'"), ("score", "fr", "'fr'")])
def test_unknown_words_are_refused(key, lang, match):
    with pytest.raises(ReportError, match=match):
        style.label(key, lang)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("群众评议与公信力，以及社会化", 8),
        ("Contracting and co-operation with partners", 14),
        ("志愿者 Volunteers 人数", 9),
    ],
)
def test_wrapping_loses_no_letter_and_keeps_the_width(text, width):
    lines = style.wrap_label(text, width).split("\n")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    longest_word = max(style.text_width(word) for word in text.split() if word.isascii()) if " " in text else 2
    assert all(style.text_width(line) <= max(width + 2, longest_word) for line in lines)
    assert not any(line.startswith("，") for line in lines)


def luminance(colour):
    return np.dot([0.2126, 0.7152, 0.0722], [((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)])


# Viénot, Brettel and Mollon (1999), Color Research and Application 24: linear RGB as a deuteranope sees it
DEUTERANOPE = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])


@pytest.mark.parametrize("colours", [style.GRADE_COLOURS, tuple(style.QUADRANT_COLOURS.values())])
def test_colours_stay_apart_for_a_colour_blind_reader(colours):
    linear = [np.array([((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]) for colour in colours]
    seen = [np.clip(DEUTERANOPE @ colour, 0, 1) ** (1 / 2.4) for colour in linear]
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) > 0.1


def test_no_colour_is_the_red_of_an_emblem():
    for colour in (*style.DIMENSION_COLOURS, *style.GRADE_COLOURS, *style.QUADRANT_COLOURS.values()):
        red, green, blue = to_rgb(colour)
        assert not (red > 0.7 and green < 0.35 and blue < 0.35), colour


def test_text_is_readable_on_white():
    for colour in (style.INK, style.MUTED):
        assert 1.05 / (luminance(colour) + 0.05) > 3.5
