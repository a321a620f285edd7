"""The rules of checking: severity and wording of every finding, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vitality.framework import Lang

Severity = Literal["error", "query", "note"]


@dataclass(frozen=True)
class Rule:
    """One rule: how grave it is, its name, what it says and what it asks for, as (Chinese, English)."""

    severity: Severity
    name: tuple[str, str]
    message: tuple[str, str]
    action: tuple[str, str]


_CORRECT = (
    "请填报单位核实，改正原表或在 corrections.csv 中更正；更正前该值不使用。",
    "Ask the unit; mend the form or add a row to corrections.csv. Until then the value is not used.",
)
_CONFIRM = (
    "请填报单位确认；有误时在 corrections.csv 中更正。",
    "Ask the unit to confirm; mend it in corrections.csv if it is wrong.",
)
_NONE = ("无需处理。", "Nothing to do.")

RULES: dict[str, Rule] = {
    "unreadable": Rule(
        "error",
        ("无法识别", "unreadable"),
        ("“{label}”应填{kind}，填的是“{value}”，无法识别。", "{label}: expected {kind}, found {value!r}."),
        _CORRECT,
    ),
    "unknown_option": Rule(
        "error",
        ("选项不符", "unknown option"),
        (
            "“{label}”填的是“{value}”，不在选项之中（{options}）。{near}",
            "{label}: found {value!r}, which is none of the options ({options}).{near}",
        ),
        _CORRECT,
    ),
    "hard_limit": Rule(
        "error",
        ("超出限值", "beyond the limits"),
        ("“{label}”填{number}，应在{limits}。", "{label}: found {number}, expected {limits}."),
        _CORRECT,
    ),
    "part_of": Rule(
        "error",
        ("部分大于整体", "part above whole"),
        (
            "“{label}”填{number}，大于“{whole}”的{whole_number}。",
            "{label} is {number}, more than {whole_number} ({whole}).",
        ),
        _CORRECT,
    ),
    "parts_of": Rule(
        "error",
        ("各部分之和大于整体", "parts above whole"),
        (
            "“{label}”等{n}项之和为{number}，大于“{whole}”的{whole_number}；这些项互不重复。",
            "{n} parts ({label} and others) sum to {number}, more than {whole_number} ({whole}); "
            "they should not overlap.",
        ),
        _CORRECT,
    ),
    "missing": Rule(
        "query",
        ("应填未填", "missing"),
        ("“{label}”应填未填{shown}。", "{label}: no answer{shown}."),
        (
            "请填报单位补填；不补填则按缺失处理，不代为估计。",
            "Ask the unit for it; without it the value stays missing, nothing is filled in.",
        ),
    ),
    "usual": Rule(
        "query",
        ("超出常见范围", "beyond the usual range"),
        (
            "“{label}”填{number}，常见范围为{limits}。",
            "{label}: found {number}, usual are {limits}.",
        ),
        _CONFIRM,
    ),
    "money_slip": Rule(
        "query",
        ("疑似万元与元混淆", "yuan for 10,000 yuan"),
        (
            "“{label}”填{number}，为常见范围（{limits}）的约一万倍，疑似把元当作万元填写（应为{mended}？）。",
            "{label}: found {number}, about 10,000 times the usual {limits}: yuan entered where 10,000 yuan "
            "was asked for (meant {mended}?).",
        ),
        _CONFIRM,
    ),
    "not_whole": Rule(
        "query",
        ("不是整数", "not a whole number"),
        ("“{label}”是计数，填的是{number}。", "{label} is a count, found {number}."),
        _CONFIRM,
    ),
    "other_unit": Rule(
        "query",
        ("单位不符", "another unit"),
        (
            "“{label}”应以“{asked}”为单位，填的是“{value}”，按{number}读入。",
            "{label} is asked in {asked!r}, found {value!r}; read as {number}.",
        ),
        _CONFIRM,
    ),
    "approximate": Rule(
        "note",
        ("约数", "approximate"),
        (
            "“{label}”填的是“{value}”，是约数，按{number}读入。",
            "{label}: {value!r} is approximate; read as {number}.",
        ),
        ("可请填报单位给出准确数。", "An exact figure may be asked for."),
    ),
    "reformatted": Rule(
        "note",
        ("书写不规范", "rewritten"),
        ("“{label}”的“{value}”按{number}读入（{how}）。", "{label}: {value!r} was read as {number} ({how})."),
        _NONE,
    ),
    "not_asked": Rule(
        "note",
        ("无需填写", "not asked for"),
        (
            "“{label}”不适用于这类填报对象，填的“{value}”不使用。",
            "{label} is not asked of this kind of respondent; {value!r} is not used.",
        ),
        _NONE,
    ),
    "duplicate": Rule(
        "query",
        ("重复填报", "duplicate"),
        (
            "“{value}”在同一单位重复填报，保留最后一条（{kept}）。",
            "{value!r} is listed more than once in this unit; the last one is kept ({kept}).",
        ),
        ("请确认保留的一条是否正确。", "Confirm that the right one is kept."),
    ),
    "repeated_form": Rule(
        "query",
        ("同一单位交了多份表", "several forms of one unit"),
        (
            "“{value}”交了多份《{form}》，保留最后一份（{kept}）。",
            "{value!r} sent several forms ({form}); the last one is kept ({kept}).",
        ),
        (
            "请确认后把多余的文件移出 raw 文件夹。",
            "Confirm, and take the other files out of the folder raw.",
        ),
    ),
    "unknown_unit": Rule(
        "error",
        ("单位名称不符", "unknown unit"),
        (
            "《{form}》中的“{value}”不在本轮单位名单之中，相关{n}条记录未使用。{near}",
            "{form}: {value!r} is not among the units of this round; {n} rows were not used.{near}",
        ),
        ("请核对名称并在原表中改正。", "Check the name and mend it in the file."),
    ),
    "no_unit": Rule(
        "error",
        ("未填单位名称", "no unit name"),
        (
            "《{form}》没有填写单位名称，{n}条记录未使用。",
            "{form}: no unit is named; {n} rows were not used.",
        ),
        ("请补填单位名称。", "Fill in the name of the unit."),
    ),
    "no_form": Rule(
        "error",
        ("单位未交表", "no form"),
        ("“{value}”没有交《{form}》。", "{value}: no {form} came in."),
        (
            "请催交；未交前相关指标为缺失。",
            "Ask for it; until it comes the indicators that need it are missing.",
        ),
    ),
    "no_row": Rule(
        "query",
        ("表中没有该单位", "no row"),
        ("《{form}》中没有“{value}”这一行。", "{form} has no row for {value}."),
        ("相关指标为缺失。", "The indicators that need it are missing."),
    ),
    "empty_form": Rule(
        "error",
        ("空表", "empty form"),
        ("“{value}”的《{form}》没有填写任何内容。", "{value}: {form} came in without any answer."),
        ("请退回补填。", "Send it back to be filled in."),
    ),
    "too_few": Rule(
        "query",
        ("样本过少", "too few answers"),
        (
            "“{value}”的《{form}》只有{n}份有效答卷，少于{minimum}份，不计算{codes}。",
            "{value}: {form} has {n} usable answers, fewer than {minimum}; {codes} not computed.",
        ),
        ("请补充调查。", "Interview more people."),
    ),
    "missing_instrument": Rule(
        "error",
        ("缺少一类资料", "missing instrument"),
        (
            "raw 文件夹中没有《{form}》（{files}），相关指标全部缺失。",
            "No {form} in the folder raw ({files}); every indicator that needs it is missing.",
        ),
        ("请放入导出的文件。", "Put the exported file there."),
    ),
    "missing_column": Rule(
        "error",
        ("缺少一列", "missing column"),
        ("《{form}》中没有“{label}”一列。{near}", "{form}: there is no column for {label!r}.{near}"),
        ("请核对导出的题目文字。", "Compare the wording of the exported question."),
    ),
    "unmatched_column": Rule(
        "query",
        ("无法对应的列", "unmatched column"),
        (
            "《{form}》的“{value}”一列对不上任何题目，未读入。{near}",
            "{form}: no question for {value!r}.{near}",
        ),
        ("请核对题目文字；不需要的列可忽略。", "Compare the wording; ignore it if it is not needed."),
    ),
    "private_column": Rule(
        "note",
        ("个人信息列", "private column"),
        ("《{form}》的“{value}”一列含个人信息，未读入。", "{form}: {value!r} is personal and was not read."),
        ("导出时请勿勾选个人信息。", "Leave personal columns out of the export."),
    ),
    "stray_file": Rule(
        "note",
        ("无关文件", "stray file"),
        (
            "文件“{value}”的名称不属于任何一类资料，未读入。",
            "{value!r} belongs to no instrument by its name and was not read.",
        ),
        ("文件名应以{prefixes}开头。", "Names begin with {prefixes}."),
    ),
    "not_a_form": Rule(
        "error",
        ("不是本套表格", "not our form"),
        (
            "“{value}”中找不到《{form}》的题目代码，未读入。",
            "{value!r}: no question codes of {form} found; it was not read.",
        ),
        (
            "请使用下发的表格填报，不要删除隐藏的列或行。",
            "Use the form as sent, with its hidden row or column.",
        ),
    ),
    "doubled_column": Rule(
        "error",
        ("同一题有两列", "question twice"),
        (
            "《{form}》的“{value}”一列与前面的一列是同一题，只读入前一列。",
            "{form}: {value!r} is a question that has a column already; the first one is read.",
        ),
        ("请删去多余的一列。", "Take the other column out."),
    ),
    "shifted_row": Rule(
        "error",
        ("行错位", "row out of step"),
        (
            "《{form}》的这一行比表头多出内容（“{value}”），可能错位，整行未使用。",
            "{form}: this row has more cells than the head ({value!r}); its answers may stand in wrong columns and were not used.",
        ),
        ("请核对该行；文字中的逗号应加引号。", "Check the row; a comma inside a text needs quotation marks."),
    ),
    "twin_export": Rule(
        "note",
        ("同一批答卷的另一种导出", "the same answers again"),
        (
            "“{value}”与已读入的答卷序号和提交时间相同，未重复读入。",
            "{value!r} holds answers that were read already (same numbers and times); it was not read again.",
        ),
        _NONE,
    ),
    "code_export": Rule(
        "note",
        ("按序号导出", "export by code"),
        (
            "“{value}”按选项序号导出，{codes}已换成选项文字（1为第一项）。",
            "{value!r} holds numbers of options; {codes} were turned into their texts (1 is the first).",
        ),
        _NONE,
    ),
    "merged_cells": Rule(
        "error",
        ("合并单元格", "merged cells"),
        (
            "“{label}”的{area}是合并单元格，“{value}”属于哪个填报对象无法判断，未使用。",
            "{label}: {area} is one merged cell; whose answer {value!r} is cannot be told, and it was not used.",
        ),
        ("请取消合并，逐格填写。", "Undo the merging and fill in each cell."),
    ),
    "macros": Rule(
        "note",
        ("含宏", "macros"),
        (
            "“{value}”含有宏；宏没有运行，只读入单元格。",
            "{value!r} has macros; they were not run, only cells were read.",
        ),
        ("请另存为 .xlsx。", "Save it as .xlsx."),
    ),
    "formula": Rule(
        "note",
        ("公式", "formula"),
        (
            "该格是公式（{value}），按文件中存放的结果读入。",
            "This cell is a formula ({value}); its stored result was read.",
        ),
        _NONE,
    ),
    "unused_sheet": Rule(
        "note",
        ("未读的工作表", "sheet not read"),
        (
            "工作表“{value}”中没有《{form}》的题目代码，未读入。",
            "Sheet {value!r} has no question codes of {form} and was not read.",
        ),
        ("如其中有答案，请移到下发的表格中。", "If it holds answers, move them into the form as sent."),
    ),
    "missing_sheet": Rule(
        "error",
        ("缺少工作表", "missing sheet"),
        (
            "“{file}”中没有 mapping.yaml 所说的工作表“{value}”，未读入。{near}",
            "{file!r} has no sheet {value!r}, which mapping.yaml names; it was not read.{near}",
        ),
        ("请核对工作表名称。", "Check the name of the sheet."),
    ),
    "not_mapped": Rule(
        "error",
        ("与对应表不符", "mapping does not fit"),
        (
            "“{value}”中找不到 mapping.yaml 所说的表头，未读入。",
            "{value!r} has none of the heads that mapping.yaml names; it was not read.",
        ),
        (
            "请用 vitality check --suggest-mapping 重新生成对应表。",
            "Make the mapping anew with `vitality check --suggest-mapping`.",
        ),
    ),
    "total_mismatch": Rule(
        "query",
        ("合计不等于各项之和", "total is not the sum"),
        (
            "合计行的“{label}”填{number}，上面各行之和为{added}。",
            "The total of {label} is {number}; the rows above it sum to {added}.",
        ),
        _CONFIRM,
    ),
    "total_row": Rule(
        "note",
        ("合计行", "total row"),
        (
            "“{value}”一行是合计或签署，未读入。",
            "The row {value!r} is a total or a signature and was not read.",
        ),
        _NONE,
    ),
    "correction": Rule(
        "note",
        ("人工更正", "correction"),
        (
            "“{label}”由“{value}”更正为“{number}”：{how}。",
            "{label}: {value!r} corrected to {number!r}: {how}.",
        ),
        _NONE,
    ),
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
    "percent_sign": ("带百分号", "percent sign"),
    "approximate": ("约数", "approximate"),
    "range": ("区间取中值", "midpoint of a range"),
    "note": ("带说明文字", "with a note"),
    "none_is_zero": ("“无”按0", "none read as 0"),
    "mark": ("是否的其他写法", "yes or no by a sign"),
    "date_text": ("日期的其他写法", "date in other words"),
    "serial": ("Excel日期序号", "Excel day number"),
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
