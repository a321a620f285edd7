"""`write_forms`: everything that goes out for a round, questionnaires and the experts' workbook."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

import pandas as pd

from vitality.framework import Framework, Lang
from vitality.survey import write_questionnaires
from vitality.weights import write_judgement_form


def write_forms(
    framework: Framework,
    folder: str | PathLike[str],
    *,
    units: pd.DataFrame | Iterable[str] | None = None,
    lang: Lang = "zh",
) -> tuple[Path, ...]:
    """Write every form of a framework, ready to send: questionnaires, and the workbook for experts.

    Parameters
    ----------
    framework : Framework
    folder : path
        Where to write; made if needed.
    units : DataFrame or list of str, optional
        Units that fill in forms, as in `vitality.survey.write_questionnaires`; each gets its own workbooks.
    lang : {"zh", "en"}
        Language of the forms.

    Returns
    -------
    tuple of Path

    Raises
    ------
    SurveyError
        If units are doubled or without a name, or the framework has no questionnaire to write.

    Examples
    --------
    >>> import tempfile
    >>> from vitality.framework import read_framework
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_forms(read_framework("redcross"), folder, units=["清漪街道"])
    >>> [file.name for file in files]
    ['t_清漪街道.xlsx', 'o_清漪街道.xlsx', 'w_问卷.xlsx', 'm_问卷.xlsx', 'b_问卷.xlsx', 'e_专家.xlsx']
    """
    written = write_questionnaires(framework, folder, units=units, lang=lang)
    experts = [form for form in framework.instruments if form.layout == "judgements"]
    name = "专家" if lang == "zh" else "expert"
    return (
        *written,
        *(write_judgement_form(framework, Path(folder) / f"{form.code}_{name}.xlsx", lang=lang) for form in experts),
    )
