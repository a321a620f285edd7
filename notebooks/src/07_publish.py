# %% [markdown]
# # 07 发布报告 · Publishing the report
#
# 报告也是笔记本：`notebooks/report.ipynb` 由 papermill 带着参数运行，再转成网页、Word 和 PDF。
#
# *The report is a notebook too: papermill runs it with parameters, and it becomes HTML, Word and PDF.*

# %%
import pandas as pd

import vitality as vt

# %% tags=["parameters"]
round_folder = "data/rounds/2024"  # 真实的 FDRS 轮次 the real FDRS rounds: "data/rounds/fdrs_2020"
lang = "zh"
output = "reports/lesson"

# %% [markdown]
# ## 发布到哪里？ · Where does it go?
#
# 先在旁边的临时文件夹里做完，再一次换上；中途失败，上一份好报告原样不动。
#
# *It is made aside and swapped in at once; when something fails, the last good report stays.*

# %%
run = vt.render_report(round_folder, output, lang=lang, formats=("html",))
pd.DataFrame([(path.name, path.stat().st_size) for path in run.files], columns=["file", "bytes"])

# %% [markdown]
# ## 怎样证明它从哪里来？ · How can it be traced?

# %%
run.manifest

# %% [markdown]
# 清单记下了输入的指纹、参数、版本和框架：同样的输入会得到同样的数字。
#
# *The manifest holds the fingerprints of the inputs, parameters, versions and framework.*
