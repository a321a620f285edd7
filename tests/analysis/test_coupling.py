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
    assert "and 2 more" in found.en and "log population" in found.en and "leave these indicators out" in found.en
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
    inside = next(code for code in FULL.leaves if code.startswith("R"))
    found = coupling(FULL, inside, FULL.root)
    assert SharedPart("contains", inside, (inside,)) in found.parts
    assert "包含" in found.zh and "contains the resource" in found.en
    assert all(part.kind != "contains" for part in (coupling(FULL, inside, "A") or found).parts[1:])


def test_two_measures_of_the_same_question_share_a_component():
    """R22 (funds per head) and R23 (their growth) are computed from the same answer."""
    if not {"R22", "R23"} <= set(FULL.leaves):
        pytest.skip("the safeguard dimension holds other resources")
    parts = coupling(FULL, "R23", FULL.parent("R22")).parts
    assert any(part.kind == "component" and "R22" in part.indicators for part in parts)


def test_unknown_codes():
    with pytest.raises(FrameworkError, match="no node 'Z'"):
        coupling(CORE, "R11", "Z")
    assert coupling(CORE, "R99", "V") is None


def test_every_pair_of_the_real_rounds_per_head_is_refused():
    fdrs = vt.read_framework("ifrc_fdrs")
    for resource in fdrs.resources:
        assert (coupling(fdrs, resource.code, fdrs.root) is not None) == (resource.denominator == "population")
