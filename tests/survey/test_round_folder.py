import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pandas as pd
import pytest

from tests.survey.rounds import SMALL, in_a_process, small, write_town
from vitality.errors import SurveyError
from vitality.framework import read_framework
from vitality.survey import changed_inputs, load_clean, prepare_round, read_round
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


def test_a_file_replaced_while_the_round_is_read_is_noticed(round_folder, monkeypatch):
    def replaced_meanwhile(*given, **options):
        raw = read_round(*given, **options)
        write_town(round_folder, "甲镇", t1="51000")
        return raw

    monkeypatch.setattr(room, "read_round", replaced_meanwhile)
    assert prepare_round(round_folder, small()).answers["t"].at["甲镇", "t1"] == 50000
    monkeypatch.undo()
    assert changed_inputs(round_folder, small()) == ("raw/t_甲镇.xlsx: changed",)
    assert prepare_round(round_folder, small()).answers["t"].at["甲镇", "t1"] == 51000


def test_another_key_is_noticed_and_not_told(round_folder, monkeypatch):
    monkeypatch.delenv("VITALITY_KEY", raising=False)
    content = SMALL.read_text(encoding="utf-8").replace("{code: t10, ", "{code: t10, private: hash, ")
    (round_folder / "framework.yaml").write_text(content, encoding="utf-8")
    framework, key = read_framework(round_folder / "framework.yaml"), round_folder / "raw" / ".key"
    assert framework.questions["t10"].private == "hash"
    key.write_text("第一个密钥", encoding="utf-8")
    first = prepare_round(round_folder, framework).answers["t"]["t10"].tolist()
    assert changed_inputs(round_folder, framework) == ()
    manifest = (round_folder / "manifest.json").read_text(encoding="utf-8")
    assert "第一个密钥" not in manifest and hashlib.sha256("第一个密钥".encode()).hexdigest() not in manifest
    key.write_text("第二个密钥", encoding="utf-8")
    assert changed_inputs(round_folder, framework) == ("key: changed",)
    assert prepare_round(round_folder, framework).answers["t"]["t10"].tolist() != first
    monkeypatch.setenv("VITALITY_KEY", "第三个密钥")
    assert changed_inputs(round_folder, framework) == ("key: changed",)


def test_the_messages_are_in_the_language_asked_for(round_folder):
    write_town(round_folder, "甲镇", t1="x")
    assert "expected a whole number" in prepare_round(round_folder, small(), lang="en").issues["message"][0]
    before = state(round_folder)
    assert "expected" in prepare_round(round_folder, small()).issues["message"][0]  # as it was written
    prepare_round(round_folder, small(), lang="en")
    assert state(round_folder) == before
    told = []
    chinese = prepare_round(round_folder, small(), lang="zh", progress=lambda zh, en: told.append((zh, en)))
    assert "应填" in chinese.issues["message"][0]
    assert told == [("输入有变化：语言（已修改：en -> zh），重新清洗",
                     "inputs changed: 'lang: changed (en -> zh)'; cleaning again")]  # fmt: skip


def test_changes_are_named_in_chinese(round_folder):
    prepare_round(round_folder, small())
    write_town(round_folder, "丙镇")
    (round_folder / "raw" / "t_乙镇.xlsx").unlink()
    (round_folder / "raw" / "m_2024.csv").write_bytes(b"x")
    told = []
    with suppress(SurveyError):
        prepare_round(round_folder, small(), progress=lambda zh, en: told.append(zh))
    assert told == [
        "输入有变化：raw/m_2024.csv（已修改）、raw/t_丙镇.xlsx（新增）、raw/t_乙镇.xlsx（已移走），重新清洗"
    ]


@pytest.mark.parametrize("point", ["-old-", "/clean"])
def test_a_run_killed_between_two_renamings_leaves_the_old_tables(round_folder, point):
    """Killed for good, after the old folder was put aside or after the new one is in its place."""
    made = prepare_round(round_folder, small())
    write_town(round_folder, "甲镇", t1="51000")
    done = in_a_process(f"""
        import os, signal
        from pathlib import Path
        from tests.survey.rounds import small
        from vitality.survey import prepare_round
        rename = Path.rename
        def kill_after(self, target):
            rename(self, target)
            if {point!r} in str(target):
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        Path.rename = kill_after
        prepare_round({str(round_folder)!r}, small())
    """)
    assert done.returncode != 0 and list(round_folder.glob(".clean-old-*"))
    loaded = load_clean(round_folder, small())
    assert loaded.answers["t"].at["甲镇", "t1"] == (50000 if point == "-old-" else 51000)
    assert point != "-old-" or loaded.answers["t"].equals(made.answers["t"])
    assert not [file.name for file in round_folder.iterdir() if file.name.startswith(".")]
    assert prepare_round(round_folder, small()).answers["t"].at["甲镇", "t1"] == 51000


def test_leftovers_of_killed_runs_are_removed(round_folder):
    prepare_round(round_folder, small())
    before = state(round_folder)
    (round_folder / ".clean-new-abc").mkdir()
    (round_folder / ".clean-new-abc" / "t.parquet").write_bytes(b"half")
    (round_folder / ".manifest.json.77.part").write_bytes(b"half")
    (round_folder / ".clean-old-5").mkdir()
    prepare_round(round_folder, small())
    assert state(round_folder) == before and not list(round_folder.glob(".*"))


def test_runs_at_the_same_time_leave_whole_tables(round_folder):
    code = f"""
        from tests.survey.rounds import small
        from vitality.survey import prepare_round
        from vitality.survey.round_folder import write_clean
        survey = prepare_round({str(round_folder)!r}, small())
        for _ in range(6):
            write_clean(survey, {str(round_folder)!r}, small())
    """
    with ThreadPoolExecutor(3) as pool:
        assert [done.stderr[-300:] for done in pool.map(in_a_process, [code] * 3) if done.returncode] == []
    assert changed_inputs(round_folder, small()) == () and not list(round_folder.glob(".*"))


def test_clean_tables_of_the_form_before_are_read_and_made_anew(round_folder):
    """Its change log had no columns for reason and date."""
    write_town(round_folder, "甲镇", t1="9个")
    prepare_round(round_folder, small())
    log, manifest = round_folder / "clean" / "changes.csv", round_folder / "manifest.json"
    pd.read_csv(log, dtype=str).drop(columns=["reason", "date"]).to_csv(log, index=False, encoding="utf-8-sig")
    assert load_clean(round_folder, small()).changes["reason"].tolist() == [""]
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["package"]["clean_format"] = 1
    content["outputs"]["changes.csv"] = hashlib.sha256(log.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(content), encoding="utf-8")
    assert [change.partition(" (")[0] for change in changed_inputs(round_folder, small())] == ["package: changed"]
    prepare_round(round_folder, small())
    assert "reason,date" in log.read_text(encoding="utf-8-sig").splitlines()[0]


def test_a_bare_carriage_return_does_not_break_a_row(round_folder):
    """It would end a line of the csv: rows out of step, and a formula at the beginning of the next line."""
    write_town(round_folder, "甲镇", t1="见\r=1+1")
    survey = prepare_round(round_folder, small())
    again = prepare_round(round_folder, small())
    assert len(again.issues) == len(survey.issues) and set(again.issues["severity"]) <= {"error", "query", "note"}
    for name in ("issues.csv", "changes.csv"):
        assert b"\r" not in (round_folder / "clean" / name).read_bytes()
