"""Small worlds for the tests of the analysis: an index whose root is a given number."""

import pandas as pd

import vitality as vt


def index_of(scores, *, round="2024", **attributes):
    """A result with one indicator `a` from 0 to 100, so that the root is the number itself."""
    tree = vt.framework_from_table(
        pd.DataFrame({"code": ["V", "a"], "parent": ["", "V"], "worst": [None, 0], "best": [None, 100]})
    )
    units = [f"u{number:02d}" for number in range(len(scores))]
    index = pd.MultiIndex.from_product([units, [round]], names=["unit", "round"])
    table = pd.DataFrame(attributes, index=units) if attributes else None
    return vt.build_index(pd.DataFrame({"a": list(scores)}, index=index), tree, units=table)


def resources_of(result, **columns):
    return pd.DataFrame({name: list(values) for name, values in columns.items()}, index=result.scores.index)


TREE = pd.DataFrame(
    {
        "code": ["V", "A", "B", "a1", "a2", "b1"],
        "parent": ["", "V", "V", "A", "A", "B"],
        "name_zh": ["活力", "组织", "服务", "会员", "活动", "培训"],
        "name_en": ["vitality", "organisation", "services", "members", "activities", "training"],
        "weight": [None, 1, 1, 1, 1, 1],
        "worst": [None, None, None, 0, 0, 0],
        "best": [None, None, None, 100, 100, 100],
        "denominator": [None, None, None, "population", None, None],
    }
)
FRAMEWORK = vt.framework_from_table(TREE)
