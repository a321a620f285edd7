# %% [markdown]
# # 08 结论有多稳 · How sure is it?
#
# 权重、合成方法和标尺都可以有别的选择。这里把它们同时变动上千次，看名次如何变化。
#
# *Weights, means and scales could have been chosen otherwise. Here they are varied together, a thousand times.*

# %%
import vitality as vt

# %% tags=["parameters"]
round_folder = "data/rounds/2024"  # 真实的 FDRS 轮次 the real FDRS rounds: "data/rounds/fdrs_2020"
lang = "zh"
weighting = "auto"
replicates = 2000
seed = 2024

# %% [markdown]
# ## 名次能差多少？ · How far do ranks move?
#
# 权重各自变动 ±25%，合成取算术或几何平均，标尺取固定端点或名次。
#
# *Every weight moves by ±25%, the mean is arithmetic or geometric, the scale fixed or by rank.*

# %%
found = vt.evaluate_round(round_folder, weighting=weighting)
result = found.result
choices = {"aggregation": ["arithmetic", "geometric"], "normalisation": ["goalposts", "rank"]}
design = vt.sample_inputs(result, replicates, seed=seed, choices=choices)
mc = vt.monte_carlo(result, design)
mc

# %%
intervals = vt.rank_intervals(mc).droplevel("round")
_ = vt.figures.rank_intervals(intervals.sort_values("nominal").head(40), lang=lang)

# %% [markdown]
# 横线是九成重复所在的名次；横线重叠的单位分不出先后。
#
# *Nine out of ten replicates lie on the line; units whose lines overlap cannot be told apart.*

# %% [markdown]
# ## 甲胜过乙有几成把握？ · How sure is it that one is ahead of another?

# %%
first = result.ranks[result.framework.root].droplevel("round").sort_values().head(6).index
vt.pairwise_probabilities(mc).loc[first, first].round(2)

# %% [markdown]
# ## 重复次数够不够？ · Were the replicates enough?

# %%
vt.interval_convergence(mc).tail(4).round(2)

# %% [markdown]
# 末几行的变动（shift）接近 0，说明再多也不会改变区间。
#
# *A shift near 0 in the last rows says that more would not change the intervals.*

# %% [markdown]
# ## 哪个选择最要紧？ · Which choice matters most?

# %%
table = vt.sensitivity_indices(result, n=256, choices=choices, seed=seed)
table.round(2)

# %% [markdown]
# total 越大，名次越取决于这个选择；接近 0 的选择无关紧要。
#
# *The larger total is, the more the ranks hang on that choice; near 0 it does not matter.*

# %% [markdown]
# ## 哪个指标一去掉就变？ · Which indicator carries the ranks?

# %%
names = {code: result.framework.label(code, lang) for code in result.framework.nodes}
vt.drop_one(result).head(8).rename(index=names).round(2)

# %% [markdown]
# ## 权重说的和做的一样吗？ · Do the weights do what they say?
#
# 名义权重是分值的换算比例；实际影响还取决于各单位在该指标上差多少。
#
# *A nominal weight is a rate of exchange; the influence also hangs on how much units differ.*

# %%
weights = vt.effective_weights(result)
weights.loc[weights["level"] == "dimension", ["nominal", "effective", "correlation"]].rename(index=names).round(2)

# %%
balanced = vt.balance_weights(result)
balanced.table.loc[list(result.framework.children(result.framework.root))].rename(index=names).round(3)

# %% [markdown]
# weight 一列是使实际影响等于名义权重的权重。
#
# *The column weight holds the weights with which the influence equals the nominal weight.*
