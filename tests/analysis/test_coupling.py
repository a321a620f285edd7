import pytest

import vitality as vt
from vitality.analysis import SharedPart, coupling
from vitality.errors import FrameworkError

CORE = vt.read_framework("redcross")
FULL = vt.read_framework("redcross_full")


def test_a_shared_denominator_is_found_with_its_indicators():
    found = coupling(CORE, "R22", "C")
    assert found.parts == (SharedPart("denominator", "population", ("C11", "C12", "C21", "C22", "C23")),)
    assert "常住人口" in found.zh and CORE.label("C11") in found.zh and "等5项指标" in found.zh
    assert "去掉这些指标" in found.zh and "人口对数" in found.zh and "置换分子" in found.zh
    assert (
        "and 2 more" in found.en and "log resident population" in found.en and "leave these indicators out" in found.en
    )
    assert found.text("zh") == found.zh and found.text("en") == found.en


@pytest.mark.parametrize(
    ("resource", "node", "component", "indicators"),
    [
        ("R32", "A", "villages", ("A11",)),
        ("R11", "B", "staff", ("B21",)),
        ("R15", "B", "registered_volunteers", ("B22",)),
    ],
)
def test_listed_pairs_and_named_denominators(resource, node, component, indicators):
    parts = coupling(CORE, resource, node).parts
    assert any(part.name == component and part.indicators == indicators for part in parts)


def test_where_nothing_is_shared_nothing_is_refused():
    assert coupling(CORE, "R21", "V") is None
    assert coupling(CORE, "R22", "E") is None
    assert coupling(CORE, "R11", "A") is None


def test_an_index_that_contains_the_resource():
    inside = tuple(code for code in FULL.leaves if code.startswith("R"))
    found = coupling(FULL, inside[0], FULL.root)
    assert found.parts[0] == SharedPart("contains", "", inside)
    assert "该指数含" in found.zh and "the index contains" in found.en
    assert coupling(FULL, inside[0], "A") is None


def test_an_index_that_contains_other_resources():
    """R21, the budget, is outside the safeguards, but R22, the same budget per resident, is inside."""
    assert "R21" not in FULL.leaves
    found = coupling(FULL, "R21", "G3")
    assert found.parts == (SharedPart("contains", "", ("R22", "R23", "R24")),)
    assert "去掉这些指标" in found.zh and "对数" not in found.zh and "log" not in found.en  # no denominator, one way


def test_nodes_and_indicators_in_the_place_of_a_resource():
    """A node goes with its parent by construction; two indicators per resident share the population."""
    assert coupling(CORE, "C", "V").parts[0] == SharedPart("contains", "", CORE.leaves_below("C"))
    assert coupling(CORE, "C11", "C").parts[0] == SharedPart("contains", "", ("C11",))
    assert coupling(CORE, "C11", "A").parts == (SharedPart("denominator", "population", ("A13",)),)
    assert coupling(CORE, "E11", "A") is None


def test_the_ways_out_are_those_that_help():
    workers, villages = coupling(CORE, "R11", "B"), coupling(CORE, "R32", "A")
    assert "log" not in workers.en and "对数" not in workers.zh  # a count of the staff holds nothing constant
    assert "log villages and residential communities" in villages.en and "村居数对数" in villages.zh


def test_unknown_codes():
    with pytest.raises(FrameworkError, match="no node 'Z'"):
        coupling(CORE, "R11", "Z")
    assert coupling(CORE, "R99", "V") is None


def test_every_pair_of_the_real_rounds_per_head_is_refused():
    fdrs = vt.read_framework("ifrc_fdrs")
    for resource in fdrs.resources:
        assert (coupling(fdrs, resource.code, fdrs.root) is not None) == (resource.denominator == "population")
