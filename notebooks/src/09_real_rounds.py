# %% [markdown]
# # 09 真实轮次：FDRS 2018—2020 · The real rounds
#
# 各国红会的公开数字：人员、志愿者、收入、基层单位与人均服务覆盖有没有关联？两边都除以人口，所以四项都要防同源。
# 这里的“活力”只指人均服务覆盖，不代表对任何国家红会的评价。
#
# *Public figures of National Societies: do staff, volunteers, income and local units go with reach per resident? Both
# sides are divided by the population, so all four are guarded. No judgement of any National Society.*

# %%
import vitality as vt
from vitality.analysis import power_sentence

# %% tags=["parameters"]
lang = "zh"
seed = 2024
resources = [
    "R13",
    "R14",
    "R23",
    "R32",
]  # 带薪人员、志愿者、收入、基层单位（人均） staff, volunteers, income, local units

# %% [markdown]
# ## 直接比较会怎样？ · What would a direct comparison say?

# %%
rounds = vt.load_fdrs()
result = vt.build_index(rounds.matrix, rounds.framework, units=rounds.units)
own = rounds.resources[resources]
trap = vt.correlate_resources(result, own, nodes=["V"], allow_coupled=True, seed=seed, lang=lang)
print(*vt.sentences(trap, framework=rounds.framework, lang=lang), sep="\n")

# %% [markdown]
# 这些数字都带“同源”标记：共同的分母本身就会造成相关，不能当作发现。
#
# *All marked as coupled: the common denominator makes a correlation by itself.*

# %% [markdown]
# ## 四项都设防 · All four guarded
#
# 改用总数，并控制人口的对数；最新一轮，区间两种。
#
# *Counts, with the log of the population held; the latest round, two intervals.*

# %%
guarded = vt.correlate_resources(
    result, own, nodes=["V"], guard="counts", denominators=rounds.controls, within="group", seed=seed, lang=lang
)
print(power_sentence(guarded, lang))
print(*vt.sentences(guarded, framework=rounds.framework, lang=lang), sep="\n")

# %%
guarded[["resource", "n", "estimate", "low", "high", "low_bootstrap", "high_bootstrap", "p", "p_adjusted"]].round(3)

# %% [markdown]
# ## 只置换分子 · Permuting numerators only
#
# 说明里写着共同分母本身造成的相关有多大。
#
# *The note says how large a correlation the common denominator makes by itself.*

# %%
permuted = vt.correlate_resources(
    result, own, nodes=["V"], guard="numerators", denominators=rounds.controls, seed=seed, lang=lang
)
permuted[["resource", "n", "estimate", "p", "p_adjusted", "note"]]

# %% [markdown]
# ## 各轮有没有变化？ · Did it change, and for whom?

# %%
change = vt.summarise_changes(result, by="group", rounds=("2018", "2020"), seed=seed)
print(*vt.sentences(change, lang=lang), sep="\n")

# %% [markdown]
# 起点低的上升、起点高的下降，一部分只是回归均值；离散程度变化大时，扣除之后的部分也含这一变化。
#
# *Low starters rise and high starters fall partly by regression to the mean; where the spread changes by much, what
# remains holds that change too.*

# %%
starters = vt.regression_to_mean(result, rounds=("2018", "2020"))
print(*vt.sentences(starters, lang=lang), sep="\n")

# %% [markdown]
# ## 资源变了，活力跟着变吗？ · Does a change in resources go with a change in vitality?

# %%
changes = vt.associate_changes(
    result, own, rounds=("2018", "2020"), nodes=["V"], guard="counts", denominators=rounds.controls,
    hold_start=True, seed=seed, lang=lang,
)  # fmt: skip
print(*vt.sentences(changes, framework=rounds.framework, lang=lang), sep="\n")

# %% [markdown]
# 2020 年有疫情，缺口由 FDRS 部分补齐；没有看出关联不等于没有关联。
#
# *2020 was the year of the pandemic, and FDRS filled some gaps; not seen is not absent.*
