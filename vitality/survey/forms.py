"""`write_questionnaires`: the questionnaires of a framework as workbooks, ready to send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path

import pandas as pd

from vitality.errors import SurveyError, some, some_zh
from vitality.framework import Framework, Instrument, Lang
from vitality.survey.form_sheets import Heading, write_form, write_list
from vitality.survey.questionnaire_sheets import write_questionnaire


def write_questionnaires(
    framework: Framework,
    folder: str | PathLike[str],
    *,
    units: pd.DataFrame | Iterable[str] | None = None,
    lang: Lang = "zh",
) -> tuple[Path, ...]:
    """Write the questionnaires of a framework as workbooks.

    Parameters
    ----------
    framework : Framework
    folder : path
        Where to write; made if needed.
    units : DataFrame or list of str, optional
        Units that fill in forms: names, or a table with the names in its index or in a column ``name``,
        and their district in a column ``group``. Each gets its own workbook with its name in it; without
        units there is one blank workbook an instrument.
    lang : {"zh", "en"}
        Language of the forms.

    Returns
    -------
    tuple of Path
        Forms of units (one question a row) and lists (one organisation a row), and one workbook a survey: a
        questionnaire to print, to build on a survey platform or to fill in, and an entry sheet into which
        paper questionnaires are typed, one a row. All have hidden question codes, drop-down lists, protection
        outside the answers and a codebook, and are read by `read_round` when they come back. The workbook
        for experts comes from `write_judgement_form`.

    Raises
    ------
    SurveyError
        If units are doubled or without a name, or the framework has no questionnaire to write.

    Examples
    --------
    >>> import tempfile
    >>> from vitality.framework import read_framework
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_questionnaires(read_framework("redcross"), folder, units=["清漪街道"])
    >>> [file.name for file in files]
    ['t_清漪街道.xlsx', 'o_清漪街道.xlsx', 'w_问卷.xlsx', 'm_问卷.xlsx', 'b_问卷.xlsx']
    """
    names = _unit_names(units)
    written: list[Path] = []
    target = Path(folder)
    for instrument in framework.instruments:
        if instrument.layout in ("form", "list"):
            for name, group in names.items() if names else [("", "")]:
                heading = Heading(unit=name, group=group)
                path = target / f"{instrument.code}_{name or ('空白' if lang == 'zh' else 'blank')}.xlsx"
                written.append(write_instrument(framework, instrument, path, heading, lang=lang))
        elif instrument.layout == "export":
            path = target / f"{instrument.code}_{'问卷' if lang == 'zh' else 'questionnaire'}.xlsx"
            written.append(write_questionnaire(framework, instrument, path, units=tuple(names), lang=lang))
    if not written:
        raise SurveyError(
            f"framework {framework.name!r} has no questionnaire to write: its instruments are tables or "
            "judgements. Put the tables into the folder raw as they are.",
            zh=f"框架 {framework.name!r} 没有可以下发的问卷（只有数据表或判断表）；请把数据表直接放入 raw 文件夹。",
        )
    return tuple(written)


def write_instrument(
    framework: Framework,
    instrument: Instrument,
    path: Path,
    heading: Heading,
    *,
    answers: Mapping[str, str] | Iterable[Mapping[str, str]] | None = None,
    lang: Lang = "zh",
) -> Path:
    """Write one form or list of one unit, with answers (texts by question code) when they are given."""
    if instrument.layout == "form":
        given = answers if isinstance(answers, Mapping) else {}
        return write_form(framework, instrument, path, heading, answers=given, lang=lang)
    rows = [] if answers is None or isinstance(answers, Mapping) else list(answers)
    return write_list(framework, instrument, path, heading, answers=rows, lang=lang)


def _unit_names(units: pd.DataFrame | Iterable[str] | None) -> dict[str, str]:
    """Name -> group of each unit."""
    if units is None:
        return {}
    if isinstance(units, pd.DataFrame):
        names = [str(name).strip() for name in units.get("name", units.index)]
        groups = [str(group) for group in units["group"]] if "group" in units else [""] * len(names)
    else:
        names = [str(name).strip() for name in units]
        groups = [""] * len(names)
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled or "" in names:
        raise SurveyError(
            f"units: {'a name is empty' if '' in names else f'doubled {some(doubled)}'}; expected one name a unit.",
            zh=f"单位名单：{'有空名称' if '' in names else f'重复 {some_zh(doubled)}'}；每个单位应有一个名称。",
        )
    bad = [name for name in names if any(sign in name for sign in '/\\:*?"<>|')]
    if bad:
        raise SurveyError(
            f"units: {some(bad)} cannot be part of a file name; write the name without / : * ? etc.",
            zh=f"单位名单：{some_zh(bad)} 不能用作文件名，请去掉 / : * ? 等符号。",
        )
    return dict(zip(names, groups))
