"""`Finding`: one thing that was noticed, and the issues table made of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial

import pandas as pd

from vitality.framework import Framework, Lang
from vitality.survey.answers import answer_text
from vitality.survey.numerals import number_text
from vitality.survey.rules import FLAG_NAMES, KIND_NAMES, RULES
from vitality.survey.written_text import text_table

ISSUE_COLUMNS = (
    "round", "instrument", "source", "respondent", "question", "value", "rule", "severity",
    "message", "action",
)  # fmt: skip
_ORDER = {"error": 0, "query": 1, "note": 2}


@dataclass(frozen=True)
class Finding:
    """One thing that was noticed while reading or checking, before it is put into words.

    Attributes
    ----------
    rule : str
        A key of `RULES`.
    instrument, source, respondent, question, value : str
        Where it is, and the text that stands there.
    details : dict
        What the wording needs besides: numbers, limits, near misses, other question codes.
    """

    rule: str
    instrument: str = ""
    source: str = ""
    respondent: str = ""
    question: str = ""
    value: str = ""
    details: dict[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        """How grave it is: error, query or note."""
        return RULES[self.rule].severity

    def worded(self, asked: Mapping[str, object], framework: Framework, lang: Lang) -> tuple[str, str]:
        """Message and action in the language asked for; `asked` are the words for its form and its question.

        A remark that the unit wrote beside the cell is quoted behind the message.
        """
        rule, second = RULES[self.rule], lang == "en"
        words = {"value": self.value, **asked, **_details(self, framework, lang)}
        remark = self.details.get("remark")
        quoted = (f"备注写的是“{remark}”。", f" The remark says {remark!r}.")[second] if remark else ""
        return rule.message[second].format(**words) + quoted, rule.action[second].format(**words)


def _asked(instrument: str, code: str, framework: Framework, lang: Lang) -> dict[str, object]:
    """Words for a form and a question; empty where a finding is about none."""
    second = lang == "en"
    form = framework.instrument(instrument).label(lang) if instrument else ""
    words: dict[str, object] = {"form": form, "label": "", "near": "", "kind": "", "options": "", "asked": ""}
    question = framework.questions.get(code)
    if question is not None:
        unit, brackets = question.unit(lang), (" ({})" if second else "（{}）")
        money = brackets.format(unit) if question.kind == "money" and unit else ""
        words |= {
            "label": question.label(lang),
            "kind": KIND_NAMES[question.kind][second] + money,
            "options": ("; " if second else "、").join(option.label(lang) for option in question.options),
            "asked": unit,
        }
    return words


def _details(finding: Finding, framework: Framework, lang: Lang) -> dict[str, object]:
    """Turn codes and numbers of a finding into words."""
    second = lang == "en"
    words: dict[str, object] = {}
    for key, value in finding.details.items():
        if key == "near":
            words[key] = _near(str(value), second)
        elif key == "read":
            words[key] = answer_text(value, framework.questions[finding.question], lang=lang)
        elif key == "whole":
            words[key] = framework.label(str(value), lang)
        elif key == "others":
            words[key] = _share_of_others(float(str(value)), second)
        elif key == "other":
            words[key] = framework.instrument(str(value)).label(lang)
        elif key == "how" and isinstance(value, tuple):
            words[key] = ("; " if second else "、").join(FLAG_NAMES[flag][second] for flag in value)
        elif key == "limits" and isinstance(value, tuple):
            words[key] = limits_text(*value, lang=lang)
        elif isinstance(value, float):
            words[key] = number_text(value)
        else:
            words[key] = value
    return words


def _near(word: str, second: bool) -> str:
    if not word:
        return ""
    return f" Did you mean {word!r}?" if second else f"是否应为“{word}”？"


def _share_of_others(share: float, second: bool) -> str:
    if share != share:
        return ""
    return f" (median of the other units: {share:.0%})" if second else f"（其他单位的中位数为{share:.0%}）"


def limits_text(low: float | None, high: float | None, *, lang: Lang = "zh") -> str:
    """Say a range in words; either end may be open.

    Examples
    --------
    >>> limits_text(0, None), limits_text(1, 5, lang="en")
    ('0以上', '1 to 5')
    """
    ends = ["" if end is None else number_text(float(end)) for end in (low, high)]
    if lang == "en":
        return f"{ends[0]} to {ends[1]}" if all(ends) else f"{ends[0]} or more" if ends[0] else f"at most {ends[1]}"
    return f"{ends[0]}至{ends[1]}" if all(ends) else f"{ends[0]}以上" if ends[0] else f"{ends[1]}以下"


def issues_table(
    findings: Iterable[Finding], framework: Framework, *, round_name: str, lang: Lang = "zh"
) -> pd.DataFrame:
    """Put findings into words, the gravest first.

    Returns
    -------
    DataFrame
        Columns ``round``, ``instrument``, ``source`` (file / sheet / cell), ``respondent``, ``question``,
        ``value``, ``rule``, ``severity`` (error, query, note), ``message``, ``action``; all text.
    """
    asked = cache(partial(_asked, framework=framework, lang=lang))
    rows = [
        (
            round_name,
            finding.instrument,
            finding.source,
            finding.respondent,
            finding.question,
            finding.value,
            finding.rule,
            finding.severity,
            *finding.worded(asked(finding.instrument, finding.question), framework, lang),
        )
        for finding in sorted(findings, key=lambda item: _ORDER[item.severity])
    ]
    return text_table(rows, ISSUE_COLUMNS)
