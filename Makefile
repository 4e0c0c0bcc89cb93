# Every target sets itself up: Python 3.11 or later and make are all that is needed.
#   make demo    the four demonstration landscapes, into runs/<name>
#   make test    all tests (those that need QGIS or real layers skip, and say so, where these are absent)
#   make check   style, types, imports
#   make bench   figures of the README, side by side in one run
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
CORE := $(VENV)/.installed-core
TEST := $(VENV)/.installed-test
BENCH := $(VENV)/.installed-bench

.PHONY: demo test check format bench data clean

demo: $(CORE)
	$(BIN)/corridors demo

test: $(TEST)
	$(BIN)/python -m pytest

check: $(TEST)
	$(BIN)/ruff check corridors tests workflows
	$(BIN)/ruff format --check corridors tests workflows
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(TEST)
	$(BIN)/ruff check --fix corridors tests workflows
	$(BIN)/ruff format corridors tests workflows

bench: export OPENBLAS_NUM_THREADS = 1
bench: $(BENCH)
	$(BIN)/python -m pytest tests/benchmarks -m bench -s -p no:cacheprovider

data: $(TEST)
	$(BIN)/python workflows/make_demonstration_data.py

clean:
	rm -rf $(VENV) runs build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.created:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'corridors needs Python 3.11 or later')"
	$(PYTHON) -m venv $(VENV)
	touch $@

$(CORE): $(VENV)/.created pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-binary corridors -e .
	touch $@

$(TEST): $(VENV)/.created pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-binary corridors -e ".[test]"
	touch $@ $(CORE)

$(BENCH): $(TEST)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-binary corridors -e ".[test,bench]"
	touch $@
