from __future__ import annotations

import pandas as pd

from vitality.framework import framework_from_table
from vitality.weights.naming import codes_by_name, inner_nodes

TREE = framework_from_table(
    pd.DataFrame(
        {
            "code": ["V", "A", "B", "A1", "B1", "B2"],
            "parent": ["", "V", "V", "A", "B", "B"],
            "name_en": ["Vitality", "Reach", "Trust", "Cover", "Known", "Known"],
            "name_zh": ["活力", "覆盖", "信任", "覆盖率", "知晓", "满意"],
        }
    )
)


def test_inner_nodes_go_from_the_root_down():
    assert inner_nodes(TREE) == ["V", "A", "B"]


def test_a_shared_name_is_no_name():
    known = codes_by_name(["B1", "B2"], TREE)
    assert known == {"知晓": "B1", "满意": "B2", "B1": "B1", "B2": "B2"}
