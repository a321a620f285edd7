"""Invented districts, towns and organisations. None of them is a real place.

The names are put together so that no well-known street or town of Shanghai bears them; a likeness to any
real place or organisation is chance.
"""

from __future__ import annotations

from itertools import product

import numpy as np

DISTRICTS = ("云汀区", "兰渚区")
#: Towns of each district with their type (street, town, industrial_zone).
TOWNS: dict[str, tuple[tuple[str, str], ...]] = {
    "云汀区": (
        ("清漪街道", "street"),
        ("棠梓街道", "street"),
        ("望霓街道", "street"),
        ("栖澜街道", "street"),
        ("澄岫街道", "street"),
        ("鹤汀镇", "town"),
        ("枫渚镇", "town"),
        ("松霭镇", "town"),
        ("萍岫镇", "town"),
        ("蒲汀镇", "town"),
        ("砚渡镇", "town"),
        ("云汀工业区", "industrial_zone"),
    ),
    "兰渚区": (
        ("竹漪街道", "street"),
        ("芷汀街道", "street"),
        ("璞澜街道", "street"),
        ("梧栖街道", "street"),
        ("霖岚街道", "street"),
        ("桐霭镇", "town"),
        ("莼渚镇", "town"),
        ("菱岫镇", "town"),
        ("藕汀镇", "town"),
        ("苇澜镇", "town"),
        ("杏霭镇", "town"),
        ("兰渚工业区", "industrial_zone"),
    ),
}
_FIRST, _SECOND = "澜霭霓岫漪汀渚栖", "梓棠蒲芷璞莼苇砚"
_COMMUNITIES = tuple(first + second for first, second in product("映晓听怀沐拾倚揽", "月荷溪禾露星竹杏"))
_SCHOOL_KINDS = ("实验小学", "中心小学", "第一小学", "初级中学", "高级中学", "职业学校")
_FIRM_KINDS = ("精工有限公司", "物流有限公司", "食品有限公司", "软件有限公司", "商务楼宇联合", "社工服务社")
_MEDICAL_KINDS = ("社区卫生服务中心", "护理院", "门诊部")
_OTHER_KINDS = ("敬老院", "机关", "文化中心", "城管中队")
#: Type of an organisation -> how often it occurs.
TYPE_SHARES = {
    "village_residential": 0.55,
    "school": 0.19,
    "enterprise_two_new": 0.13,
    "medical": 0.07,
    "other": 0.06,
}


def invented_towns(towns: int) -> list[tuple[str, str, str]]:
    """Name, district and type of so many towns, half of them in each district.

    Examples
    --------
    >>> invented_towns(2)
    [('清漪街道', '云汀区', 'street'), ('竹漪街道', '兰渚区', 'street')]
    """
    shares = {DISTRICTS[0]: (towns + 1) // 2, DISTRICTS[1]: towns // 2}
    more = iter(f"{a}{b}" for a, b in product(_SECOND, _FIRST))
    found = []
    for district, count in shares.items():
        known = list(TOWNS[district])
        while len(known) < count:
            name = next(more)
            known.append((f"{name}街道", "street") if len(known) % 2 else (f"{name}镇", "town"))
        found += [(name, district, kind) for name, kind in known[:count]]
    return found


def organisation_types(count: int) -> list[str]:
    """Types of the organisations of one town, in the usual proportions and order."""
    exact = np.array(list(TYPE_SHARES.values())) * count
    whole = np.floor(exact).astype(int)
    for position in np.argsort(whole - exact, kind="stable")[: count - int(whole.sum())]:
        whole[position] += 1
    return [kind for kind, number in zip(TYPE_SHARES, whole) for _ in range(number)]


def organisation_names(town: str, types: list[str], first: int) -> list[str]:
    """Names of the organisations of one town; `first` shifts the choice of community names."""
    short = town.removesuffix("街道").removesuffix("工业区").removesuffix("镇")
    seen: dict[str, int] = {}
    names = []
    for kind in types:
        number = seen[kind] = seen.get(kind, -1) + 1
        names.append(_organisation_name(short, kind, number, first))
    return names


def _organisation_name(town: str, kind: str, number: int, first: int) -> str:
    def pick(words: tuple[str, ...]) -> str:
        again = number // len(words)
        return words[number % len(words)] + (f"{again + 1}部" if again else "")

    if kind == "village_residential":
        position = first + number
        community = _COMMUNITIES[position % len(_COMMUNITIES)]
        ending = "村" if number % 3 == 2 else "社区"
        again = number // len(_COMMUNITIES)
        return f"{town}{community}{again + 1 if again else ''}{ending}红十字服务站"
    words = {
        "school": _SCHOOL_KINDS,
        "enterprise_two_new": _FIRM_KINDS,
        "medical": _MEDICAL_KINDS,
        "other": _OTHER_KINDS,
    }[kind]
    return f"{town}{pick(words)}红十字会"
