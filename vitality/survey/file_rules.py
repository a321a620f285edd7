"""Rules about files, columns, rows, units and respondents."""

from __future__ import annotations

from vitality.survey.rule import CONFIRM, EMPTY, NOTHING, Rule

FILE_RULES: dict[str, Rule] = {
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
            "“{value}”交了多份《{form}》，保留最后保存的一份（{kept}），不用“{file}”。不同之处：{different}。",
            "{value!r} sent several forms ({form}); the one that was saved last is kept ({kept}), not {file!r}. "
            "They differ in: {different}.",
        ),
        (
            "请确认后把多余的文件移出 raw 文件夹。",
            "Confirm, and take the other files out of the folder raw.",
        ),
    ),
    "two_forms": Rule(
        "error",
        ("同一单位交了两份不同的表", "two different forms of one unit"),
        (
            "“{value}”的《{form}》有两份且不一致（“{file}”和{kept}），无法判断哪一份在后；一致的答案已读入，"
            "不一致的未使用：{different}。",
            "{value!r} sent two forms ({form}) that differ ({file!r} and {kept}), and which is the later one is not "
            "known; what they agree in is used, the rest is not: {different}.",
        ),
        (
            "请填报单位确认以哪一份为准，把另一份移出 raw 文件夹。",
            "Ask the unit which one counts, and take the other out of the folder raw.",
        ),
    ),
    "two_answers": Rule(
        "error",
        ("两份表答案不一致", "two forms differ"),
        (
            "“{label}”：这里填“{value}”，另一份（{there}）填“{differs}”，均未使用。",
            "{label}: found {value!r} here and {differs!r} in the other form ({there}); neither is used.",
        ),
        (
            "请填报单位确认以哪一份为准，把另一份移出 raw 文件夹。",
            "Ask the unit which form counts, and take the other out of the folder raw.",
        ),
    ),
    "same_again": Rule(
        "note",
        ("同一份表交了两次", "the same form again"),
        (
            "“{value}”的《{form}》内容与另一份（{kept}）完全相同，只用一份。",
            "{value!r}: {form} holds the same answers as another one ({kept}); one is used.",
        ),
        ("请把多余的文件移出 raw 文件夹。", "Take the other file out of the folder raw."),
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
            "《{form}》的“{value}”一栏对不上任何题目，未读入。{near}",
            "{form}: no question for {value!r}.{near}",
        ),
        ("请核对题目文字；不需要的列可忽略。", "Compare the wording; ignore it if it is not needed."),
    ),
    "no_unit_note": Rule(
        "query",
        ("没有注明金额单位", "no unit of money noted"),
        (
            "“{label}”没有注明金额单位，所填数值（如“{value}”）像是以元为单位；现按{asked}读入。",
            "{label}: no unit of money is noted, and figures such as {value!r} look like yuan; read as {asked}.",
        ),
        (
            "请核实；以元填写的，请在表头或右上角注明“单位：元”。",
            "Ask the unit; if they are yuan, note it in the head or the corner of the sheet (单位：元).",
        ),
    ),
    "private_column": Rule(
        "note",
        ("个人信息列", "private column"),
        ("《{form}》的“{value}”一列含个人信息，未读入。", "{form}: {value!r} is personal and was not read."),
        ("导出时请勿勾选个人信息。", "Leave personal columns out of the export."),
    ),
    "private_text": Rule(
        "note",
        ("个人信息", "personal data"),
        (
            "“{label}”中有电话、证件号、邮箱、IP 或微信等个人信息，已隐去。",
            "{label}: a telephone or identity number, an address or an account was masked.",
        ),
        ("请勿填写个人信息。", "Leave personal data out of answers."),
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
    "subfolder": Rule(
        "query",
        ("子文件夹中的文件", "files in a subfolder"),
        (
            "raw 中的子文件夹“{value}”里有{n}个文件，未读入。",
            "The subfolder {value!r} of raw holds {n} files, which were not read.",
        ),
        (
            "如是本轮的表格，请直接放在 raw 文件夹中；否则请移到别处。",
            "If they are forms of this round, put them into raw itself; otherwise move them elsewhere.",
        ),
    ),
    "unreadable_file": Rule(
        "error",
        ("文件无法读取", "unreadable file"),
        ("{why_zh}", "{why}"),
        (
            "请重新取得该文件；在此之前清洗和报告可能无法进行。",
            "Get the file once more; until then cleaning and reports may be refused.",
        ),
    ),
    "doubled_row": Rule(
        "error",
        ("同一题有两行", "question in two rows"),
        (
            "“{label}”的题目代码还出现在这一行（填的是“{value}”），只读入先填写的那一行。",
            "{label}: its code stands in this row too (found {value!r}); the first row that is filled in was read.",
        ),
        (
            "请核对哪一行是本题的答案，并删去多余的代码。",
            "See which row holds the answer, and take the other code out.",
        ),
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
    "old_workbook": Rule(
        "note",
        ("旧格式工作簿", "workbook of the old format"),
        (
            "“{value}”是旧的 .xls 格式：其中的错误值（如 #REF!）读出来是空白，看不出来。",
            "{value!r} is of the old .xls format: error values in it (such as #REF!) come in as blanks.",
        ),
        ("请用 Excel 另存为 .xlsx 后再读。", "Save it as .xlsx in Excel, and read that."),
    ),
    "formula": Rule(
        "note",
        ("公式", "formula"),
        (
            "该格是公式（{value}），按文件中存放的结果读入。",
            "This cell is a formula ({value}); its stored result was read.",
        ),
        NOTHING,
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
        CONFIRM,
    ),
    "total_row": Rule(
        "note",
        ("合计行", "total row"),
        (
            "“{value}”一行是合计、签署或说明，未读入。",
            "The row {value!r} is a total, a signature or a note and was not read.",
        ),
        NOTHING,
    ),
    "total_answers": Rule(
        "query",
        ("合计行中有答案", "answers in a total row"),
        (
            "“{value}”一行按合计处理，未作为填报对象读入；但其中填有“{shown}”。",
            "The row {value!r} was taken for a total and not read as a respondent, but it holds {shown!r}.",
        ),
        ("如果它是填报对象，请改写名称。", "If it is a respondent, write its name in another way."),
    ),
    "kept_row": Rule(
        "query",
        ("像签署的填报行", "row like a signature"),
        (
            "“{value}”一行像是签署或说明，但填有答案，按填报对象读入。",
            "The row {value!r} looks like a signature or a note but holds answers; it was read as a respondent.",
        ),
        ("如果它不是填报对象，请删去这一行。", "If it is no respondent, take the row out."),
    ),
    "empty_row": Rule(
        "query",
        ("没有答案的行", "row without answers"),
        (
            "“{value}”一行没有任何答案，未读入。",
            "The row {value!r} holds no answer and was not read.",
        ),
        ("如果它是填报对象，请补填。", "If it is a respondent, fill it in."),
    ),
    "too_fast": Rule(
        "query",
        ("答题过快", "answered too fast"),
        (
            "《{form}》的答卷“{value}”只用了{number}秒，不到中位数{median}秒的三分之一。",
            "{form}: {value!r} took {number} seconds, less than a third of the median, {median}.",
        ),
        EMPTY,
    ),
    "straight_line": Rule(
        "query",
        ("量表题答案全同", "straight-lining"),
        (
            "《{form}》的答卷“{value}”{n}道量表题都选{number}。",
            "{form}: {value!r} gave {number} to all {n} questions on a scale.",
        ),
        EMPTY,
    ),
    "same_answers": Rule(
        "query",
        ("多份答卷雷同", "same answers"),
        (
            "《{form}》中“{value}”的{total}份答卷有{n}份每题答案都相同{others}。",
            "{form}: {n} of the {total} questionnaires of {value!r} have the same answer to every question{others}.",
        ),
        EMPTY,
    ),
    "sent_twice": Rule(
        "query",
        ("同一答卷提交两次", "sent twice"),
        (
            "《{form}》的答卷“{value}”与另一份单位、时间和答案都相同，只用一份（{kept}）。",
            "{form}: {value!r} has the same unit, time and answers as another; one is used ({kept}).",
        ),
        ("请确认是否重复提交。", "Confirm that it was sent twice."),
    ),
    "alias": Rule(
        "note",
        ("单位的其他写法", "unit by another name"),
        ("《{form}》中的“{value}”按“{unit}”读入。", "{form}: {value!r} was read as {unit!r}."),
        NOTHING,
    ),
}
