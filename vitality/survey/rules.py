"""All rules of checking, and the words that their messages are made of."""

from __future__ import annotations

from vitality.framework import Lang
from vitality.survey.cell_rules import CELL_RULES
from vitality.survey.export_rules import EXPORT_RULES
from vitality.survey.file_rules import FILE_RULES
from vitality.survey.rule import Rule

#: Every rule by its key.
RULES: dict[str, Rule] = {**CELL_RULES, **FILE_RULES, **EXPORT_RULES}

#: How grave a finding is -> (Chinese, English).
SEVERITY_NAMES: dict[str, tuple[str, str]] = {
    "error": ("错误", "error"),
    "query": ("疑问", "query"),
    "note": ("提示", "note"),
}

#: How a text differed from the plain value -> (Chinese, English).
FLAG_NAMES: dict[str, tuple[str, str]] = {
    "full_width": ("全角字符", "full-width digits"),
    "separator": ("千位分隔符", "thousands separator"),
    "numeral": ("中文数字", "Chinese numerals"),
    "multiplier": ("万、千等倍数", "multiplier"),
    "unit": ("带单位", "unit written behind"),
    "other_unit": ("单位不符", "another unit"),
    "converted": ("换算单位", "unit converted"),
    "noted_unit": ("按表中注明的单位换算", "converted from the unit noted in the sheet"),
    "currency": ("带货币符号", "currency sign"),
    "percent_sign": ("带百分号", "percent sign"),
    "approximate": ("约数", "approximate"),
    "range": ("区间取中值", "midpoint of a range"),
    "note": ("带说明文字", "with a note"),
    "none_is_zero": ("“无”按0", "none read as 0"),
    "mark": ("是否的其他写法", "yes or no by a sign"),
    "date_text": ("日期的其他写法", "date in other words"),
    "lost_zero": ("如原为“.10”则应为10月", "October, if it was typed as .10"),
    "serial": ("Excel日期序号", "Excel day number"),
    "scale_words": ("量表选项文字", "scale in words"),
    "control": ("不可见字符", "invisible characters"),
    "traditional": ("繁体字", "Traditional Chinese"),
    "option_text": ("选项的其他写法", "option in other words"),
    "missing": ("按未填处理", "taken as missing"),
    "dash": ("短横", "dash"),
    "unknown": ("未说明数量", "no figure given"),
    "not_applicable": ("不适用", "not applicable"),
    "skipped": ("跳过", "skipped"),
    "unreadable": ("无法识别", "unreadable"),
}

#: What was expected, by the kind of question.
KIND_NAMES: dict[str, tuple[str, str]] = {
    "count": ("整数", "a whole number"),
    "number": ("数字", "a number"),
    "money": ("金额", "an amount of money"),
    "percent": ("百分数", "a percentage"),
    "likert": ("1至5的整数", "a whole number from 1 to 5"),
    "yesno": ("“是”或“否”", "yes or no"),
    "choice": ("选项之一", "one of the options"),
    "multichoice": ("选项", "some of the options"),
    "date": ("日期", "a date"),
    "text": ("文字", "text"),
}


def rule_name(rule: str, lang: Lang = "zh") -> str:
    """Name of a rule for people.

    Examples
    --------
    >>> rule_name("part_of"), rule_name("part_of", "en")
    ('部分大于整体', 'part above whole')
    """
    return RULES[rule].name[lang == "en"] if rule in RULES else rule
