# %% [markdown]
# # 评价报告 · The report of a round
#
# 这个笔记本就是报告：`python -m vitality report 轮次文件夹` 用 papermill 运行它，再转成网页、Word 和 PDF。
#
# *This notebook is the report: `python -m vitality report ROUND` runs it and publishes HTML, Word and PDF.*

# %%
import vitality as vt
from vitality.report import figures, tables, wording
from vitality.report.display import front_matter, say, show_figure, show_table

# %% tags=["parameters"]
round_folder = "data/rounds/2024"
lang = "zh"
framework = ""  # 空：用本轮 round.yaml 指定的框架 empty: the framework named in the round's round.yaml
weighting = "auto"  # auto, combined, ahp, entropy, framework
aggregation = "arithmetic"  # arithmetic, geometric, harmonic
policy = "drop"  # 不一致的专家判断 inconsistent judgements: drop, keep, downweight
seed = 2024
most = 60  # 表中最多列出多少个单位 units listed in a table at most

# %%
method = vt.Method(aggregation=aggregation)
found = vt.evaluate_round(round_folder, framework=framework or None, weighting=weighting, method=method, policy=policy)
blocks = vt.block_associations(found, seed=seed, lang=lang)
rows = vt.resource_associations(found, seed=seed, lang=lang)
root = found.framework.root
front_matter(
    title=wording.title(found, lang),
    notices=wording.notices(found, lang),
    running=wording.running_notice(found, lang),
)

# %%
say(wording.summary(found, blocks, lang))

# %%
say(wording.chapter("background", lang), wording.background(found, lang))

# %%
say(wording.chapter("framework", lang), wording.framework_text(found, lang))
table = tables.dimension_table(found, lang=lang)
show_table(table, caption=wording.caption("dimension_table", lang), formats={tables.word("weight", lang): ".1%"})

# %%
say(wording.chapter("data", lang), wording.data_text(found, lang))
table = tables.answered_table(found, most=most, lang=lang)
if len(table):
    show_table(table.head(most), caption=wording.caption("answered", lang))
show_table(tables.quality_table(found, lang=lang), caption=wording.caption("quality", lang))
say(method.describe(lang), wording.panel_text(found, lang))

# %%
say(wording.chapter("results", lang), wording.results_text(found, lang))
table = tables.ranking_table(found, lang=lang).head(most)
names = list(table.columns[-len(found.framework.children(root)) :])
show_table(table, caption=wording.caption("ranking", lang), shade=names)
say(wording.left_out(found, most, lang))

# %%
ax = figures.ranking(tables.ranking(found, lang=lang), lang=lang)
show_figure(ax, caption=wording.caption("ranking_figure", lang, found))

# %%
choices = {"aggregation": sorted({aggregation, "arithmetic", "geometric"})}
design = vt.sample_inputs(found.result, 2000, seed=seed, weight_noise=0.25, choices=choices)
intervals = vt.rank_intervals(vt.monte_carlo(found.result, design), level=0.90)
ax = figures.rank_intervals(tables.rank_intervals(intervals, found).head(40), lang=lang)
show_figure(ax, caption=wording.caption("rank_intervals", lang, found, shown=40))

# %%
say(wording.chapter("dimensions", lang), wording.dimensions_text(found, lang))
ax = figures.heatmap(tables.dimensions(found, lang=lang).head(40), lang=lang)
show_figure(ax, caption=wording.caption("heatmap", lang, found, shown=40))

# %%
ax = figures.radar(tables.first_and_last(found, lang=lang), lang=lang)
show_figure(ax, caption=wording.caption("radar", lang, found))

# %%
say(wording.chapter("resources", lang), wording.resources_text(found, blocks, rows, lang))
own = tables.with_index(blocks, rows, found)
table = tables.forest(own, found, lang=lang)
show_figure(figures.correlation_forest(table, lang=lang), caption=wording.caption("forest", lang, found))

# %%
table = tables.association_table(own, found, lang=lang)
show_table(table, caption=wording.caption("associations", lang))
say(wording.refusals(rows, found, lang))

# %%
block = found.framework.resources[0].block
what = wording.block_label(block, lang)
four = vt.resource_quadrants(found.result, found.resources, block=block)
ax = figures.quadrants(tables.quadrants(four, found, what=what, lang=lang), lang=lang)
show_figure(ax, caption=wording.caption("quadrants", lang, found, what=what))

# %%
shares = tables.mean_obstacles(found, lang=lang)
say(wording.chapter("obstacles", lang), wording.obstacles_text(shares, lang))
show_figure(figures.obstacle_bars(shares, lang=lang), caption=wording.caption("obstacles", lang, found))

# %%
show_table(tables.short_boards(found, lang=lang).head(most), caption=wording.caption("boards", lang))
say(wording.left_out(found, most, lang))

# %%
say(wording.chapter("advice", lang), wording.advice_text(found, lang))
table = tables.recommendations(found, lang=lang)
if len(table):
    show_table(table, caption=wording.caption("advice", lang))

# %%
say(wording.chapter("appendix", lang))
table = tables.weights_table(found, lang=lang)
show_table(table, caption=wording.caption("weights", lang), formats=".1%")
ax = figures.weights_comparison(tables.weights_by_source(found, lang=lang), lang=lang)
show_figure(ax, caption=wording.caption("weights_figure", lang, found))

# %%
table = tables.consistency_table(found, lang=lang)
if len(table):
    show_table(table, caption=wording.caption("consistency", lang))
say(wording.cited_passages(found, lang), wording.reproducibility(found, seed=seed, lang=lang))
