# %% [markdown]
# # 02 收回了什么，能不能信 · What came in, and can we trust it?
#
# 每个单元格先按原文读入，记住文件、工作表和位置；然后核查，再清洗。什么都不会悄悄改掉。
#
# *Every cell is first read as text with its place; then checked, then cleaned. Nothing changes silently.*

# %%
import vitality as vt

# %% tags=["parameters"]
round_folder = "data/rounds/2024"  # 真实的 FDRS 轮次 the real FDRS rounds: "data/rounds/fdrs_2020"
lang = "zh"

# %% [markdown]
# ## 读到了多少？ · How much was read?

# %%
framework = vt.round_framework(round_folder)
raw = vt.read_round(round_folder, framework)
raw.cells.groupby("instrument").agg(respondents=("respondent", "nunique"), cells=("text", "size"))

# %% [markdown]
# 每一行是一种填报表：多少份答卷，多少个单元格。
#
# *One row an instrument: answered forms and cells.*

# %% [markdown]
# ## 哪里有问题？ · What is wrong?

# %%
issues = vt.check_round(raw, framework, lang=lang)
issues.groupby(["severity", "rule"]).size().rename("n").to_frame()

# %%
issues.loc[issues["severity"] == "error", ["source", "question", "value", "message", "action"]].head(10)

# %% [markdown]
# error 必须更正（该值不会被使用），query 请街镇核实，note 只是说明程序怎样理解了这个值。
#
# *An error is not used until mended, a query is for the town to confirm, a note says how a value was read.*

# %% [markdown]
# ## 清洗改了什么？ · What did cleaning change?

# %%
survey = vt.clean_round(raw, framework)
survey.changes.head(10)

# %% [markdown]
# 每个被改动的单元格占一行，街镇凭它签字确认。
#
# *One row a changed cell: this is what the towns sign off.*

# %% [markdown]
# ## 得到怎样的指标？ · Which indicators come out?

# %%
matrix = vt.compute_indicators(survey, framework)
vt.describe_indicators(matrix, framework).head(12)

# %% [markdown]
# 缺失保持缺失，不在这里填补。
#
# *What is missing stays missing; nothing is filled in here.*

# %% [markdown]
# ## 每个值有多少份答卷支撑？ · How many answers stand behind each value?

# %%
precision = vt.compute_precision(survey, framework)
precision.dropna(subset="standard_error").groupby("code")[["n", "standard_error"]].mean().round(1)

# %% [markdown]
# 平均每个街镇的答卷数和标准误（抽样人群）；名录和填报表是全数，没有抽样误差。
#
# *Mean over towns of answers and standard error, for samples of people; lists and forms are complete counts.*
