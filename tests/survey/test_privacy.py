"""Personal data never leave raw; small counts cannot be worked out."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from tests.survey.rounds import SMALL, small, write_organisations, write_residents
from vitality.errors import SurveyError, TableError
from vitality.framework import read_framework
from vitality.survey import prepare_round, protect_counts, read_round
from vitality.survey.privacy import mask_personal

PERSONAL = [
    "13800000000", "138 0000 0000", "+86 13800000000", "021-55550123", "110101199003074514", "a.b@example.org",
    "192.0.2.7", "微信：hongshizi_01",
]  # fmt: skip


@pytest.mark.parametrize("text", PERSONAL)
def test_personal_data_are_masked_wherever_they_stand(text):
    assert mask_personal(f"找王老师{text} 谢谢") == "找王老师[已隐去] 谢谢"


@pytest.mark.parametrize("text", ["1200000", "2024-03-01", "约13800人", "12.5", "见附件1", "1.2.3", "组织13800000"])
def test_other_texts_stay(text):
    assert mask_personal(text) == text


@pytest.mark.parametrize("text", PERSONAL)
def test_nothing_personal_is_written_outside_raw(round_folder, text):
    write_organisations(round_folder, rows=[{"o1": f"甲站 {text}", "o2": "站", "o3": f"{text} x"}])
    survey = prepare_round(round_folder, small())
    written = b"".join(
        file.read_bytes() for file in round_folder.rglob("*") if file.is_file() and "raw" not in file.parts
    )
    assert text.encode() not in written
    assert survey.answers["o"].at["甲镇-001", "o1"] == "甲站 [已隐去]" and "private_text" in set(survey.issues["rule"])


def declared(tmp_path, how):
    path = tmp_path / "framework.yaml"
    text = SMALL.read_text(encoding="utf-8")
    path.write_text(
        text.replace("{code: o1, kind: text,", f"{{code: o1, kind: text, private: {how},"), encoding="utf-8"
    )
    return read_framework(path)


def test_a_question_that_is_dropped_is_not_in_the_answers(round_folder, tmp_path):
    raw = read_round(round_folder, declared(tmp_path, "drop"))
    assert set(raw.tables["o"].text["o1"]) == {""} and "甲站" not in raw.cells.to_csv()


def test_a_question_that_is_hashed_needs_a_key_and_joins_rounds(round_folder, tmp_path, monkeypatch):
    framework = declared(tmp_path, "hash")
    monkeypatch.delenv("VITALITY_KEY", raising=False)
    with pytest.raises(SurveyError, match="there is no key") as raised:
        read_round(round_folder, framework)
    assert "密钥" in raised.value.zh
    (round_folder / "raw" / ".key").write_text("long secret", encoding="utf-8")
    first = read_round(round_folder, framework).tables["o"].text["o1"].tolist()
    assert first == read_round(round_folder, framework).tables["o"].text["o1"].tolist()
    monkeypatch.setenv("VITALITY_KEY", "another secret")
    assert first != read_round(round_folder, framework).tables["o"].text["o1"].tolist()
    assert len(set(first)) == 2 and "甲站" not in first


def test_names_in_heads_are_dropped(round_folder):
    head = ["序号", "联系人", "微信昵称", "1、所在街镇", "m1", "m2", "m3"]
    write_residents(round_folder, [["王某", "wx", "甲镇", "是", "急救", "5"][1:]], head=head)
    assert "王某" not in read_round(round_folder, small()).cells.to_csv()


def interval(values, hidden, small_ones, place):
    """Smallest and largest value of a hidden cell that fits all margins: what a reader can work out."""
    places = np.argwhere(hidden)
    equations, sums = [], []
    for axis in (0, 1):
        for line in range(values.shape[axis]):
            equations.append((places[:, axis] == line).astype(float))
            sums.append(values[tuple(places[places[:, axis] == line].T)].sum())
    bounds = [(1, 4) if small_ones[tuple(cell)] else (0, None) for cell in places]
    aim = (places == place).all(axis=1).astype(float)
    return [sign * linprog(sign * aim, A_eq=equations, b_eq=sums, bounds=bounds).fun for sign in (1, -1)]


@pytest.mark.parametrize("seed", range(12))
def test_no_small_count_follows_from_the_margins(seed):
    rng = np.random.default_rng(seed)
    counts = pd.DataFrame(rng.choice([0, 1, 2, 3, 4, 7, 12, 30, 55], (5, 4), p=[0.1, *[0.06] * 4, *[0.165] * 4]))
    shown = protect_counts(counts).to_numpy()
    values, small_ones = counts.to_numpy(), counts.isin([1, 2, 3, 4]).to_numpy()
    assert ((shown == "<5") == small_ones).all()
    hidden = (shown == "<5") | (shown == "…")
    for place in np.argwhere(small_ones):
        low, high = interval(values, hidden, small_ones, place)
        assert high - low > 0.5 or hidden.all(), (seed, place, shown)


def test_a_table_without_small_counts_stays_as_it_is():
    counts = pd.DataFrame({"a": [0, 5], "b": [60, 7]})
    assert protect_counts(counts).to_numpy().tolist() == [["0", "60"], ["5", "7"]]


@pytest.mark.parametrize("bad", [-1, 2.5, np.nan])
def test_what_is_no_count_is_refused(bad):
    with pytest.raises(TableError, match="expected whole numbers of persons") as raised:
        protect_counts(pd.DataFrame({"a": [1, bad]}))
    assert raised.value.zh
