# %% [markdown]
# # 06 短板与对策 · What holds a unit back, and what to do first?

# %%
import vitality as vt

# %% tags=["parameters"]
round_folder = "data/rounds/2024"  # 真实的 FDRS 轮次 the real FDRS rounds: "data/rounds/fdrs_2020"
lang = "zh"
block = "staffing"

# %% [markdown]
# ## 障碍主要在哪一层？ · Which groups hold back most?
#
# 障碍度是某一项失分占全部失分的份额，同一单位的份额合计为 1。
#
# *The obstacle degree is a node's share of all the points that a unit loses; a unit's shares sum to 1.*

# %%
found = vt.evaluate_round(round_folder)
result = found.result
_ = vt.figures.obstacle_bars(vt.tables.mean_obstacles(found, lang=lang), lang=lang)

# %% [markdown]
# 条越长，全体单位在这里失分越多。
#
# *The longer the bar, the more points are lost there over all units.*

# %% [markdown]
# ## 每个单位的三长三短 · Three strengths and three short boards of each unit

# %%
vt.tables.short_boards(found, lang=lang).head(12)

# %%
first = vt.short_boards(result).head(6)
print(*vt.sentences(first, framework=found.framework, lang=lang), sep="\n")

# %% [markdown]
# ## 资源与活力的四种情形 · Four situations of resources and vitality

# %%
four = vt.resource_quadrants(result, found.resources, block=block)
_ = vt.figures.quadrants(vt.tables.quadrants(four, found, lang=lang).head(60), lang=lang)

# %% [markdown]
# 资源少而活力高的单位，经验值得推广；资源多而活力低的，先看机制。
#
# *Few resources and high vitality: learn from them. Many resources and low vitality: look at how they work.*

# %% [markdown]
# ## 资源与活力协调吗？ · Are resources and vitality in step?
#
# 耦合协调度只作描述：两边一样差，耦合度也高。修正式把耦合度铺开到 0 至 1。
#
# *Coupling coordination only describes: two bad sides are well coupled. The modified form uses the whole of 0 to 1.*

# %%
systems = four[["resources", "vitality"]].div(100).droplevel("round").dropna()
vt.coupling_coordination(systems, form="modified", lang=lang).sort_values("D").head(8).round(2)

# %% [markdown]
# ## 指标树是否自洽？ · Does the tree hang together?
#
# 标记只是提问：负相关或几乎重复的指标，请回到框架讨论，不要直接删。
#
# *A flag is a question to the framework, not a verdict.*

# %%
tree = vt.correlate_tree(result)
shown = tree.sort_values("flag", ascending=False, kind="stable").head(8)
print(*vt.sentences(shown, framework=found.framework, lang=lang), sep="\n")

# %% [markdown]
# 24 个单位不足以做 KMO，下表写明了原因；主成分只作描述。
#
# *KMO is refused with so few units, and the note says so; components only describe.*

# %%
vt.principal_components(result, lang=lang).drop_duplicates("dimension")[["dimension", "n", "explained", "kmo", "note"]]

# %% [markdown]
# ## 文章的哪条对策对应？ · Which countermeasure of the article fits?

# %%
vt.tables.recommendations(found, lang=lang).head(12)

# %% [markdown]
# S.. 是文章段落的编号，转述见 `framework.passages`。对策是供修改的草稿。
#
# *S.. are the ids of the article's passages; the advice is a draft to edit.*
