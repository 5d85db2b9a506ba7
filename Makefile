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

# CesiumJS, to which a test shows the CZML; without npm that test is left out
CESIUM := $(VENV)/node_modules/cesium/package.json
$(CESIUM): $(VENV)/.dev
	@if command -v npm >/dev/null; then \
	  npm install --prefix $(VENV) --no-save --ignore-scripts --no-audit --no-fund --silent "cesium@>=1.120 <2" && touch $@; \
	else echo "kalkan: no npm, so CZML is not shown to CesiumJS"; fi

$(VENV)/.docs: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	@touch $@

# the browser app, where Node.js and npm are; without them everything else works
WEB_SOURCES := web/package-lock.json $(wildcard web/*.html web/*.ts web/*.json web/src/*.* web/src/*/*.*)

web/.built: $(WEB_SOURCES)
	@if command -v npm >/dev/null 2>&1 && node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 19) ? 0 : 1)'; then \
	  echo "kalkan: building the browser app"; \
	  cd web && npm ci --silent --no-audit --no-fund && npm run --silent build && touch .built; \
	else echo "kalkan: no Node.js 20.19 or newer with npm here: kalkan replay and kalkan serve are left out"; fi

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
