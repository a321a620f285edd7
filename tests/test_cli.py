"""The command line: help, languages, exit statuses, and one message for each bad input."""

import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from vitality.cli import main, vitality


def run(capsys, *words):
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    printed = capsys.readouterr()
    return left.value.code or 0, printed.out, printed.err


def chinese(text):
    return bool(re.search(r"[\u4e00-\u9fff]", text))


@pytest.mark.parametrize("name", [[], *[[name] for name in vitality.commands]], ids=lambda n: " ".join(n) or "-")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_explains_itself_in_both_languages(capsys, name, lang):
    status, out, _ = run(capsys, "--lang", lang, *name, "--help")
    assert status == 0
    assert chinese(out) == (lang == "zh")
    assert out.startswith("用法：" if lang == "zh" else "Usage: ")
    for parameter in (vitality.commands[name[0]] if name else vitality).params:
        for option in parameter.opts:
            assert not option.startswith("--") or option in out
        assert not option.startswith("--") or getattr(parameter, "help", None), option


def test_nothing_given_shows_the_help(capsys):
    status, out, _ = run(capsys)
    assert status == 0 and "check" in out


def test_language_follows_the_locale(capsys, monkeypatch):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert run(capsys, "--help")[1].startswith("Usage")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert run(capsys, "--help")[1].startswith("用法")


def test_unknown_command_is_a_usage_error_with_the_near_miss(capsys):
    status, _, err = run(capsys, "--lang", "en", "chek")
    assert status == 2 and "Did you mean 'check'" in err


def test_unknown_framework_offers_the_near_miss(capsys):
    status, out, err = run(capsys, "framework", "redcros", "--lang", "en")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1 and "Did you mean 'redcross'" in err
    status, _, err = run(capsys, "framework", "redcros", "--lang", "zh")
    assert status == 2 and chinese(err) and "redcross" in err


def test_broken_framework_file_names_line_and_column(capsys, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: x\n  tree: 5\n", encoding="utf-8")
    status, _, err = run(capsys, "framework", path, "--lang", "en")
    assert status == 2 and "line 2, column 7" in err
    status, _, err = run(capsys, "framework", path, "--lang", "zh")
    assert status == 2 and "第2行" in err


def test_framework_is_written_for_editing(capsys, tmp_path):
    for name in ("mine.yaml", "mine.xlsx"):
        assert run(capsys, "framework", "redcross", "-o", tmp_path / name)[0] == 0
        assert (tmp_path / name).stat().st_size > 10_000
    status, _, err = run(capsys, "framework", "redcross", "-o", tmp_path / "mine.doc", "--lang", "en")
    assert status == 2 and ".yaml, .yml, .xlsx" in err


def test_framework_shows_the_notice_of_the_reconstruction(capsys):
    assert "重建" in run(capsys, "framework", "--lang", "zh")[1]
    assert "reconstruction" in run(capsys, "framework", "--lang", "en")[1]


@pytest.mark.parametrize("command", ["check", "clean", "weights", "index", "resources", "report"])
def test_round_that_is_not_there_is_one_message(capsys, command, tmp_path):
    status, out, err = run(capsys, command, tmp_path / "none", "--lang", "en")
    assert (status, out) == (2, "")
    assert "none" in err and "no such folder" in err


def test_empty_round_folder_says_what_is_expected(capsys, tmp_path):
    for lang, expected in (("en", "raw"), ("zh", "填报")):
        status, out, err = run(capsys, "check", tmp_path, "--lang", lang)
        assert (status, out) == (2, "") and expected in err
    assert not list(tmp_path.iterdir())


def test_missing_instrument_is_named_and_nothing_is_written(capsys, example_round, tmp_path):
    folder = tmp_path / "2024"
    shutil.copytree(example_round, folder, ignore=shutil.ignore_patterns("t_*", "clean", "manifest.json"))
    status, _, err = run(capsys, "clean", folder, "--lang", "zh")
    assert status == 2 and "街镇" in err and "t_" in err
    assert not (folder / "clean").exists()


def test_check_finds_the_dirt_and_says_so_by_its_status(capsys, example_round):
    status, out, _ = run(capsys, "check", example_round, "--lang", "zh")
    assert status == 1 and "错误" in out and chinese(out)
    assert "[错误] " in out and "[error]" not in out and "[query]" not in out
    status, out, _ = run(capsys, "check", example_round, "--lang", "en")
    assert status == 1 and "errors" in out and "[error] " in out


def test_check_writes_its_findings(capsys, example_round, tmp_path):
    assert run(capsys, "check", example_round, "-o", tmp_path / "issues.csv")[0] == 1
    assert "severity" in (tmp_path / "issues.csv").read_text(encoding="utf-8-sig")


def test_clean_then_weights_index_and_resources(capsys, example_round, tmp_path):
    assert run(capsys, "clean", example_round)[0] == 0
    for command in ("weights", "index", "resources"):
        status, out, err = run(capsys, command, example_round, "--lang", "en")
        assert status == 0 and len(out.splitlines()) > 10
        assert "reading" in err  # progress goes to standard error
        assert "SIMULATED DATA" in out and "reconstruction" in out
        assert run(capsys, command, example_round, "-o", tmp_path / f"{command}.csv")[0] == 0
        _, *rows = (tmp_path / f"{command}.csv").read_text(encoding="utf-8-sig").splitlines()
        assert len(rows) > 20 and all("模拟数据" in row for row in rows)


def test_warnings_and_notes_follow_the_language(capsys, example_round):
    assert "缺" in run(capsys, "index", example_round, "--lang", "zh")[2]
    assert "missing" in run(capsys, "index", example_round, "--lang", "en")[2]
    words = ("weights", example_round, "--framework", "redcross_full", "--lang")
    assert "no expert judged below" in run(capsys, *words, "en")[2]
    assert "未用专家权重" in run(capsys, *words, "zh")[2]


def test_coupled_associations_are_refused_unless_asked_for(capsys, example_round):
    _, refused, _ = run(capsys, "resources", example_round, "--lang", "zh")
    _, forced, _ = run(capsys, "resources", example_round, "--lang", "zh", "--allow-coupled")
    assert "表中是去掉这些指标后的关联" in refused and "同源，仅供参考" not in refused
    assert "同源，仅供参考" in forced and "拒绝计算" not in forced  # what is computed is not called refused
    for text in (refused, forced):
        assert "八成把握" in text and "Spearman等级相关" in text and "检验数" in text


def test_robustness_gives_every_unit_its_interval(capsys, example_round, tmp_path):
    words = ("robustness", example_round, "--n", "200", "--lang", "en")
    status, out, _ = run(capsys, *words)
    assert status == 0 and "SIMULATED DATA" in out and "±25%" in out
    assert run(capsys, *words, "--workers", "2")[1] == out
    assert run(capsys, *words, "-o", tmp_path / "ranks.csv")[0] == 0
    table = pd.read_csv(tmp_path / "ranks.csv")
    assert (table["Low"] <= table["Median"]).all() and (table["Median"] <= table["High"]).all()
    assert table["Rank"].tolist() == sorted(table["Rank"])
    only = run(capsys, *words, "--weights-only")[1]
    assert only != out and "geometric" not in only


def test_compare_splits_the_change(capsys, example_round, tmp_path):
    earlier = tmp_path / "2023"
    shutil.copytree(example_round.parent / "2024", earlier, ignore=shutil.ignore_patterns("clean", "manifest.json"))
    settings = (earlier / "round.yaml").read_text(encoding="utf-8")
    (earlier / "round.yaml").write_text(settings.replace("2024", "2023"), encoding="utf-8")
    words = ("compare", earlier, example_round, "--lang", "en", "-o", tmp_path / "change.csv")
    assert run(capsys, *words)[0] == 0
    table = pd.read_csv(tmp_path / "change.csv")
    assert len(table) == 24 and (table["Change"].abs() < 1e-9).all()
    status, _, err = run(capsys, *words, "--level", "dimensions")
    assert status == 2 and "Did you mean 'dimension'" in err
    (tmp_path / "moves.csv").write_text("alt,new\na,b\n", encoding="utf-8")
    status, _, err = run(capsys, *words, "--crosswalk", tmp_path / "moves.csv")
    assert status == 2 and "no column 'old'" in err


def test_rounds_that_cannot_be_compared(capsys, example_round, real_round):
    for lang, words in (("en", "different frameworks"), ("zh", "框架不同")):
        status, out, err = run(capsys, "compare", real_round, example_round, "--lang", lang)
        assert (status, out) == (2, "") and words in err
    assert "two or more different" in run(capsys, "compare", example_round, "--lang", "en")[2]


def test_example_writes_a_round_once(capsys, tmp_path):
    words = ("example", tmp_path, "--towns", "4", "--organisations", "40", "--lang", "en")
    assert run(capsys, *words)[0] == 0
    assert (tmp_path / "2024" / "raw").is_dir()
    status, _, err = run(capsys, *words)
    assert status == 2 and "left alone" in err


def test_report_with_an_unknown_parameter_is_refused(capsys, example_round, tmp_path):
    words = ("report", example_round, "-o", tmp_path / "out", "-p", "weigthing", "ahp", "--lang", "en")
    status, _, err = run(capsys, *words)
    assert status == 2 and "Did you mean 'weighting'" in err
    assert not (tmp_path / "out").exists()


def test_module_runs_as_a_program():
    words = [sys.executable, "-m", "vitality", "--version"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
    assert "0.1.0" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("framework", "redcross", "-o", "no/such/x.yaml"),
        ("index", "data/rounds/2024", "-o", "no/such/x.csv"),
        ("index", "data/rounds/2024", "-o", "x.docx"),
        ("example", "README.md"),
        ("example", "made", "--round", "../../away"),
        ("example", "made", "--seed", "-1"),
        ("report", "data/rounds/2024", "-p", "seed", "{a"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_cannot_be_done_is_one_message_before_any_work(capsys, words, lang):
    status, out, err = run(capsys, *words, "--lang", lang)
    assert status == 2 and not out and "Traceback" not in err
    assert err.count("\n") <= 2, "usage and message"
    assert chinese(err) == (lang == "zh")


def test_a_fault_of_the_program_has_its_own_exit_status(capsys, monkeypatch):
    def broken(*_, **__):
        raise KeyError("tree")

    monkeypatch.setattr("vitality.framework.read_framework", broken)
    status, _, err = run(capsys, "framework", "redcross", "--lang", "en")
    assert status == 3 and "KeyError" in err and "fault of the program" in err


@pytest.fixture
def round_copy(example_round, tmp_path):
    return shutil.copytree(example_round, tmp_path / "2024", ignore=shutil.ignore_patterns("clean", "manifest.json"))


def test_check_applies_the_corrections_as_cleaning_does(capsys, round_copy):
    status, corrected, _ = run(capsys, "check", round_copy, "--lang", "zh")
    assert status == 1 and "已按 corrections.csv 更正 1 处" in corrected
    (round_copy / "corrections.csv").unlink()
    before = run(capsys, "check", round_copy, "--lang", "zh", "--all")[1]
    after = corrected.splitlines()
    assert "更正" not in before.splitlines()[1]
    assert [line for line in before.splitlines() if "D87" in line] != [line for line in after if "D87" in line]


def test_a_broken_corrections_file_is_told_by_check(capsys, round_copy):
    (round_copy / "corrections.csv").write_text("foo,bar\n1,2\n", encoding="utf-8")
    status, _, err = run(capsys, "check", round_copy, "--lang", "zh")
    assert status == 2 and chinese(err) and "corrections.csv" in err


def test_check_and_clean_label_simulated_answers_even_without_round_yaml(capsys, round_copy):
    (round_copy / "round.yaml").unlink()
    for file in (round_copy / "raw").iterdir():  # only the forms themselves say it now
        file.rename(file.with_name(file.name.replace("_SIMULATED", "").replace("_SYNTHETIC", "")))
    (round_copy / "corrections.csv").unlink()
    for command in ("check", "clean", "clean"):
        assert "SIMULATED DATA" in run(capsys, command, round_copy, "--lang", "en")[1]
    assert run(capsys, "check", round_copy, "-o", round_copy / "found.csv")[0] == 1
    head, *rows = (round_copy / "found.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head.endswith("label") and rows[0].endswith("模拟数据 SIMULATED")


def test_clean_says_so_when_nothing_could_be_kept(capsys, round_copy, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("vitality.survey.round_folder.write_clean", refuse)
    status, out, err = run(capsys, "clean", round_copy, "--lang", "en")
    assert status == 2 and not out and "were not kept" in err
