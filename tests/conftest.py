import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def project_folder(monkeypatch):
    """Run every test from the project's folder, as a user would."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="session")
def example_round(tmp_path_factory):
    """Give a copy of the example round 2024 (simulated), so that nothing is written into data/."""
    return copied("2024", tmp_path_factory.mktemp("rounds"))


@pytest.fixture(scope="session")
def real_round(tmp_path_factory):
    """Give a copy of the real FDRS round 2020."""
    return copied("fdrs_2020", tmp_path_factory.mktemp("rounds"))


def copied(name, folder):
    target = folder / name
    shutil.copytree(ROOT / "data" / "rounds" / name, target, ignore=shutil.ignore_patterns("clean", "manifest.json"))
    return target


@pytest.fixture(scope="session")
def found(example_round):
    """Give the example round, evaluated."""
    from vitality.report.evaluation import evaluate_round

    return evaluate_round(example_round)


@pytest.fixture(scope="session")
def associations(found):
    """Give the associations of the example round."""
    from vitality.report.evaluation import resource_associations

    return resource_associations(found, seed=1)


@pytest.fixture(scope="session")
def blocks(found):
    """Give the associations of the blocks of resources in the example round."""
    from vitality.report.evaluation import block_associations

    return block_associations(found, seed=1)
