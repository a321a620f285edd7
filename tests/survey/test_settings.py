import pytest

from vitality.errors import SurveyError
from vitality.framework import read_framework
from vitality.survey import find_round, judgement_files, latest_round, round_framework, round_settings


def make_round(home, name, text=""):
    (home / name / "raw").mkdir(parents=True)
    if text:
        (home / name / "round.yaml").write_text(text, encoding="utf-8")
    return home / name


def test_defaults_come_from_the_folder(tmp_path):
    settings = round_settings(make_round(tmp_path, "2024"))
    assert (settings.round, settings.framework, settings.simulated) == ("2024", "redcross", False)
    assert settings.title("zh") == "2024"


def test_units_are_names_or_names_with_a_group(tmp_path):
    text = "round: 2024\nunits: [甲 镇, {name: 乙镇, group: 东区}]\n"
    assert round_settings(make_round(tmp_path, "x", text)).units == {"甲镇": "", "乙镇": "东区"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("framwork: redcross\n", "unknown key 'framwork'. Did you mean 'framework'"),
        ("round: [1\n", "no YAML"),
        ("- a\n", "found list"),
        ("units: 3\n", "units: found 3"),
        ("units: [{nam: x}]\n", "expected a name, or name and group"),
    ],
)
def test_bad_settings_are_named(tmp_path, text, message):
    with pytest.raises(SurveyError, match="round.yaml") as raised:
        round_settings(make_round(tmp_path, "2024", text))
    assert message in str(raised.value)


def test_a_folder_that_is_not_there_offers_the_near_miss(tmp_path):
    make_round(tmp_path, "2024")
    with pytest.raises(SurveyError, match="Did you mean '2024'"):
        find_round(tmp_path / "20244")


def test_a_round_is_found_from_a_folder_below(tmp_path, monkeypatch):
    make_round(tmp_path / "data" / "rounds", "2024")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert find_round("data/rounds/2024").resolve() == (tmp_path / "data" / "rounds" / "2024").resolve()


def test_the_latest_round_is_the_one_whose_name_sorts_last(tmp_path):
    make_round(tmp_path, "2024")
    make_round(tmp_path, "older", "round: 2023\n")
    (tmp_path / "zzz").mkdir()
    assert latest_round(tmp_path).name == "2024"


def test_no_round_at_all(tmp_path):
    with pytest.raises(SurveyError, match="vitality example"):
        latest_round(tmp_path)


def test_a_round_may_bring_its_own_framework_file(tmp_path):
    folder = make_round(tmp_path, "2024", "framework: ours.yaml\n")
    read_framework("redcross").to_yaml(folder / "ours.yaml")
    assert round_framework(folder).leaves == read_framework("redcross").leaves


def test_judgement_files_are_those_of_the_experts(tmp_path):
    folder = make_round(tmp_path, "2024")
    for name in ("e_E01.xlsx", "~$e_E01.xlsx", "e_notes.docx", "t_x.xlsx", "e_long.csv"):
        (folder / "raw" / name).touch()
    found = judgement_files(folder, read_framework("redcross"))
    assert [file.name for file in found] == ["e_E01.xlsx", "e_long.csv"]


@pytest.mark.parametrize("name", ["t_甲镇_SIMULATED.xlsx", "e_E01_Synthetic.xlsx"])
@pytest.mark.parametrize("text", ["", "simulated: false\n"])
def test_the_label_of_simulated_answers_survives_the_loss_of_round_yaml(tmp_path, name, text):
    folder = make_round(tmp_path, "2024", text)
    (folder / "raw" / name).touch()
    assert round_settings(folder).simulated
