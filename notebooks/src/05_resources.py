# %% [markdown]
# # 05 资源与活力 · What goes with vitality?
#
# 人员、经费、场所与活力有没有关联？24 个街镇，只有较强的关联才看得出来。
#
# *Do staffing, funding and venues go with vitality? With 24 towns only strong associations can be seen.*

# %%
import vitality as vt
from vitality.analysis import power_sentence, variance_sentence, ways_out

# %% tags=["parameters"]
round_folder = "data/rounds/2024"  # 真实的 FDRS 轮次 the real FDRS rounds: "data/rounds/fdrs_2020"
lang = "zh"
seed = 2024

# %% [markdown]
# ## 先问三组资源 · The first question: three blocks
#
# 只检验人员、经费、场所三次，Holm 校正。逐项检验次数多，容易碰巧，放在后面探索。
#
# *Three tests, Holm. Many single tests find something by chance; they come afterwards.*

# %%
found = vt.evaluate_round(round_folder)
blocks = vt.block_associations(found, seed=seed, lang=lang)
print(power_sentence(blocks, lang))
print(*vt.sentences(blocks, framework=found.framework, lang=lang), sep="\n")

# %% [markdown]
# ## 再逐项探索 · Each resource
#
# 错误发现率按 Benjamini–Hochberg 控制。两种区间并列：Bonett–Wright 和分层自助法。
#
# *The false discovery rate is held; two intervals stand side by side.*

# %%
rows = vt.resource_associations(found, seed=seed, lang=lang)
own = vt.tables.with_index(blocks, rows, found)
vt.tables.association_table(own, found, lang=lang)

# %%
_ = vt.figures.correlation_forest(vt.tables.forest(own, found, lang=lang), lang=lang)

# %% [markdown]
# 区间跨过 0 的关联不能下结论。关联不等于影响：活力高的街镇也可能因此得到更多资源。
#
# *An interval across 0 allows no conclusion. Lively towns may be given more because they are lively.*

# %% [markdown]
# ## 同源陷阱 · The ratio trap
#
# 人均经费与人均服务都除以人口，分子毫无关系也会相关。直接比较会被拒绝，并给出两条出路。
#
# *Both sides divided by the population go together even when nothing connects them. A direct comparison is refused,
# and the two ways out are named.*

# %%
print(ways_out(lang))
forced = vt.resource_associations(found, seed=seed, lang=lang, allow_coupled=True)
shown = ["resource", "n", "estimate", "coupled"]
forced.loc[forced["coupled"] & (forced["node"] == found.framework.root), shown]

# %% [markdown]
# 硬算的数字每一行都带“同源”标记。下面是“总数加人口对数”的做法。
#
# *Forced numbers carry the mark. Below is the way by counts, with the log of the population held.*

# %%
counts = vt.correlate_resources(
    found.result, found.resources, guard="counts", denominators=found.controls, nodes=[found.framework.root],
    seed=seed, lang=lang,
)  # fmt: skip
counts.loc[counts["guard"] != "", ["resource", "n", "estimate", "low", "high", "p_adjusted", "guard"]]

# %% [markdown]
# ## 数百个组织 · Hundreds of organisations
#
# 街镇的资源只有街镇那么多个观测。把几百个组织当作独立的，会夸大证据；混合模型不会。
#
# *A resource of towns has as many observations as there are towns. The multilevel model knows it.*
#
# 得分不含 A11 和 B22：它们与“场所”“人员”两组资源同源。区和组织类型为固定效应。
#
# *The score is made without A11 and B22, which share a part with venues and staffing; districts and types are fixed.*

# %% tags=["organisations"]
if found.framework.name.startswith("redcross"):
    each = vt.organisation_scores(found.survey, found.framework, leave_out=["A11", "B22"])
    towns = vt.block_scores(found.resources, found.framework).droplevel("round")
    table = (
        each[["unit", "type"]].join(found.survey.units["group"].rename("district"), on="unit").join(towns, on="unit")
    )
    model = vt.associate_multilevel(
        each["score"], table, group="unit", fixed=["district", "type"], framework=found.framework, seed=seed, lang=lang
    )
    print(variance_sentence(model, lang))
    print(*vt.sentences(model[model["role"] == "resource"], framework=found.framework, lang=lang), sep="\n")
