"""How a framework shows itself in a notebook: the tree with directions, weights and goalposts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from vitality.framework.parts import Indicator

if TYPE_CHECKING:
    from vitality.framework.model import Framework

ARROWS = {"benefit": "↑", "cost": "↓", "interval": "↔"}


def tree_html(framework: Framework) -> str:
    """Give the tree as an HTML table: names in both languages, weights, directions, goalposts."""
    weights = framework.weights().to_dict("index")
    rows = []
    for node, _, depth in framework._walk:
        leaf = node if isinstance(node, Indicator) else None
        name = f"{escape(node.code)} {escape(node.label('zh'))}"
        name = name if leaf else f"<b>{name}</b>"
        other = escape(node.name_en) if node.name_en and node.name_en != node.label("zh") else ""
        posts = f"{leaf.worst:g} → {leaf.best:g}" if leaf and leaf.worst is not None else ""
        unit = escape(leaf.unit("zh")) if leaf else ""
        cells = (
            f'<td style="text-align:left;padding-left:{0.4 + 1.4 * depth:.1f}em">'
            f'{name} <span style="color:#777">{other}</span></td>'
            f"<td>{ARROWS[leaf.direction] if leaf else ''}</td>"
            f"<td>{unit}</td><td>{posts}</td>"
            f"<td>{weights[node.code]['local']:.3f}</td><td>{weights[node.code]['global']:.3f}</td>"
        )
        rows.append(f"<tr>{cells}</tr>")
    heads = "".join(
        f"<th>{text}</th>"
        for text in (
            "节点 Node",
            "方向",
            "单位 Unit",
            "标尺 Worst → best",
            "层内权重 Local",
            "全局权重 Global",
        )
    )
    notice = "<br>".join(escape(text) for text in (framework.notice_zh, framework.notice_en) if text)
    title = f"<b>{escape(framework.title('zh'))}</b> {escape(framework.title_en)}"
    return (
        f"<p>{title} ({escape(framework.version)})"
        f"<br><em>{notice}</em><br>权重:{escape(framework.weights_from_zh)}</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
