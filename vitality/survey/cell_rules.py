"""Rules about single answers and about answers that do not fit together."""

from __future__ import annotations

from vitality.survey.rule import CONFIRM, CORRECT, FILL_IN, NOTHING, Rule

CELL_RULES: dict[str, Rule] = {
    "unreadable": Rule(
        "error",
        ("无法识别", "unreadable"),
        ("“{label}”应填{kind}，填的是“{value}”，无法识别。", "{label}: expected {kind}, found {value!r}."),
        CORRECT,
    ),
    "unknown_option": Rule(
        "error",
        ("选项不符", "unknown option"),
        (
            "“{label}”填的是“{value}”，不在选项之中（{options}）。{near}",
            "{label}: found {value!r}, which is none of the options ({options}).{near}",
        ),
        CORRECT,
    ),
    "hard_limit": Rule(
        "error",
        ("超出限值", "beyond the limits"),
        ("“{label}”填{number}，应在{limits}。", "{label}: found {number}, expected {limits}."),
        CORRECT,
    ),
    "part_of": Rule(
        "error",
        ("部分大于整体", "part above whole"),
        (
            "“{label}”填{number}，大于“{whole}”的{whole_number}。",
            "{label} is {number}, more than {whole_number} ({whole}).",
        ),
        CORRECT,
    ),
    "parts_of": Rule(
        "error",
        ("各部分之和大于整体", "parts above whole"),
        (
            "“{label}”等{n}项之和为{number}，大于“{whole}”的{whole_number}；这些项互不重复。",
            "{n} parts ({label} and others) sum to {number}, more than {whole_number} ({whole}); "
            "they should not overlap.",
        ),
        CORRECT,
    ),
    "missing": Rule(
        "query",
        ("应填未填", "missing"),
        ("“{label}”应填未填{shown}。", "{label}: no answer{shown}."),
        FILL_IN,
    ),
    "not_applicable": Rule(
        "query",
        ("标为不适用", "marked not applicable"),
        (
            "“{label}”填的是“{value}”（不适用），但这一题都要填；按未填处理。",
            "{label}: marked not applicable ({value!r}), but everyone is asked; taken as missing.",
        ),
        (
            "没有的请填0（或“否”）；确实不适用的请说明原因。",
            "If there is none, fill in 0 (or no); if it really does not apply, say why.",
        ),
    ),
    "unanswered": Rule(
        "note",
        ("答卷未答", "not answered"),
        ("“{label}”未作答{shown}，按缺失处理。", "{label}: not answered{shown}; taken as missing."),
        NOTHING,
    ),
    "skipped": Rule(
        "note",
        ("答卷跳过", "skipped"),
        (
            "“{label}”有{n}份答卷跳过未答，按缺失处理。",
            "{label}: skipped in {n} answered questionnaires; taken as missing.",
        ),
        NOTHING,
    ),
    "usual": Rule(
        "query",
        ("超出常见范围", "beyond the usual range"),
        (
            "“{label}”填{number}，常见范围为{limits}。",
            "{label}: found {number}, usual are {limits}.",
        ),
        CONFIRM,
    ),
    "money_slip": Rule(
        "query",
        ("疑似万元与元混淆", "yuan for 10,000 yuan"),
        (
            "“{label}”填{number}，为常见范围（{limits}）的约一万倍，疑似把元当作万元填写（应为{mended}？）。",
            "{label}: found {number}, about 10,000 times the usual {limits}: yuan entered where 10,000 yuan "
            "was asked for (meant {mended}?).",
        ),
        CONFIRM,
    ),
    "not_whole": Rule(
        "query",
        ("不是整数", "not a whole number"),
        ("“{label}”是计数，填的是{number}。", "{label} is a count, found {number}."),
        CONFIRM,
    ),
    "other_unit": Rule(
        "query",
        ("单位不符", "another unit"),
        (
            "“{label}”应以“{asked}”为单位，填的是“{value}”，按{number}读入。",
            "{label} is asked in {asked!r}, found {value!r}; read as {number}.",
        ),
        CONFIRM,
    ),
    "share_for_percent": Rule(
        "query",
        ("百分数还是比例", "share or per cent"),
        (
            "“{label}”应填百分数，填的是{number}，疑似填了比例（应为{mended}%？）；同一题中大于1的有{n}个。按{number}读入。",
            "{label} is asked in per cent, found {number}: a share (meant {mended} %?); {n} others are above 1. "
            "Read as {number}.",
        ),
        CONFIRM,
    ),
    "jump": Rule(
        "query",
        ("比上一轮变化过大", "large change since last round"),
        (
            "“{label}”填{number}，上一轮为{then}，相差三倍以上。",
            "{label} is {number}, last round {then}: more than three times as much, or less than a third.",
        ),
        CONFIRM,
    ),
    "zero_since": Rule(
        "query",
        ("与上一轮有无不同", "from or to nought"),
        (
            "“{label}”填{number}，上一轮为{then}，一轮有、一轮没有。",
            "{label} is {number}, last round {then}: one of the two is nought.",
        ),
        CONFIRM,
    ),
    "slip_since": Rule(
        "query",
        ("疑似万元与元混淆", "yuan for 10,000 yuan"),
        (
            "“{label}”填{number}，上一轮为{then}，约一万倍，疑似把元当作万元填写（应为{mended}？）。",
            "{label} is {number}, last round {then}, about 10,000 times as much: yuan for 10,000 yuan "
            "(meant {mended}?).",
        ),
        CONFIRM,
    ),
    "other_total": Rule(
        "query",
        ("与另一张表不一致", "differs from another form"),
        (
            "“{label}”填{number}，《{other}》合计为{added}。",
            "{label} is {number}; the other form ({other}) adds up to {added}.",
        ),
        CONFIRM,
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
    "doubtful": Rule(
        "query",
        ("读法存疑", "read with doubt"),
        ("“{label}”的“{value}”按{read}读入；{how}。", "{label}: {value!r} was read as {read}; {how}."),
        CONFIRM,
    ),
    "reformatted": Rule(
        "note",
        ("书写不规范", "rewritten"),
        ("“{label}”的“{value}”按{read}读入（{how}）。", "{label}: {value!r} was read as {read} ({how})."),
        NOTHING,
    ),
    "not_asked": Rule(
        "note",
        ("无需填写", "not asked for"),
        (
            "“{label}”不适用于这类填报对象，填的“{value}”不使用。",
            "{label} is not asked of this kind of respondent; {value!r} is not used.",
        ),
        NOTHING,
    ),
    "remark": Rule(
        "note",
        ("备注", "remark"),
        ("“{label}”的备注：“{value}”。", "{label}, remark: {value!r}."),
        ("请结合备注核对这一答案。", "Read the answer together with the remark."),
    ),
    "correction": Rule(
        "note",
        ("人工更正", "correction"),
        (
            "“{label}”由“{value}”更正为“{number}”：{how}。",
            "{label}: {value!r} corrected to {number!r}: {how}.",
        ),
        NOTHING,
    ),
}
