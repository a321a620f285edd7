"""Figures of a report: each takes a table whose labels are already names for people, and gives the Axes back.

``figures.ranking(table, ax=None, lang="zh")`` and its sisters draw what the table holds and compute nothing;
they read well at the text width of an A4 page and need no font of the machine.
"""

from __future__ import annotations

from vitality.report.figures.bars import obstacle_bars, ranking
from vitality.report.figures.dots import correlation_forest, weights_comparison
from vitality.report.figures.profiles import heatmap, radar
from vitality.report.figures.ranges import rank_intervals, rounds_dumbbell
from vitality.report.figures.scatter import quadrants
from vitality.report.figures.tree import sunburst

__all__ = [
    "correlation_forest",
    "heatmap",
    "obstacle_bars",
    "quadrants",
    "radar",
    "rank_intervals",
    "ranking",
    "rounds_dumbbell",
    "sunburst",
    "weights_comparison",
]
