# Every target is an alias: the logic is in `python -m vitality` and in `python -m pytest`.
# Windows without make: see README.md ("Without make").
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/.ready
ROUND ?= data/rounds/2024

.PHONY: help setup report test lab lint bench lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

setup: $(READY)  ## make the virtual environment (only when the lock has changed)

# uv does not read pip's settings, so the mirror that pip uses is handed to it; pip is the fall-back.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (需要 Python 3.11 或更高版本)"; exit 1; }
	@echo "setting up $(VENV) (about a minute, once) / 正在准备运行环境,仅首次需要约一分钟"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet uv || echo "uv is not to be had; pip does the work"
	@UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(BIN)/python -m pip config get global.index-url 2>/dev/null)}}" \
	VIRTUAL_ENV=$(VENV) $(BIN)/python -m uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock \
	|| $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

report: $(READY)  ## publish the report of ROUND (data/rounds/2024) in Chinese and English
	$(BIN)/python -m vitality report $(ROUND) --lang both

test: $(READY)  ## run every check: style, types, layers, tests, notebooks, the report
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lab: $(READY)  ## open JupyterLab on the notebooks
	$(BIN)/python -m vitality lab

lint: $(READY)  ## put the code in order
	$(BIN)/python -m ruff check --fix . && $(BIN)/python -m ruff format .

bench: $(READY)  ## measure the speed
	$(BIN)/python benchmarks/run.py

lock: $(READY)  ## derive requirements.lock and environment.yml from pyproject.toml
	$(BIN)/python tools/lock.py

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
