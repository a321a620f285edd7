"""A tree of three units and four indicators that fits on a sheet of paper.

        V
      /   \\
    A (2)  B (1)
   /   \\   /   \\
 a1(1) a2(3) b1(1) b2(1)     weights in brackets

a1, a2, b2: more is better; b1: less is better.
"""

import pandas as pd

import vitality as vt

TREE = pd.DataFrame(
    {
        "code": ["V", "A", "B", "a1", "a2", "b1", "b2"],
        "parent": ["", "V", "V", "A", "A", "B", "B"],
        "weight": [None, 2, 1, 1, 3, 1, 1],
        "direction": [None, None, None, "benefit", "benefit", "cost", "benefit"],
        "worst": [None, None, None, 0, 10, 50, 0],
        "best": [None, None, None, 10, 30, 0, 4],
    }
)
FRAMEWORK = vt.framework_from_table(TREE)
UNITS = pd.MultiIndex.from_product([["u1", "u2", "u3"], ["2024"]], names=["unit", "round"])
MATRIX = pd.DataFrame(
    {"a1": [5.0, 10.0, 2.0], "a2": [20.0, 10.0, 30.0], "b1": [25.0, 0.0, 50.0], "b2": [1.0, 4.0, 2.0]},
    index=UNITS,
)
# normalised by hand:  a1: 50, 100, 20   a2: 50, 0, 100   b1: (50 - 25) / 50 = 50, 100, 0   b2: 25, 100, 50
NORMALISED = pd.DataFrame(
    {
        "a1": [50.0, 100.0, 20.0],
        "a2": [50.0, 0.0, 100.0],
        "b1": [50.0, 100.0, 0.0],
        "b2": [25.0, 100.0, 50.0],
    },
    index=UNITS,
)
