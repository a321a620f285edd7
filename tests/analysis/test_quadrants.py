import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.analysis.worlds import FRAMEWORK
from vitality.errors import MethodError, TableError
from vitality.framework import Resource

ROOMS = Resource(code="room", block="venue", worst=0, best=200)
WINDOWS = Resource(code="windows", block="venue", worst=0, best=100)
DEBT = Resource(code="debt", block="funding", direction="cost", worst=10, best=0)
WORLD = FRAMEWORK.model_copy(update={"resources": (ROOMS, WINDOWS, DEBT)})
UNITS = ["u1", "u2", "u3", "u4"]
RESULT = vt.build_index(
    pd.DataFrame({code: [90.0, 80.0, 20.0, 10.0] for code in ("a1", "a2", "b1")}, index=UNITS), WORLD
)
RESOURCES = pd.DataFrame(
    {"room": [200.0, 20.0, 160.0, 40.0], "windows": [100.0, 20.0, 60.0, 0.0], "debt": 0.0}, index=UNITS
)


def test_four_situations_on_paper():
    table = vt.resource_quadrants(RESULT, RESOURCES, block="venue")
    # (100 + 100) / 2, (10 + 20) / 2, (80 + 60) / 2, (20 + 0) / 2; medians 42.5 and 50
    assert table["resources"].tolist() == [100.0, 15.0, 70.0, 10.0]
    assert table["resources_cut"].unique().tolist() == [42.5] and table["vitality_cut"].unique().tolist() == [50.0]
    assert table["quadrant"].tolist() == ["high_high", "low_high", "high_low", "low_low"]
    assert table["name_zh"].tolist() == [
        "高资源高活力（巩固提升）",
        "低资源高活力（经验推广）",
        "高资源低活力（机制改革）",
        "低资源低活力（重点扶持）",
    ]
    assert table.index.names == ["unit", "round"] and table["name_en"].notna().all()


def test_less_is_better_counts_as_a_resource_too():
    assert vt.resource_quadrants(RESULT, RESOURCES, block="funding")["resources"].tolist() == [100.0] * 4


def test_units_without_resources_are_in_no_quadrant():
    table = vt.resource_quadrants(RESULT, RESOURCES.iloc[1:], block="venue")
    assert pd.isna(table["quadrant"].iloc[0]) and pd.isna(table["name_zh"].iloc[0])
    assert table["vitality_cut"].iloc[1] == 20.0  # the median of the three that have both
    half = RESOURCES.assign(windows=np.nan)  # half of the block is below two thirds
    assert vt.resource_quadrants(RESULT, half, block="venue")["resources"].isna().all()


def test_rounds_have_their_own_medians():
    matrix = RESULT.matrix
    later = matrix.rename(index={"": "2025"}, level="round") / 2
    both = vt.build_index(pd.concat([matrix.rename(index={"": "2024"}, level="round"), later]), WORLD)
    resources = pd.concat([RESOURCES, RESOURCES], keys=["2024", "2025"], names=["round", "unit"])
    cuts = vt.resource_quadrants(both, resources, block="venue")["vitality_cut"]
    assert cuts.groupby("round").first().to_dict() == {"2024": 50.0, "2025": 25.0}


def test_what_does_not_fit():
    with pytest.raises(MethodError, match="Did you mean 'venue'"):
        vt.resource_quadrants(RESULT, RESOURCES, block="venues")
    with pytest.raises(TableError, match="no column 'windows' of block 'venue'"):
        vt.resource_quadrants(RESULT, RESOURCES[["room"]], block="venue")
    with pytest.raises(TableError, match="no unit and round of the index"):
        vt.resource_quadrants(RESULT, RESOURCES.rename(index=str.upper), block="venue")


def test_an_index_that_contains_the_block_is_refused():
    full = vt.read_framework("redcross_full")
    inside = [code for code in full.leaves if code.startswith("R")]
    block = full.resource(inside[0]).block
    scale = full.scale()
    generator = np.random.default_rng(0)
    matrix = pd.DataFrame({code: generator.uniform(*sorted(scale.loc[code]), 4) for code in full.leaves}, index=UNITS)
    resources = pd.DataFrame({item.code: generator.uniform(0, 5, 4) for item in full.resources}, index=UNITS)
    result = vt.build_index(matrix, full)
    with pytest.raises(MethodError, match="by construction"):
        vt.resource_quadrants(result, resources, block=block)
    assert vt.resource_quadrants(result, resources, block=block, allow_coupled=True)["quadrant"].notna().all()


def test_four_lacks_of_the_bundled_framework():
    # the norm cited for R22 asks for not less than 1 yuan a resident, so that exactly 1 yuan is no lack
    framework = vt.read_framework("redcross")
    resources = pd.DataFrame(
        {"R11": [0.0, 1.0], "R12": [0.0, np.nan], "R22": [0.99, 1.0], "R31": [0.0, 45.0]}, index=["u1", "u2"]
    )
    table = vt.four_lacks(resources, framework)
    own = table[table["unit"] == "u1"]
    assert own["lacking"].tolist() == [True] * 4 and own["name_zh"].str.startswith("缺").all()
    other = table[table["unit"] == "u2"].set_index("resource")["lacking"]
    assert pd.isna(other["R12"]) and not other[["R11", "R22", "R31"]].any()
    with pytest.raises(TableError, match="no column 'R31'"):
        vt.four_lacks(resources.drop(columns="R31"), framework)
    assert vt.four_lacks(RESOURCES, WORLD).empty
