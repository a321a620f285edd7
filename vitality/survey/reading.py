"""`read_round`: every file of a round folder as text, each cell with its place."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from vitality.errors import SurveyError, some, some_zh
from vitality.framework import Framework, Instrument
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid, read_grids
from vitality.survey.layouts import collect
from vitality.survey.mapping import read_mappings
from vitality.survey.patience import long_work, uncollected
from vitality.survey.privacy import protect
from vitality.survey.raw import RawRound, RawTable
from vitality.survey.settings import RAW_FOLDER, belongs, find_round, nested_files, raw_files, round_settings

_ENDINGS = {"form": ".xlsx", "list": ".xlsx", "export": ".csv", "table": ".csv", "judgements": ".xlsx"}


@uncollected()
def read_round(folder: str | PathLike[str], framework: Framework, *, strict: bool = True) -> RawRound:
    """Read every file of a round folder as text.

    Parameters
    ----------
    folder : path
        The round folder; the returned forms are in its subfolder ``raw``. A file belongs to the instrument
        with whose code and ``_`` its name begins: ``t_...xlsx``, ``m_...csv``. Of experts' judgements only
        the files that cannot be read are noted; `read_judgements` reads them.
    framework : Framework
        Says which instruments and questions there are.
    strict : bool
        Whether files with answers that cannot be read are an error; otherwise they are noted, and what is in the
        others can be checked.

    Returns
    -------
    RawRound
        With ``.cells`` (one row a cell: text, file, sheet, cell) and ``.notes`` (what the reader noticed).
        Private columns of exports (names, telephone numbers, IP addresses) are not taken in.

    Raises
    ------
    SurveyError
        If the folder is missing or empty, an instrument filled in by units is missing altogether, or files
        cannot be read; the message says what was found, what was expected and what to do.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> read_round("data/rounds/fdrs_2020", read_framework("ifrc_fdrs"))
    <RawRound '2020': n: 192, p: 186>
    """
    place = find_round(folder)
    settings = round_settings(place)
    files = _files(place, framework)
    by_instrument, notes = _sorted_files(files, framework)
    _require(place, framework, by_instrument)
    notes += [
        Finding("subfolder", source=f"{RAW_FOLDER}/{name}", value=name, details={"n": len(nested)})
        for name, nested in nested_files(place).items()
    ]
    mappings = read_mappings(place, framework)
    tables: dict[str, RawTable] = {}
    grids, problems = _read([file for own in by_instrument.values() for file in own])
    answered = [form for form in framework.instruments if form.layout != "judgements"]
    with_answers = [file for form in answered for file in by_instrument.get(form.code, [])]
    if strict:
        _refuse(place, [problems[file] for file in with_answers if file in problems])
    for code, own in by_instrument.items():
        for file in own:
            if file in problems:
                details: dict[str, object] = {"why": str(problems[file]), "why_zh": problems[file].message("zh")}
                notes.append(Finding("unreadable_file", code, file.name, value=file.name, details=details))
    for instrument in answered:
        own = by_instrument.get(instrument.code, [])
        if not own:
            expected = f"{instrument.code}_*{_ENDINGS[instrument.layout]}"
            notes.append(Finding("missing_instrument", instrument.code, details={"files": expected}))
            continue
        found = collect([(file, grids[file]) for file in own if file in grids], instrument, mappings)
        protect(found, instrument, place)
        tables[instrument.code] = found.table(instrument)
        notes += found.findings
    used = tuple(file for found in by_instrument.values() for file in found)
    simulated = settings.simulated or any(
        _says_simulated(grid) for file in with_answers for grid in grids.get(file, ())
    )
    private = frozenset(code for code, question in framework.questions.items() if question.private)
    return RawRound(settings.round, place, framework.name, simulated, tables, tuple(notes), used, settings, private)


def _says_simulated(grid: Grid) -> bool:
    """Whether a form says above its answers that they were made by a program, whatever its file is called now."""
    return any("SIMULATED" in text for row in grid.texts[:3] for text in row)


def _files(place: Path, framework: Framework) -> tuple[Path, ...]:
    raw = place / RAW_FOLDER
    expected = ", ".join(
        f"{form.code}_*{_ENDINGS[form.layout]} ({form.label('zh')}, {form.label('en')})"
        for form in framework.instruments
    )
    wanted = "；".join(f"{form.label('zh')} {form.code}_*{_ENDINGS[form.layout]}" for form in framework.instruments)
    if not raw.is_dir():
        there = [entry.name for entry in sorted(place.iterdir())]
        found = f"found {some(there)}" if there else "the folder is empty"
        raise SurveyError(
            f"round folder {place}: no subfolder {RAW_FOLDER!r}; {found}. Make it and put the returned forms "
            f"there, for framework {framework.name!r}: {expected}.",
            zh=f"轮次文件夹 {place} 里没有 {RAW_FOLDER!r} 子文件夹"
            f"（{f'现有{some_zh(there)}' if there else '文件夹是空的'}）。"
            f"请新建它，并放入收回的填报表；框架 {framework.name!r} 需要：{wanted}。",
        )
    files = raw_files(place)
    if not files:
        raise SurveyError(
            f"{raw}: the folder is empty. Put the returned forms there, for framework {framework.name!r}: {expected}.",
            zh=f"{raw} 是空的。请放入收回的填报表；框架 {framework.name!r} 需要：{wanted}。",
        )
    return files


def _sorted_files(files: tuple[Path, ...], framework: Framework) -> tuple[dict[str, list[Path]], list[Finding]]:
    """Files by the instrument that their name says; the others are noted."""
    codes = sorted((form.code for form in framework.instruments), key=len, reverse=True)
    found: dict[str, list[Path]] = {}
    notes = []
    for file in files:
        code = next((code for code in codes if belongs(file, code)), None)
        if code is None:
            prefixes = ", ".join(f"{code}_" for code in sorted(codes))
            notes.append(Finding("stray_file", source=file.name, value=file.name, details={"prefixes": prefixes}))
        else:
            found.setdefault(code, []).append(file)
    return found, notes


def _require(place: Path, framework: Framework, found: dict[str, list[Path]]) -> None:
    """Refuse a round without the forms that units themselves fill in."""

    def needed(form: Instrument) -> bool:
        return form.layout in ("form", "list", "table") and any(q.required for q in form.questions)

    missing = [form for form in framework.instruments if needed(form) and form.code not in found]
    first = next((form for form in framework.instruments if form.respondent == "unit"), None)
    if first is not None and first.code not in found and first not in missing:
        missing.append(first)
    if missing:
        present = [file.name for files in found.values() for file in files]
        names = "; ".join(
            f"{form.label('zh')} ({form.label('en')}), files {form.code}_*{_ENDINGS[form.layout]}" for form in missing
        )
        raise SurveyError(
            f"{place / RAW_FOLDER}: missing instrument: {names}. "
            f"Found {len(present)} files: {some(present)}. Put the missing forms there; their names begin "
            "with the code of the instrument.",
            zh=f"{place / RAW_FOLDER} 缺少"
            + "、".join(f"{form.label('zh')}（{form.code}_*{_ENDINGS[form.layout]}）" for form in missing)
            + f"。现有{len(present)}个文件：{some_zh(present)}。请补齐；文件名以工具代码开头。",
        )


def _read(files: list[Path]) -> tuple[dict[Path, list[Grid]], dict[Path, SurveyError]]:
    """Read files; those that cannot be read with the reason."""
    grids: dict[Path, list[Grid]] = {}
    problems: dict[Path, SurveyError] = {}
    for file in long_work(files, "读入 reading"):
        try:
            grids[file] = read_grids(file)
        except SurveyError as problem:
            problems[file] = problem
    return grids, problems


def _refuse(place: Path, problems: list[SurveyError]) -> None:
    """Refuse a round with files that cannot be read, and name them."""
    if problems:
        more = len(problems) - 5
        raise SurveyError(
            f"{place / RAW_FOLDER}: {len(problems)} file(s) cannot be read\n  "
            + "\n  ".join(map(str, problems[:5]))
            + (f"\n  and {more} more" if more > 0 else ""),
            zh=f"{place / RAW_FOLDER}：有{len(problems)}个文件无法读取\n  "
            + "\n  ".join(problem.message("zh") for problem in problems[:5])
            + (f"\n  另有{more}个" if more > 0 else ""),
        )
