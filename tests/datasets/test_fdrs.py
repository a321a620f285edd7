import numpy as np
import pytest

from vitality.datasets import fdrs, load_fdrs
from vitality.errors import SurveyError


@pytest.fixture(scope="module")
def rounds():
    return load_fdrs()


def test_three_rounds_of_192_societies(rounds):
    assert rounds.matrix.index.names == ["unit", "round"] and rounds.matrix.index.is_unique
    assert rounds.matrix.groupby(level="round").size().to_dict() == {"2018": 192, "2019": 192, "2020": 192}
    assert list(rounds.matrix.columns) == list(rounds.framework.leaves)
    assert list(rounds.resources.columns) == [part.code for part in rounds.framework.resources]
    assert rounds.units.loc["ALB"].to_dict() == {
        "name": "Albanian Red Cross",
        "group": "Europe and Central Asia",
    }


def test_reach_per_resident_by_hand(rounds):
    """Albania 2018 in the source: 18,525 reached by disaster response, 2,889,167 residents, 53 staff."""
    assert rounds.matrix.at[("ALB", "2018"), "A1"] == pytest.approx(1000 * 18525 / 2889167)
    assert rounds.resources.at[("ALB", "2018"), "R11"] == 53


def test_gaps_stay_gaps(rounds):
    """Values with a population: 417 of disaster response, as the framework's own note says."""
    assert rounds.matrix["A1"].notna().sum() == 417
    assert np.isnan(rounds.matrix.at[("DZA", "2018"), "A1"])


def test_without_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(fdrs.vitality, "__file__", str(tmp_path / "vitality" / "__init__.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SurveyError, match="get a checkout"):
        load_fdrs()
