"""One look for every figure: font, colours, sizes and the words on the axes.

Chinese text needs a font that has the letters; a bare machine has none, and ``seaborn.set_theme()`` puts the
font family back to its own. Both are settled here: `use_style` registers the font that the package ships, and
every function of `vitality.report.figures` draws inside `house_style`, so that a figure is right whatever the
notebook did before.
"""

from __future__ import annotations

import functools
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.axes import Axes

from vitality.errors import ReportError, did_you_mean, meant_zh
from vitality.report.languages import check_lang
from vitality.report.typeface import FONT_FAMILY, FONT_FILES

__all__ = [
    "DIMENSION_COLOURS",
    "FONT_FAMILY",
    "FONT_FILES",
    "GRADE_COLOURS",
    "GRID",
    "INK",
    "MUTED",
    "QUADRANT_COLOURS",
    "Lang",
    "house_style",
    "label",
    "new_axes",
    "styled",
    "text_width",
    "use_style",
    "wrap_label",
]

Lang = Literal["zh", "en"]
P = ParamSpec("P")
R = TypeVar("R")

INK = "#2b2f33"
MUTED = "#7d858c"
GRID = "#e2e6e9"

DIMENSION_COLOURS = ("#2f6c9e", "#d0893a", "#3b8f7c", "#8668a6", "#5aaed2", "#8f6a4a", "#6f7780")
"""For lines and markers of different kinds; told apart with any colour vision (blue, ochre, teal, violet ...)."""

GRADE_COLOURS = ("#1f6f78", "#63aaa2", "#c9cfb4", "#dcae62", "#a5713a")
"""Best grade first: teal over pale to ochre, which stays ordered without red and green."""

QUADRANT_COLOURS = {
    "high_high": "#1f6f78",
    "low_high": "#2f6c9e",
    "high_low": "#d0893a",
    "low_low": "#8f6a4a",
}
"""Keys are resources, then vitality: ``low_high`` is little resource and much vitality."""

RC: Any = {
    "font.family": [FONT_FAMILY, "DejaVu Sans"],
    "font.size": 10.0,
    "mathtext.fontset": "dejavusans",
    "axes.unicode_minus": False,
    "axes.edgecolor": "#b9c0c5",
    "axes.labelcolor": INK,
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10.0,
    "axes.linewidth": 0.8,
    "axes.facecolor": "white",
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=DIMENSION_COLOURS),
    "figure.facecolor": "white",
    "figure.dpi": 100.0,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 9.0,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "white",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.5,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
}

FALLBACK_FAMILIES = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimSun")
"""Asked, where the machine has them, for a letter that the shipped font lacks."""

CLOSING_MARKS = frozenset("，。、；：）》”’！？,.;:)")

WORDS: dict[str, tuple[str, str]] = {
    "grade": ("等级", "Grade"),
    "high_high": ("高资源·高活力", "High resources, high vitality"),
    "high_low": ("高资源·低活力", "High resources, low vitality"),
    "left_out": ("其余 {count} 个未列出", "{count} more not shown"),
    "low_high": ("低资源·高活力", "Low resources, high vitality"),
    "low_low": ("低资源·低活力", "Low resources, low vitality"),
    "median": ("中位数", "Median"),
    "nominal": ("所选方法的名次", "Rank by the chosen method"),
    "not_computed": ("未计算：{note}", "not computed: {note}"),
    "not_ranked": ("未参与排名", "not ranked"),
    "not_significant": ("校正后 p ≥ {level:g}", "adjusted p ≥ {level:g}"),
    "obstacle_share": ("障碍度（%）", "Obstacle degree (%)"),
    "p_adjusted": ("校正后 p", "adjusted p"),
    "rank": ("名次", "Rank"),
    "resources": ("资源水平", "Resources"),
    "score": ("得分（0—100）", "Score (0–100)"),
    "share": ("占比（%）", "Share (%)"),
    "significant": ("校正后 p < {level:g}", "adjusted p < {level:g}"),
    "correlation": ("相关系数及置信区间", "Correlation with confidence interval"),
    "unit": ("单位", "Unit"),
    "vitality": ("活力指数（0—100）", "Vitality index (0–100)"),
    "weight": ("权重（%）", "Weight (%)"),
}


def label(key: str, lang: Lang = "zh", **values: object) -> str:
    """Give the words for an axis, a legend or a remark, in Chinese or English.

    Parameters
    ----------
    key : str
        One of the keys of the table of words, for example ``"score"``.
    lang : {"zh", "en"}
        Language of the text.
    **values
        What to put into the places of the text, for example ``count=7``.

    Raises
    ------
    ReportError
        If there is no such key or language.

    Examples
    --------
    >>> label("rank", "en"), label("left_out", "zh", count=7)
    ('Rank', '其余 7 个未列出')
    """
    if key not in WORDS:
        raise ReportError(
            f"label: {key!r} is not in the table of words.{did_you_mean(key, WORDS)}",
            zh=f"label：用语表中没有 {key!r}。{meant_zh(key, WORDS)}",
        )
    check_lang(lang, where="label")
    return WORDS[key][lang == "en"].format(**values)


@functools.cache
def _register_fonts() -> None:
    known = {Path(entry.fname) for entry in font_manager.fontManager.ttflist}
    for path in FONT_FILES:
        if path not in known:
            font_manager.fontManager.addfont(path)
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    RC["font.family"] = [
        FONT_FAMILY,
        *(name for name in FALLBACK_FAMILIES if name in installed),
        "DejaVu Sans",
    ]


def use_style() -> None:
    """Set the house style for everything that is drawn from here on, in matplotlib and in seaborn.

    Call it once, after the imports. It registers the shipped Chinese font, then themes seaborn if that is
    loaded (a later ``seaborn.set_theme()`` would undo it), then `seaborn.objects`, which keeps its own theme.

    Examples
    --------
    >>> use_style()
    >>> mpl.rcParams["font.family"][0]
    'Vitality Sans SC'
    """
    _register_fonts()
    seaborn = sys.modules.get("seaborn")
    if seaborn is not None:
        seaborn.set_theme(style="white", palette=list(DIMENSION_COLOURS), font=FONT_FAMILY)
    mpl.rcParams.update(RC)
    objects = sys.modules.get("seaborn.objects")
    if objects is not None:
        objects.Plot.config.theme.update(RC)


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style inside a ``with`` block and leave the caller's settings as they were.

    Examples
    --------
    >>> with house_style():
    ...     mpl.rcParams["axes.unicode_minus"]
    False
    """
    _register_fonts()
    with mpl.rc_context(RC):
        yield


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Make a drawing function draw in the house style, whatever the caller's settings are.

    A `lang` that is not offered is refused here, once for every figure.

    Raises
    ------
    ReportError
        By the function made, if its `lang` is neither "zh" nor "en".

    Examples
    --------
    >>> @styled
    ... def family():
    ...     return mpl.rcParams["font.family"][0]
    >>> family()
    'Vitality Sans SC'
    """

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        check_lang(kwargs.get("lang", "zh"), where=getattr(draw, "__name__", "figure"))
        with house_style():
            return draw(*args, **kwargs)

    return drawn


def new_axes(*, width: float = 6.6, height: float = 4.0, polar: bool = False) -> Axes:
    """Make a figure with one pair of axes in it.

    Parameters
    ----------
    width, height : float
        Inches; 6.6 fills the text width of an A4 page with its letters at about 9 points.
    polar : bool
        Whether the axes are polar.

    Examples
    --------
    >>> axes = new_axes(height=3)
    >>> axes.figure.get_size_inches().tolist()
    [6.6, 3.0]
    >>> import matplotlib.pyplot as plt; plt.close(axes.figure)
    """
    import matplotlib.pyplot as plt

    with house_style():
        _, ax = plt.subplots(figsize=(width, height), layout="constrained", subplot_kw={"polar": True} if polar else {})
    return ax


def text_width(text: str) -> int:
    """Count the columns that `text` takes: 2 for a Chinese letter or full-width mark, 1 for others.

    Examples
    --------
    >>> text_width("活力 ab")
    7
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrap_label(text: str, width: int) -> str:
    """Break `text` into lines of at most `width` columns, between words or between Chinese letters.

    A single word that is longer than `width` stays whole, a closing mark never begins a line, and the lines
    are made about equally long, so that no single letter is left over.

    Examples
    --------
    >>> wrap_label("组织与人员保障", 8)
    '组织与人\\n员保障'
    >>> wrap_label("Volunteers and members", 12)
    'Volunteers\\nand members'
    >>> wrap_label("核心业务与品牌建设", 16)
    '核心业务与\\n品牌建设'
    """
    lines = _fill(text, width)
    while width > 4 and len(narrower := _fill(text, width - 1)) == len(lines):
        lines, width = narrower, width - 1
    return "\n".join(lines)


def _fill(text: str, width: int) -> list[str]:
    """Break greedily at `width` columns."""
    lines = [""]
    for piece in _pieces(text):
        line = lines[-1] + piece
        if lines[-1] and text_width(line.rstrip()) > width and piece.strip() not in CLOSING_MARKS:
            lines.append(piece.lstrip())
        else:
            lines[-1] = line
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> Iterator[str]:
    """Split into words with their space before them, and single Chinese letters."""
    word = ""
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in "WF"
        if word and (wide or letter == " "):
            yield word
            word = ""
        if wide:
            yield letter
        else:
            word += letter
    if word:
        yield word
