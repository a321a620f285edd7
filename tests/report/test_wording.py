import re

import pytest

from vitality.report import tables, wording


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_summary_says_association_and_never_influence(found, blocks, lang):
    text = wording.summary(found, blocks, lang)
    if lang == "zh":
        assert "关联" in text and not re.search("影响(?!。)|导致|促进", text)
    else:
        assert "association" in text and not re.search("effect|causes|leads to", text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_notices_name_simulation_and_reconstruction(found, lang):
    text = " ".join(wording.notices(found, lang))
    for zh, en in (("模拟", "SIMULATED"), ("虚构", "invented"), ("重建", "reconstruction")):
        assert (zh if lang == "zh" else en) in text


def test_sentence_holds_the_numbers_of_its_row(found, associations):
    row = associations.dropna(subset=["estimate"]).iloc[0]
    text = wording.association(row, found, "en")
    for number in (f"{row['estimate']:.2f}", f"{row['low']:.2f}", f"{row['high']:.2f}", f"n = {row['n']}"):
        assert number in text


def test_english_texts_have_no_chinese_letters(found, blocks, associations):
    texts = [
        wording.summary(found, blocks, "en"),
        wording.refusals(associations, found, "en"),
        wording.background(found, "en"),
        wording.framework_text(found, "en"),
        wording.data_text(found, "en"),
        wording.panel_text(found, "en"),
        wording.resources_text(found, blocks, associations, "en"),
        wording.reproducibility(found, seed=1, lang="en"),
        wording.cited_passages(found, "en"),
    ]
    names = set("".join(map(str, found.survey.units.to_numpy().ravel())))  # names of towns stay as they are
    for text in texts:
        assert not set(re.findall(r"[\u4e00-\u9fff]", text)) - names, text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_for_people_speak_names_not_codes(found, associations, lang):
    ranking = tables.ranking_table(found, lang=lang)
    assert len(ranking) == 24 and ranking.iloc[:, 0].dropna().is_monotonic_increasing
    forest = tables.association_table(associations, found, lang=lang)
    assert not forest.iloc[:, 0].str.fullmatch(r"R\d\d").any()
    for made in (
        tables.weights_table(found, lang=lang),
        tables.consistency_table(found, lang=lang),
        tables.short_boards(found, lang=lang),
        tables.recommendations(found, lang=lang),
        tables.quality_table(found, lang=lang),
        tables.dimension_table(found, lang=lang),
    ):
        assert len(made)


def test_short_boards_differ_from_the_strengths_and_are_three_where_points_are_lost(found):
    table = tables.short_boards(found, lang="zh")
    lost = (found.result.normalised < 100).sum(axis=1).min()
    assert lost >= 3
    for strengths, boards in zip(table.iloc[:, 1], table.iloc[:, 2]):
        one, other = set(filter(None, strengths.split("、"))), set(boards.split("、"))
        assert len(one) <= 3 and len(other) == 3 and not one & other


def test_the_first_question_is_that_of_the_blocks(found, blocks, associations):
    assert blocks["resource"].tolist() == ["staffing", "funding", "venue"] and (blocks["tests"] == 3).all()
    text = wording.resources_text(found, blocks, associations, "zh")
    assert "3组资源（人员、经费、场所）" in text and "98次检验" in text
    assert "0.57以上" in text and "校正后，最强的一项约需0.63" in text  # 24 towns in two districts: 23 - 3 of z
    staffing = blocks.iloc[0]
    assert f"ρ = {staffing['estimate']:.2f}" in text and "去掉同源指标后" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_shared_is_listed_with_what_was_done(found, associations, lang):
    text = wording.refusals(associations, found, lang)
    assert text.count("\n- ") == 6 and found.framework.label("R22", lang) in text
    assert ("表中是去掉这些指标后的关联" if lang == "zh" else "without these indicators") in text
