"""One executed notebook and its three renderings, made on a machine without any Chinese font."""

import os
from pathlib import Path

import matplotlib as mpl
import pytest

mpl.use("agg")

FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>"""


@pytest.fixture(scope="session")
def bare_fonts(tmp_path_factory):
    """Give environment variables under which only matplotlib's own DejaVu fonts are there."""
    place = tmp_path_factory.mktemp("fonts")
    dejavu = Path(mpl.get_data_path()) / "fonts" / "ttf"
    conf = place / "fonts.conf"
    conf.write_text(FONTS_CONF.format(folder=dejavu, cache=place / "cache"), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(conf), "MPLCONFIGDIR": str(place / "mpl")}


@pytest.fixture(scope="session")
def executed(tmp_path_factory, bare_fonts):
    from tests.report.sample import REPORT, write_notebook
    from vitality.report.notebook import execute_notebook

    folder = tmp_path_factory.mktemp("executed")
    before = {name: os.environ.get(name) for name in bare_fonts}
    os.environ.update(bare_fonts)
    try:
        return execute_notebook(write_notebook(folder / "report.ipynb", REPORT), folder / "done.ipynb")
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(scope="session")
def rendered(tmp_path_factory, executed):
    from vitality.report.rendering import render_notebook

    return render_notebook(executed, tmp_path_factory.mktemp("rendered"), stem="report_zh", timestamp=1_700_000_000)


@pytest.fixture(autouse=True)
def no_figures_left():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
