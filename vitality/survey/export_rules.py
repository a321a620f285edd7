"""Rules about exports of survey platforms: their heads, rows, options and units."""

from __future__ import annotations

from vitality.survey.rule import NOTHING, Rule

EXPORT_RULES: dict[str, Rule] = {
    "coded_unit": Rule(
        "error",
        ("单位是选项序号", "unit by number"),
        (
            "《{form}》的单位一列填的是选项序号“{value}”，看不出是哪个单位，相关{n}条记录未使用。",
            "{form}: the unit is {value!r}, the number of an option; which unit that is cannot be told, and {n} rows "
            "were not used.",
        ),
        (
            "请把同一批答卷“按选项文本”的导出也放入 raw（按序号对应），或在 round.yaml 的 aliases 中写明"
            "序号是哪个单位。",
            "Put the export of the same answers by text beside it (they are joined by their serial numbers), or say "
            "in round.yaml, under aliases, which unit each number is.",
        ),
    ),
    "not_an_export": Rule(
        "error",
        ("没有题目的表", "no questions in it"),
        (
            "“{value}”的前几行中找不到《{form}》的任何题目，未读入。",
            "{value!r}: no question of {form} in its first rows; it was not read.",
        ),
        (
            "请连表头一起导出，表头用题目原文或代码；表头另有写法的，用 vitality check --suggest-mapping 生成对应表。",
            "Export it with its head, in the words or the codes of the questions; for other heads make a mapping "
            "with `vitality check --suggest-mapping`.",
        ),
    ),
    "stray_quote": Rule(
        "query",
        ("引号不成对", "quotation mark without a partner"),
        (
            "第{value}行有一个引号没有成对，会把后面的行吞进一格；已按普通文字逐行读入。",
            "Line {value}: a quotation mark has no partner and would take in the lines after it; it was read as "
            "text, line by line.",
        ),
        (
            "请核对该行各列有没有错位；也可改导出为 .xlsx。",
            "Check that the cells of this line stand in their columns, or export it as .xlsx.",
        ),
    ),
    "short_row": Rule(
        "query",
        ("行比表头短", "row shorter than the head"),
        (
            "《{form}》中有{n}行只有{length}列，表头有{width}列（此行起）；缺的几列按空白读入。",
            "{form}: {n} rows, this one first, have {length} cells where the head has {width}; what is lacking was "
            "read as blank.",
        ),
        (
            "请核对这些行有没有错位；只是行尾空白的不必处理。",
            "Check that their cells stand in their columns; blanks at the end do no harm.",
        ),
    ),
    "unknown_tick": Rule(
        "error",
        ("看不出选没选", "ticked or not"),
        (
            "“{label}”的选项列中有{n}处填“{value}”，看不出是选还是未选，这些答卷的这一题未使用。",
            "{label}: {value!r} stands {n} times in the columns of its options; whether that is ticked cannot be "
            "told, and these answers to it were not used.",
        ),
        ("请改为 1（选）和 0（未选）后重新导出。", "Write 1 (ticked) and 0 (not ticked), or export it anew."),
    ),
    "missing_option": Rule(
        "query",
        ("缺少选项的列", "options without a column"),
        (
            "“{label}”按选项分列，没有这些选项的列：{lacking}；按无人选读入。",
            "{label} has one column an option, and none for {lacking}; read as not ticked by anyone.",
        ),
        ("请核对导出的选项文字。", "Compare the wording of the exported options."),
    ),
    "label_differs": Rule(
        "query",
        ("标签与数值不符", "label and value differ"),
        (
            "“{label}”在 SPSS 中的数值{number}标签为“{value}”（共{n}份）；按数值{number}读入。",
            "{label}: the SPSS value {number} has the label {value!r} ({n} answers); read as {number}.",
        ),
        (
            "请核对方向和编码；应以标签为准时，请在 SPSS 中重新编码。",
            "Check the coding and its direction; if the label is right, recode the variable in SPSS.",
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
            "{form}: this row has more cells than the head ({value!r}); its answers may stand in "
            "wrong columns and were not used.",
        ),
        ("请核对该行；文字中的逗号应加引号。", "Check the row; a comma inside a text needs quotation marks."),
    ),
    "twin_export": Rule(
        "note",
        ("同一批答卷的另一种导出", "the same answers again"),
        (
            "“{value}”有{n}份答卷与“{kept}”中的序号和提交时间相同，只用后者。",
            "{n} answers in {value!r} have the numbers and times of those in {kept!r}; only the latter are used.",
        ),
        NOTHING,
    ),
    "code_export": Rule(
        "note",
        ("按序号导出", "export by code"),
        (
            "“{value}”按选项序号导出，{codes}已换成选项文字（序号1为第一项，多选列1为选中）。",
            "{value!r} holds numbers of options; {codes} were turned into their texts (option 1 is the first; "
            "in columns of several choices 1 is ticked).",
        ),
        NOTHING,
    ),
}
