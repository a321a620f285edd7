"""The guard: a resource and an index that are made of the same thing go together by arithmetic alone.

Two ratios over the same population correlate although nothing connects them [1]_; so do an index and a
resource that is part of it. `coupling` says when that is so, and what to do instead.

References
----------
.. [1] Pearson, K. (1897). Mathematical contributions to the theory of evolution: on a form of spurious
   correlation which may arise when indices are used in the measurement of organs. Proc. Royal Society 60,
   489-498.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vitality.analysis.blocks import block_label, blocks_of

if TYPE_CHECKING:
    from vitality.framework import Framework, Indicator, Lang

__all__ = ["Coupling", "SharedPart", "code_of", "coupling", "known_names", "reasons", "ways_out"]

Kind = Literal["contains", "denominator", "component"]

_UNIT = re.compile(r"[(\[【].*[)\]】]\s*$")
#: Indicators that a text names before it only counts them.
NAMED = 3


@dataclass(frozen=True)
class SharedPart:
    """One thing that stands on both sides.

    Attributes
    ----------
    kind : {"contains", "denominator", "component"}
        The index holds the resource, or others of the framework's resources; both are divided by the same; both
        use the same.
    name : str
        Code of the denominator or of the component; "" for what the index contains.
    indicators : tuple of str
        The indicators below the node that share it.
    """

    kind: Kind
    name: str
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Coupling:
    """Why a resource and a node must not be correlated as they are.

    Attributes
    ----------
    resource, node : str
        The two sides.
    parts : tuple of SharedPart
    zh, en : str
        The reason with the indicators involved, and the two right ways out.
    """

    resource: str
    node: str
    parts: tuple[SharedPart, ...]
    zh: str
    en: str

    def text(self, lang: Lang = "zh") -> str:
        """Give the reason in the language asked for."""
        return self.zh if lang == "zh" else self.en


def coupling(framework: Framework, resource: str, node: str) -> Coupling | None:
    """Say whether a resource and a node of the tree share a part.

    Parameters
    ----------
    framework : Framework
        Its tree, resources and listed pairs. A denominator is shared when resource and indicator name the
        same one; a component when the framework lists the pair or both are computed from the same question.
    resource : str
        Code of a resource, or of a block of resources, which shares what any of its resources shares; a node of
        the tree or an indicator may stand here as well. Of one that the framework does not describe nothing is
        known.
    node : str
        Code of a node of the tree.

    Returns
    -------
    Coupling or None

    Raises
    ------
    FrameworkError
        If the tree has no such node.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> framework = read_framework("redcross")
    >>> coupling(framework, "R31", "V") is None
    True
    >>> found = coupling(framework, "R22", "A")
    >>> found.parts
    (SharedPart(kind='denominator', name='population', indicators=('A13',)),)
    """
    below = framework.leaves_below(node)
    parts = _together(
        [part for code in _members(framework, resource) for part in _parts(framework, code, below)], below
    )
    if not parts:
        return None
    return Coupling(
        resource,
        node,
        parts,
        zh=_text(framework, resource, node, parts, "zh"),
        en=_text(framework, resource, node, parts, "en"),
    )


def spelling(name: object) -> str:
    """A code or name without what people change in it: spaces, capitals, full-width signs, a unit in brackets.

    Examples
    --------
    >>> spelling(" Ｒ22（万元）")
    'r22'
    """
    text = unicodedata.normalize("NFKC", str(name))
    return "".join(_UNIT.sub("", text).split()).casefold()


def known_names(framework: Framework) -> dict[str, str]:
    """Spelling -> code of everything that the framework can check; dimensions and groups by their exact code only.

    A column such as ``f`` or ``e1`` is no group of the tree, but a table's own name.
    """
    parts = [*framework.resources, *(framework.indicator(code) for code in framework.leaves)]
    names = {spelling(name): part.code for part in parts for name in (part.name_zh, part.name_en) if name}
    names |= {spelling(block_label(block, lang)): block for block in blocks_of(framework) for lang in ("zh", "en")}
    return names | {spelling(code): code for code in (*blocks_of(framework), *(part.code for part in parts))}


def code_of(framework: Framework, names: dict[str, str], name: object) -> str | None:
    """Code of what a table calls by a code or a name; None where the framework does not describe it."""
    text = str(name)
    return text if text in framework.nodes else names.get(spelling(text))


def _members(framework: Framework, resource: str) -> list[str]:
    """Resources of a block, indicators of a node, or the one itself."""
    block = [item.code for item in framework.resources if item.block == resource]
    return block or list(framework.leaves_below(resource) if resource in framework.nodes else (resource,))


def _together(parts: list[SharedPart], below: tuple[str, ...]) -> tuple[SharedPart, ...]:
    """One part for each thing that is shared, with all its indicators in the order of the tree."""
    found: dict[tuple[Kind, str], set[str]] = {}
    for part in parts:
        found.setdefault((part.kind, part.name), set()).update(part.indicators)
    return tuple(
        SharedPart(kind, name, tuple(code for code in below if code in codes)) for (kind, name), codes in found.items()
    )


def _parts(framework: Framework, code: str, below: tuple[str, ...]) -> Iterator[SharedPart]:
    resources = {item.code: item for item in framework.resources}
    # an index that holds resources goes with every resource by construction: they go together among themselves
    inside = {leaf for leaf in below if leaf == code or (code in resources and leaf in resources)}
    if inside:
        yield SharedPart("contains", "", tuple(leaf for leaf in below if leaf in inside))
    resource = resources.get(code) or (framework.indicator(code) if code in framework.leaves else None)
    if resource is None:
        return
    others = [framework.indicator(leaf) for leaf in below if leaf not in inside]
    divided = tuple(item.code for item in others if resource.denominator and item.denominator == resource.denominator)
    if divided:
        yield SharedPart("denominator", str(resource.denominator), divided)
    listed: dict[str, list[str]] = {}
    for pair in framework.coupled_pairs:
        if pair.resource == code and pair.indicator in below and pair.indicator not in inside:
            listed.setdefault(pair.component, []).append(pair.indicator)
    for component, indicators in listed.items():
        yield SharedPart("component", component, tuple(indicators))
    known = {*divided, *(leaf for indicators in listed.values() for leaf in indicators)}
    own = _questions(resource)
    shared: dict[str, list[str]] = {}
    for item in others:
        for question in own & _questions(item) if item.code not in known else ():
            shared.setdefault(question, []).append(item.code)
    for question in sorted(shared):
        yield SharedPart("component", question, tuple(shared[question]))


def _questions(item: Indicator) -> frozenset[str]:
    """Questions whose answers make the value; those that only select respondents do not count."""
    if item.measure is None:
        return frozenset()
    used = {*item.measure.asked} - {*getattr(item.measure, "where", {})}
    share_of = getattr(item.measure, "of", None)
    return frozenset(used | ({share_of} if share_of else set()))


def reasons(framework: Framework, parts: tuple[SharedPart, ...], lang: Lang = "zh") -> str:
    """Say what is shared, and with which indicators, in one phrase.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> framework = read_framework("redcross")
    >>> reasons(framework, coupling(framework, "R22", "A").parts, "en")
    'the resource shares the denominator "resident population" with Member density (A13)'
    """
    found = []
    for part in parts:
        comma = "、" if lang == "zh" else ", "
        shown = comma.join(_name(framework, code, lang) for code in part.indicators[:NAMED])
        rest = len(part.indicators) - NAMED
        if rest > 0:
            shown += f"等{len(part.indicators)}项指标" if lang == "zh" else f" and {rest} more"
        found.append(_reason(part.kind, framework.component(part.name, lang), shown, lang))
    return ("；" if lang == "zh" else "; ").join(found)


def ways_out(lang: Lang = "zh", *, divided: str | None = "") -> str:
    """Name the right ways to compare what is coupled.

    Parameters
    ----------
    lang : {"zh", "en"}
    divided : str or None
        Name of the shared denominator, "" for the population; without one there is only the first way.

    Examples
    --------
    >>> ways_out("zh")[:4]
    '可行的做'
    >>> ways_out("en", divided=None)
    'Leave these indicators out of the index.'
    """
    if lang == "zh":
        first = "可行的做法：从指数中去掉这些指标再比较"
        counts = f"；或改用计数并以{divided or '人口'}对数为控制变量，或只置换分子。"
        return first + ("。" if divided is None else counts)
    if divided is None:
        return "Leave these indicators out of the index."
    return (
        f"Either leave these indicators out of the index, or use counts with log {divided or 'population'} as a "
        "covariate or a permutation of the numerators only."
    )


def _name(framework: Framework, code: str, lang: Lang) -> str:
    known = {*framework.nodes, *(item.code for item in framework.resources)}
    if code not in known:
        return block_label(code, lang)
    label = framework.label(code, lang)
    return f"{label}（{code}）" if lang == "zh" else f"{label} ({code})"


def _text(framework: Framework, resource: str, node: str, parts: tuple[SharedPart, ...], lang: Lang) -> str:
    label, name, why = (
        framework.label(node, lang),
        _name(framework, resource, lang),
        reasons(framework, parts, lang),
    )
    divided = next((framework.component(part.name, lang) for part in parts if part.kind == "denominator"), None)
    ways = ways_out(lang, divided=divided)
    if lang == "zh":
        return f"{name}与“{label}”同源：{why}，两者的相关由计算方式造成。{ways}"
    return f"{name} and {label} are coupled: {why}, so that they correlate by construction. {ways}"


def _reason(kind: Kind, shared: str, shown: str, lang: Lang) -> str:
    zh, en = {
        "contains": (
            f"该指数含{shown}，即资源本身或同类资源",
            f"the index contains {shown}: the resource, or its like",
        ),
        "denominator": (
            f"与{shown}共有分母“{shared}”",
            f'the resource shares the denominator "{shared}" with {shown}',
        ),
        "component": (
            f"与{shown}共有组成部分“{shared}”",
            f'the resource shares the component "{shared}" with {shown}',
        ),
    }[kind]
    return zh if lang == "zh" else en
