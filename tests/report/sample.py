"""Small notebooks for the tests, written as lists of cells."""

import json

IMPORTS = """import pandas as pd
from vitality.report import figures
from vitality.report.display import front_matter, say, show_figure, show_table"""

REPORT = (
    ("markdown", "# 这里只给笔记本看"),
    ("code", IMPORTS),
    ("code", "round_folder = 'data'\nlang = 'zh'\nseed = 7\npattern = 'a=b'", "parameters"),
    (
        "code",
        "front_matter(title='活力*评价*报告_2024', subtitle='两区', running='模拟数据 SIMULATED',\n"
        "    notices=['模拟数据：街镇为虚构。', '重建框架。'])",
    ),
    (
        "code",
        "say('# 一、总体结果', '**摘要。** 共评价3个街镇，\\n得分 $S = \\\\sum_j w_j x_j$。', '## （一）名次',"
        " '$$D = \\\\sqrt{C T}$$')\nprint('印出来的')\n'最后一行的值'",
    ),
    (
        "code",
        "towns = pd.DataFrame({'score': [71.44, 58.2, 33.0], 'rank': [1, 2, 3]}, index=['云溪街道', '垟镇', '塱镇'])\n"
        "show_table(towns.rename(columns={'score': '指数', 'rank': '名次'}), caption='指数与名次')",
    ),
    (
        "code",
        "style = pd.DataFrame({'甲': [1.0, 2.0]}, index=['一', '二']).style.format('{:.2f}')\n"
        "show_table(style.map(lambda v: 'background-color: #ffcc00; color: #102030' if v > 1 else ''),"
        " caption='有颜色的表')",
    ),
    (
        "code",
        "wide = pd.DataFrame({f'很长的列名第{i}号': [1234.5 + i] * 60 for i in range(18)})\n"
        "show_table(wide, caption='很宽的表')",
    ),
    ("code", "show_figure(figures.ranking(towns, lang=lang), caption='名次图', alt='三个街镇的名次')"),
    ("code", "shares = pd.DataFrame({'share': [0.3, 0.2]}, index=['经费', '宣传'])\n"
             "show_figure(figures.obstacle_bars(shares), caption='障碍度')"),
    ("markdown", "## （二）附注\n\n照样发布的单元格。"),
    ("markdown", "English readers only.", "en"),
    ("markdown", "谁也看不到。", "notebook-only"),
)  # fmt: skip

SHORT = (
    ("code", "from vitality.report.display import front_matter, say"),
    ("code", "round_folder = ''\nlang = 'zh'\nseed = 7\nbroken = False", "parameters"),
    (
        "code",
        "front_matter(title=f'报告 {lang}', notices=['模拟数据'])\nsay(f'seed {seed}', f'round {round_folder}')",
    ),
    ("code", "# the cell that may fail\nif broken:\n    raise ValueError('数据不对')\nsay('# 结束')"),
)


def write_notebook(path, cells):
    """Write cells, each (kind, source, *tags), as a notebook without outputs."""
    written = []
    for place, (kind, source, *tags) in enumerate(cells):
        cell = {"cell_type": kind, "id": f"cell-{place}", "metadata": {"tags": tags} if tags else {}}
        cell["source"] = source
        written.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {"cells": written, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path
