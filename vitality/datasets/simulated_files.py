"""A simulated round as a round folder; every file says that it is simulated."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from vitality.datasets.panel import synthetic_panel
from vitality.datasets.simulate import SimulatedRound
from vitality.errors import SurveyError
from vitality.framework import Instrument
from vitality.survey.corrections import CORRECTION_COLUMNS, CORRECTIONS_FILE
from vitality.survey.form_sheets import Heading
from vitality.survey.forms import write_instrument
from vitality.survey.reading import read_round
from vitality.survey.settings import RAW_FOLDER, SETTINGS_FILE
from vitality.survey.workbooks import without_dates
from vitality.weights import write_judgement_form

LABEL = "模拟数据 SIMULATED"
SOURCE_ZH = "由程序模拟：区、街镇、组织均为虚构，专家为合成专家，不代表任何真实单位"
SOURCE_EN = "simulated by a program: districts, towns and organisations are invented, experts are synthetic"
#: Encoding of each export: platforms and people send all of these.
_ENCODINGS = {"w": "gb18030", "m": "utf-8-sig", "b": "utf-8"}


def write_round_folder(made: SimulatedRound, folder: Path) -> Path:
    """Write ``round.yaml``, the forms, lists, exports and expert workbooks, and ``corrections.csv``."""
    if folder.is_dir() and any(folder.iterdir()):
        raise SurveyError(
            f"{folder}: holds files already and is left alone. Choose a folder that is empty or new.",
            zh=f"{folder}：文件夹中已有文件，未作改动。请另选空的或新的文件夹。",
        )
    raw = folder / RAW_FOLDER
    raw.mkdir(parents=True, exist_ok=True)
    (folder / SETTINGS_FILE).write_bytes(_settings(made).encode())
    for instrument in made.framework.instruments:
        if instrument.layout == "form":
            _write_forms(made, instrument, raw)
        elif instrument.layout == "list":
            _write_lists(made, instrument, raw)
        elif instrument.layout == "export":
            _write_export(made, instrument, raw)
        else:
            _write_experts(made, instrument, raw)
    _write_corrections(made, folder)
    return folder


def _settings(made: SimulatedRound) -> str:
    content = {
        "round": made.round,
        "framework": made.framework.name,
        "simulated": True,
        "title_zh": f"{made.round}年模拟轮次（模拟数据，虚构街镇）",
        "title_en": f"Simulated round {made.round} (invented towns)",
        "source": f"{SOURCE_ZH}; {SOURCE_EN}",
        "seed": made.seed,
        "units": [{"name": str(name), "group": str(group)} for name, group in made.units["group"].items()],
    }
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
    return f"# {LABEL}. {SOURCE_ZH}\n# {SOURCE_EN}\n{text}"


def _heading(made: SimulatedRound, unit: str) -> Heading:
    label = f"{LABEL}：{SOURCE_ZH}"
    return Heading(unit=unit, group=str(made.units.at[unit, "group"]), round=made.round, label=label)


def _write_forms(made: SimulatedRound, instrument: Instrument, raw: Path) -> None:
    for unit, row in made.texts.tables[instrument.code].iterrows():
        if (instrument.code, str(unit)) in made.texts.unsent:
            continue
        path = raw / f"{instrument.code}_{unit}_SIMULATED.xlsx"
        answers = {str(code): str(text) for code, text in row.items()}
        write_instrument(made.framework, instrument, path, _heading(made, str(unit)), answers=answers)


def _write_lists(made: SimulatedRound, instrument: Instrument, raw: Path) -> None:
    table, units = made.texts.tables[instrument.code], made.texts.units[instrument.code]
    for unit in made.units.index:
        if (instrument.code, str(unit)) in made.texts.unsent:
            continue
        rows = [{str(k): str(v) for k, v in row.items()} for row in table[units == unit].to_dict("records")]
        path = raw / f"{instrument.code}_{unit}_SIMULATED.xlsx"
        write_instrument(made.framework, instrument, path, _heading(made, str(unit)), answers=rows)


def _write_export(made: SimulatedRound, instrument: Instrument, raw: Path) -> None:
    """Write a csv laid out as a survey platform exports answers by text."""
    table, units = made.texts.tables[instrument.code], made.texts.units[instrument.code]
    rng = np.random.default_rng([made.seed, 6, len(table)])
    private = ["来自IP"] if instrument.code == "m" else []
    questions = [f"{number}、{q.text_zh}" for number, q in enumerate(instrument.questions, start=2)]
    year = int(made.round) if made.round.isdigit() and 1 <= int(made.round) <= 9999 else 2000
    moment = datetime.datetime(year, 11, 1, 9)
    rows = [["序号", "提交答卷时间", "所用时间", "来源", *private, "1、所在街镇", *questions]]
    for number, (respondent, texts) in enumerate(zip(table.index, table.to_numpy(dtype=object)), start=1):
        moment += datetime.timedelta(seconds=int(rng.integers(20, 900)))
        about = [str(number), f"{moment:%Y/%m/%d %H:%M:%S}", f"{rng.integers(150, 420)}秒", LABEL]
        address = [f"192.0.2.{rng.integers(1, 255)}" for _ in private]  # addresses set aside for examples
        rows.append([*about, *address, str(units[respondent]), *map(str, texts)])
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path = raw / f"{instrument.code}_{made.round}_SIMULATED.csv"
    path.write_bytes(text.getvalue().encode(_ENCODINGS.get(instrument.code, "utf-8-sig")))


def _write_experts(made: SimulatedRound, instrument: Instrument, raw: Path) -> None:
    for expert, judgements in synthetic_panel(made.framework).items():
        path = raw / f"{instrument.code}_{expert}_SYNTHETIC.xlsx"
        write_judgement_form(made.framework, path, expert=expert, judgements=judgements, synthetic=True)
        path.write_bytes(without_dates(path.read_bytes()))


def _write_corrections(made: SimulatedRound, folder: Path) -> None:
    """Mend the slip of yuan for 10,000 yuan, as a reviewer would after a call to the town."""
    slips = made.dirt[made.dirt["kind"] == "money_slip"]
    if slips.empty:
        return
    cells = read_round(folder, made.framework).cells.set_index(["respondent", "question"])
    rows = []
    for slip in slips.to_dict("records"):
        place = cells.loc[(slip["respondent"], slip["question"])]
        rows.append(
            {
                **{key: place[key] for key in ("file", "sheet", "cell")},
                "from": slip["dirty"],
                "to": slip["clean"],
                "reason": "电话核实：误以元为单位填写（模拟示例 SIMULATED）",
                "by": "模拟核查员",
                "date": f"{made.round}-12-01",
            }
        )
    table = pd.DataFrame(rows, columns=list(CORRECTION_COLUMNS))
    table.to_csv(folder / CORRECTIONS_FILE, index=False, encoding="utf-8-sig", lineterminator="\n")
