# %% [markdown]
# # 01 评价什么 · What is measured
#
# 框架是数据：指标、方向、标尺、问题和权重都写在一个文件里，改文件就改了框架，不用改程序。
#
# *The framework is data: change the file and you have changed the framework; no code is touched.*

# %%
import pandas as pd

import vitality as vt

# %% tags=["parameters"]
round_folder = "data/rounds/2024"  # 真实的 FDRS 轮次 the real FDRS rounds: "data/rounds/fdrs_2020"
lang = "zh"

# %% [markdown]
# ## 指标树有哪些层？ · Which nodes does the tree have?

# %%
framework = vt.round_framework(round_folder)
framework

# %% [markdown]
# 箭头是方向：↑ 越大越好，↓ 越小越好，↔ 适度最好。标尺写着得 0 分和 100 分的值，轮次之间保持不变。
#
# *Arrows are directions; the scale gives the values that score 0 and 100, and stays fixed between rounds.*

# %% [markdown]
# ## 每层有多少节点？ · How many nodes on each level?

# %%
pd.Series({level: len(codes) for level, codes in framework.levels.items()}, name="nodes").to_frame()

# %%
_ = vt.figures.sunburst(framework.table(lang), lang=lang)

# %% [markdown]
# 扇区越宽，框架给的权重越大；专家和数据给出的权重见 03。
#
# *The wider the wedge, the larger the weight that the framework gives; weights from experts and data are in 03.*

# %% [markdown]
# ## 资源放在哪里？ · Where do resources stand?
#
# 人员、经费、场所是**解释变量**，不进入指数，否则“资源与活力相关”就成了循环论证。
#
# *Staffing, funding and venues explain; inside the index they would correlate with themselves.*

# %%
rows = [(r.code, r.block, r.label(lang), r.unit(lang), r.denominator or "") for r in framework.resources]
pd.DataFrame(rows, columns=["code", "block", "name", "unit", "denominator"]).set_index("code")

# %% [markdown]
# 分母相同的资源和指标（例如都除以人口）不能直接求相关，见 05。
#
# *A resource and an indicator with the same denominator must not be correlated as they are, see 05.*

# %% [markdown]
# ## 问卷问什么？ · What do the forms ask?

# %%
form = framework.instruments[0]
rows = [(q.code, q.kind, q.label(lang), q.unit(lang), q.part_of or "") for q in form.questions]
pd.DataFrame(rows, columns=["code", "kind", "question", "unit", "part_of"]).set_index("code").head(15)

# %% [markdown]
# `part_of` 是核查规则：部分不能大于整体。`framework.to_workbook("mine.xlsx")` 写出可修改的副本。
#
# *`part_of` is a check: a part may not exceed its whole. `framework.to_workbook` writes a copy to edit.*
