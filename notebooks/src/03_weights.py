# %% [markdown]
# # 03 各项指标占多少 · How much does each indicator count?
#
# 专家两两比较（层次分析法），数据自己说话（熵权法），或两者各半。示例轮次的专家是模拟的。
#
# *Experts compare in pairs (AHP), the data speak (entropy), or half of each.
# The experts of the example are synthetic.*

# %%
import pandas as pd

import vitality as vt
from vitality.datasets import synthetic_panel

# %% tags=["parameters"]
round_folder = "data/rounds/2024"  # 真实的 FDRS 轮次 the real FDRS rounds: "data/rounds/fdrs_2020"
lang = "zh"
policy = "drop"  # 不一致的专家 inconsistent experts: "drop", "keep", "downweight"

# %% [markdown]
# ## 一个矩阵怎样变成权重？ · From one matrix to weights
#
# 三项两两比较：甲比乙重要 3 倍，甲比丙 2 倍，乙比丙 1/2。
#
# *Three items, three judgements.*

# %%
vt.ahp_weights(vt.judgement_matrix([3, 2, "1/2"], ["甲", "乙", "丙"]))

# %% [markdown]
# 一致性比率 CR 不大于 0.1，判断可以使用。
#
# *A consistency ratio of at most 0.1: the judgements may be used.*

# %% [markdown]
# ## 判断自相矛盾怎么办？ · What if judgements contradict each other?
#
# 合成专家 E10（并非真人）的一级判断 CR 远大于 0.1。表中误差最大的判断排在最前，suggested 是其余判断所隐含的值。
#
# *The synthetic expert E10 is far above 0.1. The worst judgement comes first; `suggested` is what the others imply.*

# %%
panel = synthetic_panel(vt.read_framework("redcross"))
vt.inspect_judgements(panel["E10"]["V"]).head(5).round(3)

# %% [markdown]
# 改一项就够了；但只是建议，要请专家本人确认。
#
# *One change would do. It is a proposal: ask the expert.*

# %%
vt.repair_judgements(panel["E10"]["V"])

# %% [markdown]
# ## 这一轮的权重是多少？ · The weights of this round

# %%
survey = vt.prepare_round(round_folder, vt.round_framework(round_folder))
framework = vt.round_framework(round_folder)
matrix = vt.compute_indicators(survey, framework)
judgements = vt.round_judgements(round_folder, framework)
weights = vt.round_weights(judgements, matrix, framework, policy=policy)
weights.table.head(12)

# %%
names = [framework.label(code, lang) for code in weights.table.index]
_ = vt.figures.weights_comparison(weights.table.set_axis(names), lang=lang)

# %% [markdown]
# 点离得远的指标，专家的看法和数据的差异不同；熵权只反映离散程度，不反映重要性。
#
# *Where the dots are far apart, experts and data disagree; entropy sees spread, not importance.*

# %% [markdown]
# ## 专家之间一致吗？ · Do the experts agree?

# %%
weights.groups.get(framework.root, "这一轮没有专家判断 · no experts in this round")

# %% [markdown]
# **群体的 CR 很小，不说明每位专家都一致。** 十位合成专家中有三位一级判断未通过（CR > 0.1），合成后的群体矩阵
# CR 却只有 0.005：要逐位检查。E09 的 CR 为 0，因为他全部答 1。
#
# *A small CR of the group does not mean that each expert is consistent: three of the ten synthetic experts fail, and
# yet the group's matrix has a CR of 0.005. E09 has a CR of 0 because every answer was 1.*

# %%
group = vt.group_weights({name: nodes["V"] for name, nodes in panel.items()})
print(f"群体 group: CR = {group.consistency_ratio:.4f}")
group.experts[["ratio", "cycles", "straight_lining", "distance", "influence"]].round(3)

# %% [markdown]
# `influence` 是去掉该专家后群体权重的变动；`distance` 是他与群体的距离。
#
# *`influence`: how far the group's weights move without this expert; `distance`: how far apart the two are.*

# %% [markdown]
# ## 权重有多可靠？ · How sure are the weights?
#
# 换一组专家，权重会怎样？对专家重抽样 2000 次。
#
# *What if other experts had been asked? The experts are drawn again 2,000 times.*

# %%
samples = vt.sample_weights({name: nodes["V"] for name, nodes in panel.items()}, n=2000, seed=1)
vt.weight_intervals(samples)[["global", "global_low", "global_high"]].round(3)

# %% [markdown]
# 区间重叠的指标，不要说谁更重要。
#
# *Where intervals overlap, do not say which weighs more.*

# %% [markdown]
# ## 数据怎么说？换一种方法呢？ · What do the data say, by one method or another?
#
# 取数据最全的八项指标和没有空缺的单位，用不同的客观赋权法。
#
# *The eight indicators with the fewest gaps, over the units that have them all, by several methods.*

# %%
direction = framework.direction()[lambda row: row != "interval"]
fullest = matrix[direction.index].count().nlargest(8).index
core = matrix[fullest].dropna()
methods = {"entropy": vt.entropy_weights, "critic": vt.critic_weights}
methods |= {"sd": vt.sd_weights, "pca": vt.pca_weights}
objective = {name: method(core, direction=direction).weights for name, method in methods.items()}
pd.DataFrame(objective).round(3)

# %% [markdown]
# 方法不同，答案不同：这是选择，不是事实。报告要写明用了哪一种。
#
# *Methods differ, and so do answers: this is a choice, not a fact. Say which one was used.*

# %% [markdown]
# ## 怎样合在一起？ · Putting them together

# %%
pair = {"entropy": objective["entropy"], "critic": objective["critic"]}
ways = ["linear", "multiplicative", "minimum_relative_entropy", "game_theory", "distance"]
combined = {way: vt.combine_weights(pair, method=way) for way in ways}
pd.DataFrame({way: found.coefficients for way, found in combined.items()}).round(3)

# %% [markdown]
# 博弈论组合的系数可能为负（该组权重被反向使用）；出现时有提示，并给出非负的形式。
#
# *Game theory can give a negative coefficient; it then warns and offers the non-negative form.*
