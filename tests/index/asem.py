"""The ASEM index of COINr as a framework, a matrix and a method."""

from functools import cache
from pathlib import Path

import pandas as pd

import vitality as vt

CASES = Path(__file__).parent / "cases" / "asem"
METHOD = vt.Method(
    imputation="group_mean", group="EurAsia_group", treatment="winsorise_log", normalisation="minmax"
)  # fmt: skip


def case(name):
    return pd.read_csv(CASES / f"{name}.csv", index_col="uCode")


@cache
def framework():
    meta = pd.read_csv(CASES / "ASEM_iMeta.csv")
    meta = meta[meta["Type"].isin(["Indicator", "Aggregate"])]
    leaf = meta["Type"] == "Indicator"
    return vt.framework_from_table(
        pd.DataFrame(
            {
                "code": meta["iCode"],
                "parent": meta["Parent"].fillna(""),
                "name_en": meta["iName"],
                "direction": meta["Direction"].where(leaf),
                "weight": meta["Weight"],
                "target": meta["Target"].where(leaf),
                "denominator": meta["Denominator"],
            }
        ),
        name="asem",
    )


@cache
def data():
    return case("ASEM_iData")


def matrix():
    return data()[list(framework().leaves)]


@cache
def result():
    return vt.build_index(
        matrix(),
        framework(),
        METHOD,
        units=data()[["EurAsia_group"]],
        denominators=data()[["Area", "Energy", "GDP", "Population"]],
    )
