import json

import pandas as pd
import pytest

from tests.survey.rounds import small, write_town
from vitality.errors import SurveyError
from vitality.survey import changed_inputs, load_clean, prepare_round
from vitality.survey import round_folder as room


def state(folder):
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


def same(first, second):
    assert first.round == second.round and list(first.answers) == list(second.answers)
    for code, table in first.answers.items():
        pd.testing.assert_frame_equal(table, second.answers[code])
    for name in ("units", "issues", "changes"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))


def test_what_is_loaded_is_what_was_cleaned(round_folder):
    write_town(round_folder, "甲镇", t1="约5万", t2="x", t10="")
    made = prepare_round(round_folder, small())
    same(load_clean(round_folder, small()), made)


def test_an_unchanged_round_changes_no_byte_and_is_not_read_again(round_folder, monkeypatch):
    made = prepare_round(round_folder, small())
    before = state(round_folder)
    monkeypatch.setattr(room, "read_round", lambda *_: pytest.fail("raw was read again"))
    same(prepare_round(round_folder, small()), made)
    assert state(round_folder) == before


def test_making_it_anew_gives_the_same_bytes(round_folder):
    prepare_round(round_folder, small())
    before = {name: content for name, (content, _) in state(round_folder).items()}
    (round_folder / "manifest.json").unlink()
    prepare_round(round_folder, small())
    assert {name: content for name, (content, _) in state(round_folder).items()} == before


def test_changes_are_named(round_folder):
    assert changed_inputs(round_folder, small()) == ("manifest.json: not there",)
    prepare_round(round_folder, small())
    assert changed_inputs(round_folder, small()) == ()
    write_town(round_folder, "甲镇", t1="51000")
    (round_folder / "raw" / "m_2024.csv").rename(round_folder / "raw" / "m_neu.csv")
    (round_folder / "round.yaml").write_text("title_zh: 新\n", encoding="utf-8")
    assert changed_inputs(round_folder, small()) == (
        "raw/m_2024.csv: removed", "raw/m_neu.csv: new", "raw/t_甲镇.xlsx: changed", "round.yaml: new",
    )  # fmt: skip
    told = []
    survey = prepare_round(round_folder, small(), progress=lambda zh, en: told.append((zh, en)))
    assert survey.answers["t"].at["甲镇", "t1"] == 51000
    assert "raw/t_甲镇.xlsx: changed" in told[0][1] and "重新清洗" in told[0][0]


def test_another_framework_and_touched_tables_are_noticed(round_folder):
    prepare_round(round_folder, small())
    other = small().with_weights(pd.Series({"I1": 5, "I2": 1, "I3": 1, "I4": 1, "I5": 1}))
    assert changed_inputs(round_folder, other)[0].startswith("framework: changed")
    (round_folder / "clean" / "issues.csv").write_text("x", encoding="utf-8")
    assert changed_inputs(round_folder, small()) == ("clean/issues.csv: changed",)
    (round_folder / "clean" / "t.parquet").unlink()
    assert changed_inputs(round_folder, small()) == ("clean: not there",)
    same(prepare_round(round_folder, small()), load_clean(round_folder, small()))


def test_the_manifest_says_what_was_read_and_found(round_folder):
    write_town(round_folder, "甲镇", t1="x")
    prepare_round(round_folder, small())
    manifest = json.loads((round_folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["inputs"]) == {f"raw/{f.name}" for f in (round_folder / "raw").iterdir()}
    assert manifest["framework"]["name"] == "small" and len(manifest["framework"]["sha256"]) == 64
    assert manifest["counts"]["issues"] == {"error": 1, "query": 0, "note": 0}
    assert manifest["counts"]["respondents"] == {"t": 2, "o": 4, "m": 6}


def test_a_broken_input_leaves_the_old_tables(round_folder):
    prepare_round(round_folder, small())
    before = state(round_folder / "clean")
    (round_folder / "raw" / "t_甲镇.xlsx").write_bytes(b"broken")
    with pytest.raises(SurveyError, match="cannot be read"):
        prepare_round(round_folder, small())
    assert state(round_folder / "clean") == before


def test_a_run_killed_while_writing_leaves_the_old_tables(round_folder, monkeypatch):
    made = prepare_round(round_folder, small())
    before = state(round_folder)
    monkeypatch.setattr(room, "_replace_folder", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        room.write_clean(made, round_folder, small())
    assert state(round_folder) == before


def test_a_run_killed_before_the_manifest_is_made_anew(round_folder, monkeypatch):
    prepare_round(round_folder, small())
    write_town(round_folder, "甲镇", t1="51000")
    monkeypatch.setattr(room, "_replace_text", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        prepare_round(round_folder, small())
    monkeypatch.undo()
    assert changed_inputs(round_folder, small())
    assert prepare_round(round_folder, small()).answers["t"].at["甲镇", "t1"] == 51000


def test_no_clean_tables(round_folder):
    with pytest.raises(SurveyError, match="vitality clean"):
        load_clean(round_folder, small())


def test_issues_open_in_excel_as_chinese(round_folder):
    write_town(round_folder, "甲镇", t1="x")
    prepare_round(round_folder, small())
    assert (round_folder / "clean" / "issues.csv").read_bytes().startswith("﻿".encode())
