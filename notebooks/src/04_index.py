# %% [markdown]
# # 04 怎样合成指数 · How does it add up?
#
# 指标先换到 0 至 100 的标尺，再按权重逐层合成。每一步的表都保留在结果里。
#
# *Indicators are put on a scale of 0 to 100 and added up level by level; the result keeps every step.*

# %%
import vitality as vt

# %% tags=["parameters"]
round_folder = "data/rounds/2024"  # 真实的 FDRS 轮次 the real FDRS rounds: "data/rounds/fdrs_2020"
lang = "zh"
weighting = "auto"
aggregation = "arithmetic"

# %% [markdown]
# ## 谁的活力高？ · Who is lively?

# %%
method = vt.Method(aggregation=aggregation)
found = vt.evaluate_round(round_folder, weighting=weighting, method=method)
result = found.result
found.result

# %%
_ = vt.figures.ranking(vt.tables.ranking(found, lang=lang), lang=lang)

# %% [markdown]
# 相差一两分的名次不要当真：抽样和权重的误差都比它大。
#
# *Do not trust ranks that are a point or two apart: sampling and weights move them more.*

# %% [markdown]
# ## 高在哪里，低在哪里？ · Where are they high and low?

# %%
_ = vt.figures.heatmap(vt.tables.dimensions(found, lang=lang).head(40), lang=lang)

# %%
_ = vt.figures.radar(vt.tables.dimensions(found, lang=lang).iloc[[0, -1]], lang=lang)

# %% [markdown]
# 雷达图并排看第一名和最后一名的各维度。
#
# *The radar shows the first and the last unit side by side.*

# %% [markdown]
# ## 换一种合成方法呢？ · What if we add up differently?

# %%
root = result.framework.root
other = vt.rebuild(result, aggregation="geometric")
shift = (other.ranks[root] - result.ranks[root]).abs()
shift.describe().to_frame("名次变动 rank shift")

# %% [markdown]
# 几何平均惩罚短板；名次变动大，说明结论依赖这个选择。
#
# *The geometric mean punishes short boards; large shifts mean that the finding hangs on this choice.*

# %% [markdown]
# ## 方法怎样写进报告？ · The method in words

# %%
print(result.method.describe(lang))
