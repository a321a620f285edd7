# %% [markdown]
# # 05 资源与活力 · What goes with vitality?
#
# 人员、经费、场所与活力有没有关联？24 个街镇，只有较强的关联才看得出来（约 0.56 以上才有八成把握）。
#
# *With 24 towns only strong associations can be seen: 80 % power begins at about 0.56.*

# %%
import vitality as vt

# %% tags=["parameters"]
round_folder = "data/rounds/2024"  # 真实的 FDRS 轮次 the real FDRS rounds: "data/rounds/fdrs_2020"
lang = "zh"
seed = 2024

# %% [markdown]
# ## 哪些资源与活力有关联？ · Which resources go with vitality?

# %%
found = vt.evaluate_round(round_folder)
rows = vt.resource_associations(found, seed=seed, lang=lang)
root = found.framework.root
rows.loc[rows["node"] == root].drop(columns="node")

# %% [markdown]
# p 来自置换检验，p_adjusted 经 Holm 校正。被拒绝的行写明了原因：
# 两边共有分母或组成部分，相关是算出来的，不是真的。
#
# *p is by permutation, adjusted by Holm. Refused rows say why: a shared denominator or component makes a
# correlation out of arithmetic.*

# %%
table = vt.tables.forest(rows[rows["node"] == root], found, lang=lang)
_ = vt.figures.correlation_forest(table, lang=lang)

# %% [markdown]
# 区间跨过 0 的关联不能下结论。关联不等于影响：活力高的街镇也可能因此得到更多资源。
#
# *An interval across 0 allows no conclusion. Association is not influence: lively towns may be given more.*

# %% [markdown]
# ## 硬要算被拒绝的那些呢？ · What if the refused ones are forced?

# %%
forced = vt.resource_associations(found, seed=seed, lang=lang, allow_coupled=True)
forced.loc[forced["coupled"] & (forced["node"] == root), ["resource", "n", "estimate", "note"]].head()

# %% [markdown]
# 数字出来了，但每一行都带着“同源”的标记，报告里也会写明。
#
# *The numbers are there, but every row is marked as coupled, and a report says so.*
