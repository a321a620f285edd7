"""Personal data in a text: telephone and identity numbers, addresses, accounts, and the names beside them.

A text is searched in a folded copy (one width, no invisible signs, one kind of dash and space) and masked in
the original. A name is masked where a label says that it is one (联系人：张三) or where it stands beside a
number or an account; the names of organisations stay.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

MASK = "[已隐去]"
#: Fewest signs of what is personal: 姓名王某.
_SHORTEST = 4
#: The same where there are no Chinese signs and no @: 1.1.1.1, vx:abcd.
_SHORTEST_ASCII = 7
_HAN = "一-鿿"
#: The commonest surnames, of one and of two letters; those that mostly are other words (于, 时, 路) are left out.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤庞樊殷施洪翁倪庄聂鲁岳齐梅辛左涂谷祁"
    "耿牟卜詹关苗凌费纪靳童甄曲裴屈鲍霍隋柴蒙柯毕申宗闵舒晏冉葛俞蒲阮骆喻焦尤芦"
)
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|令狐|皇甫|尉迟|公孙|慕容|长孙|夏侯|轩辕|端木|独孤|南宫|司空|宇文|闻人"
_TITLES = (
    "老师|医生|医师|大夫|护士|主任|书记|站长|校长|会长|院长|所长|科长|处长|局长|镇长|村长|组长|队长|部长|秘书|委员|干事"
    "|社工|先生|女士|小姐|同志|师傅|阿姨|叔叔|大爷|大妈|奶奶|爷爷|经理|老板|总"
)
#: Words that begin as a name does and are none.
_NO_NAMES = (
    "谢谢|高[中新级度校]|方[便案式向面]|成立|任[务职期何]|万[元一人]|余[人元]|金额|周[一二三四五六日末边期]|马[上路]|严格|白天|程[度序]"
    "|关于|石油|武装|江边|田间|史料|费用|纪念|童年|舒适|齐[全备]|许多|张贴|毕业|何时|施工|宗旨|段落|单位"
)
#: Places and organisations end so, persons do not.
_ENDS = "路街镇村乡站校会部院室社区县市省店所局处科办厂司队组里弄号楼巷"
_NAME = rf"(?!{_NO_NAMES})(?:(?:{_DOUBLE})[{_HAN}]{{1,2}}|[{_SURNAMES}](?!{_TITLES})[{_HAN}]{{1,2}})(?<![{_ENDS}])"
_LABEL = (
    r"(?:(?:联系|联络|负责|经办|经手|填表|填报|填写|审核|复核|制表|报表|报送|录入|统计|受访|监护|法定代表)人|(?:联络|联系|调查|访问)员"
    r"|受访者|被访者|法人代表|姓 ?名|签名|签字)"
)
_LATIN_LABEL = r"(?:contact(?: person| name)?|prepared by|filled in by|full name)"
_PHONE_WORD = r"(?:(?:联系)?(?:电话|手机|座机|固话)|联系方式|传真|致电|(?<![a-z])(?:tel|phone|mobile))(?:号码|号)?"
_HAN_CHAT = r"(?:微 ?信|v信|威信|薇信)"
_CHAT = rf"(?:{_HAN_CHAT}|(?<![a-z])(?:weixin|we ?chat|[vw]x|qq))"
_IS = r" ?[:=是为] ?"
_NO_COUNT = r"(?![\d人次元份条位名户个万亿余多粉])"
_NUMERAL = "〇零一幺二三四五六七八九"
_PERSONAL = (
    # mobile telephones in their groupings, with or without the country
    r"(?<![\d.])(?:(?:\+|00)?86[ )-]{0,2})?1[3-9]\d"
    r"(?:[ -]{0,3}\d{4}[ -]{0,3}\d{4}|\.\d{4}\.\d{4}|(?: \d\d){4}|(?:-\d\d){4})(?!\d)",
    rf"[一幺][三四五六七八九][{_NUMERAL}]{{9}}(?![{_NUMERAL}])",
    # telephones with their area, of companies, abroad, and those that a word tells
    r"(?<![\d.])(?:\(0(?:10|2\d|[3-9]\d\d)\)|(?:(?:\+|00)86[ -]?)?0(?:10|2\d|[3-9]\d\d))[ -]{0,3}"
    r"(?:\d{7,8}|\d{3,4}[ -]\d{4})(?:-\d{1,5})?(?!\d)",
    r"(?<![\d.])[48]00(?:[ -]\d{3}[ -]?\d{4}|[ -]?\d{3}[ -]\d{4}|[ -]\d{4}[ -]\d{3})(?!\d)",
    r"(?<![\d.])(?:\+|00)(?:852|853|886)[ -]?\d{4}[ -]?\d{4,5}(?!\d)",
    r"(?<![\d.])\+\d{1,3}[ -]\d{2,5}[ -]\d{3,4}(?:[ -]\d{3,4})?(?!\d)",
    rf"{_PHONE_WORD}[ :=(是为]{{0,3}}(?:\d{{7,8}}|\d{{3,4}}[ -]\d{{4}}){_NO_COUNT}",
    # identity cards of 18 and of 15 signs, passports
    r"(?<![\d.])[1-8]\d{5}[ -]?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dx](?![\da-z])",
    r"(?<![\d.])[1-8]\d{5}[ -]?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}(?!\d)",
    r"护照(?:号码|号)?[ :]{0,2}[a-z]{1,2}\d{7,8}(?!\d)",
    # addresses of mail and of machines
    rf"(?:[a-z0-9._%+-]+|[{_HAN}]{{1,4}})@(?:[a-z0-9-]+|[{_HAN}]{{1,9}})(?:\.(?:[a-z0-9-]+|中国|公司|网络))+",
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])",
    r"(?<![a-z0-9:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![a-z0-9:])",
    r"(?<![a-z0-9:])(?:[23][0-9a-f]{3}|f[cde][0-9a-f]{2})(?::[0-9a-f]{1,4}){0,5}:(?::[0-9a-f]{1,4}){1,6}(?![a-z0-9:])",
    # accounts
    r"(?<![a-z0-9])wxid_\w+",
    rf"{_CHAT}(?: ?(?:号码|号|id)(?:{_IS}| )?|{_IS})(?:(?=[\d-]*[a-z_])[a-z0-9_-]{{4,20}}|\d{{5,12}}{_NO_COUNT})",
    rf"{_CHAT} ?(?:(?=[a-z_-]*\d|[a-z]+_)(?=[\d-]*[a-z_])[a-z0-9_-]{{5,20}}|\d{{5,12}}{_NO_COUNT})",
    rf"{_HAN_CHAT} ?(?!wechat|weixin|official|account|group)[a-z]{{6,20}}",
    rf"{_CHAT}(?:(?:名称|昵称|名)(?:{_IS}| )?|号(?:{_IS}| ))[^\s,，.。;；:、|()\[\]“”‘’\"']{{1,20}}",
)
_NUMBERS = re.compile("|".join(_PERSONAL), re.IGNORECASE)
_BEFORE = re.compile(
    rf"{_NAME}(?:{_TITLES})?的?[ ,、:(]{{0,3}}(?:{_PHONE_WORD}|{_CHAT}号?)?[ :(是为]{{0,3}}$", re.IGNORECASE
)
_AFTER = re.compile(rf"[ ,、:()]{{0,2}}{_NAME}(?=$|[^{_HAN}]|{_TITLES})")
_GOES_ON = "的|和|及|与|联系|电话|手机|微信|审核|复核|填|负责|经办|制表|报送|现|已|担任|是|为|等"
_LABELLED = re.compile(
    rf"{_LABEL}(?:姓名|签名|签字)?(?:{_IS}|[ (]){{0,3}}"
    rf"(?P<name>{_NAME}(?:(?:[、,/ ]|和|及)+{_NAME})*|[{_HAN}]{{1,6}}·[{_HAN}]{{1,6}})"
    rf"(?=$|[^{_HAN}]|{_TITLES}|{_GOES_ON})"
    rf"|(?i:{_LATIN_LABEL}) ?: ?(?P<latin>[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){{0,3}})"
)
#: Heads and labels of what is personal.
PRIVATE_HEAD = re.compile(
    r"来自ip|^ip$|ip地址|电话|手机|微信|openid|^qq|邮箱|e-?mail|身份证|住址|家庭地址|用户id|昵称|phone|wechat|^name$|contact"
    rf"|{_LABEL}(?!数|员|均|次)",
    re.IGNORECASE,
)
#: What every personal text holds: one of these words, or such signs; quick, so that honest texts cost little.
_WORDS = (
    "@", "::", "微信", "微 信", "v信", "威信", "薇信", "weixin", "wechat", "we chat", "wx", "vx", "qq", "护照",
    "签名", "签字", "姓名", "姓 名", "联系人", "联络人", "负责人", "经办人", "填表人", "填报人", "填写人",
    "审核人", "复核人", "经手人", "报表人", "制表人", "报送人", "录入人", "统计人",
    "受访", "被访者", "监护人", "代表人",
    "法人代表", "联络员", "联系员", "调查员", "访问员", "contact", "prepared by", "filled in by", "full name",
)  # fmt: skip
_SIGNS = (
    re.compile(r"(?:\d[^\w|,]{0,3}){7}"),
    re.compile(r"\.\d+\."),
    re.compile(r":[0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}:"),
    re.compile(f"[{_NUMERAL}]{{11}}"),
)
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def _may_hold(text: str) -> bool:
    """Whether a text may hold personal data; quick."""
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()
    if _INVISIBLE.search(plain):
        plain = _INVISIBLE.sub("", plain)
    return any(sign.search(plain) for sign in _SIGNS) or any(word in plain for word in _WORDS)


@cache
def _folded_sign(sign: str) -> str:
    """A sign as it is compared: one width, one space, one dash; nothing for what cannot be seen."""
    if sign.isspace():
        return " "
    kind = unicodedata.category(sign)
    if kind in ("Cf", "Cc") or "\ufe00" <= sign <= "\ufe0f":
        return ""
    return "-" if kind == "Pd" or sign == "−" else unicodedata.normalize("NFKC", sign)


def _folded(text: str) -> str:
    return "".join(map(_folded_sign, text))


def mask_personal(text: str) -> str:
    """Mask telephone and identity numbers, addresses, accounts and the names beside them in a text.

    Examples
    --------
    >>> mask_personal("找王老师 13800000000"), mask_personal("姓名：王某，１３８００００００００"), mask_personal("120")
    ('找王老师 [已隐去]', '姓名：[已隐去]', '120')
    """
    if len(text) < _SHORTEST or not _may_hold(text):
        return text
    spans = _spans(_folded(text))
    if spans:
        places = [place for place, sign in enumerate(text) for _ in _folded_sign(sign)]
        for start, end in reversed(spans):
            text = text[: places[start]] + MASK + text[places[end - 1] + 1 :]
    return text


def _spans(folded: str) -> list[tuple[int, int]]:
    """Where personal data stand in a folded text, in order; those that touch are one."""
    found = []
    for match in _NUMBERS.finditer(folded):
        start, end = match.span()
        before = _BEFORE.search(folded, max(0, start - 24), start)
        after = _AFTER.match(folded, end)
        found.append((before.start() if before else start, after.end() if after else end))
    for match in _LABELLED.finditer(folded):
        found.append(match.span("name" if match["name"] else "latin"))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _is_long_enough(text: str) -> bool:
    """Whether a text of few signs can be personal at all: no short number is."""
    return len(text) >= _SHORTEST and (not text.isascii() or "@" in text)


def masked_texts(texts: Iterable[str]) -> dict[str, str]:
    """Give the texts that hold personal data, each with its masked form.

    Examples
    --------
    >>> masked_texts(["120", "QQ：12345678", "120"])
    {'QQ：12345678': '[已隐去]'}
    """
    distinct = [text for text in set(texts) if len(text) >= _SHORTEST_ASCII or _is_long_enough(text)]
    if not _may_hold("|".join(distinct)):
        return {}
    return {text: new for text in distinct if (new := mask_personal(text)) != text}


@cache
def masked_name(name: str) -> str:
    """Mask personal data in the name of a file or a sheet; four signs tell masked names apart.

    Examples
    --------
    >>> masked_name("t_甲镇.xlsx"), masked_name("t_甲镇_王某13800000000.xlsx")
    ('t_甲镇.xlsx', 't_甲镇_[已隐去]-25ac.xlsx')
    """
    masked = mask_personal(name)
    if masked == name:
        return name
    return masked.replace(MASK, f"{MASK}-{hashlib.sha256(name.encode()).hexdigest()[:4]}", 1)


def masked_source(source: str) -> str:
    """Mask the names in the place of a cell: file / sheet / cell."""
    return " / ".join(map(masked_name, source.split(" / ")))
