# %% [markdown]
# # 03 各项指标占多少 · How much does each indicator count?
#
# 专家两两比较（层次分析法），数据自己说话（熵权法），或两者各半。示例轮次的专家是模拟的。
#
# *Experts compare in pairs (AHP), the data speak (entropy), or half of each.
# The experts of the example are synthetic.*

# %%
import vitality as vt

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
# 群体矩阵的 CR 很小并不说明每位专家都一致，要逐位检查。
#
# *A small CR of the group does not mean that each expert is consistent: look at every single one.*
