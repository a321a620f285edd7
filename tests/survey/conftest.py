import pytest

from tests.survey.rounds import write_small_round


@pytest.fixture
def round_folder(tmp_path):
    return write_small_round(tmp_path / "2024")
