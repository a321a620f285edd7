"""Write the indicator tables in docs/ from the bundled framework."""

from __future__ import annotations

from pathlib import Path

from vitality.framework import Framework, Lang, read_framework

DOCS = Path(__file__).resolve().parent.parent / "docs"
ARROWS = {"benefit": "↑", "cost": "↓", "interval": "↔"}
HEADS = {
    "zh": ("代码", "指标", "定义", "单位", "方向", "0分", "100分", "段落"),
    "en": ("Code", "Indicator", "Definition", "Unit", "Direction", "Scores 0", "Scores 100", "Passages"),
}
RESOURCE_TITLES = {
    "zh": "资源变量（解释变量，不进入指数）",
    "en": "Resources (explanatory, never in the index)",
}


def page(framework: Framework, lang: Lang) -> str:
    """Give the page of one language: notice, a table a dimension, the resources."""
    lines = [f"# {framework.title(lang)}", "", f"> {framework.notice(lang)}", ""]
    for dimension in framework.children(framework.root):
        lines += [f"## {dimension} {framework.label(dimension, lang)}", "", *_head(lang)]
        for code in framework.leaves_below(dimension):
            lines.append(_row(framework, code, lang))
        lines.append("")
    lines += [f"## {RESOURCE_TITLES[lang]}", "", *_head(lang)]
    for resource in framework.resources:
        posts = (f"{resource.worst:g}", f"{resource.best:g}")
        cells = (
            resource.code,
            resource.label(lang),
            resource.definition(lang),
            resource.unit(lang),
            "↑",
            *posts,
        )
        lines.append(f"| {' | '.join((*cells, ' '.join(resource.passages)))} |")
    return "\n".join([*lines, ""])


def _head(lang: Lang) -> list[str]:
    return [f"| {' | '.join(HEADS[lang])} |", "|" + "---|" * len(HEADS[lang])]


def _row(framework: Framework, code: str, lang: Lang) -> str:
    leaf = framework.indicator(code)
    worst, best = f"{leaf.worst:g}", f"{leaf.best:g}"
    if leaf.interval:
        worst, best = f"{worst}, {best}", f"{leaf.interval[0]:g}–{leaf.interval[1]:g}"
    arrow = ARROWS[leaf.direction]
    cells = (code, leaf.label(lang), leaf.definition(lang), leaf.unit(lang), arrow, worst, best)
    return f"| {' | '.join((*cells, ' '.join(leaf.passages)))} |"


def pages() -> dict[Path, str]:
    """Give every generated page with its path."""
    framework = read_framework("redcross")
    return {
        DOCS / "indicators.md": page(framework, "en"),
        DOCS / "indicators.zh-CN.md": page(framework, "zh"),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")
