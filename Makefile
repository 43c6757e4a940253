# Cairn's commands. `make run` and `make test` need nothing but make and Python 3.11 or newer with venv.
#
#   make run     install, create or migrate the database, publish the content, load the demo, serve
#   make test    install what tests need, run every test
#   make check   format, lint, types, import contracts, templates, tests
#   make bench   every published figure, into app/figures.json
#   make messages  gather every text people see into app/translations, compile the translations
#   make lock    resolve the dependencies anew into .locks
#   make clean   remove .venv and caches; never the data folder

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test check static messages lock bench clean

BIN := .venv/bin
UV := $(BIN)/uv
# Where an office inspects TLS, only the system's own certificates will do: the second attempt.
INSTALL = install() { $(UV) pip install --quiet --python $(BIN)/python "$$@" 2>/dev/null || \
  $(UV) pip install --quiet --python $(BIN)/python --system-certs "$$@"; }; install
LOCK := $(UV) pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-annotate
# A user's own PYTHON is taken as it is; otherwise the first that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
WORKERS ?= 2
MESSAGES ?= app/translations/messages.pot
KEYWORDS := $(addprefix -k ,_l lazy_ngettext:1,2 Sentence Invalid Refused TooMany UnreadableAnswer _threshold:2)
TESTS ?=

help:
	@sed -n '3,$$ s/^#   //p' $(firstword $(MAKEFILE_LIST))

run: .venv/.run
	@CAIRN_DEMO=$${CAIRN_DEMO-1} exec $(BIN)/python -m app start

test: .venv/.dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

check: static test

static: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint app/templates

bench: .venv/.dev
	@$(BIN)/python -m tests.bench

# `Sentence` and the domain errors mark what is said where no door is near, `_threshold` the engine's.
messages: .venv/.dev
	@$(BIN)/pybabel --quiet extract -F pyproject.toml $(KEYWORDS) --no-location --omit-header -o $(MESSAGES) .
	@$(BIN)/pybabel --quiet update -i $(MESSAGES) -d app/translations -w 100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@$(BIN)/pybabel --quiet compile -d app/translations

lock: .venv/.tools
	$(LOCK) .locks/tools.in -o .locks/tools.txt
	$(LOCK) pyproject.toml --extra dev -o .locks/dev.txt
	$(LOCK) pyproject.toml --constraint .locks/dev.txt -o .locks/run.txt
	$(LOCK) pyproject.toml --extra postgresql --extra scale --constraint .locks/dev.txt -o .locks/scale.txt

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find app engine tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: a step is done again only when a file it rests on has changed.
.venv/.run: .venv/.tools .locks/run.txt pyproject.toml
	@echo "Installing Cairn (once)."
	@$(INSTALL) --require-hashes -r .locks/run.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.tools .locks/dev.txt pyproject.toml
	@echo "Installing Cairn and its tools for tests (once)."
	@$(INSTALL) --require-hashes -r .locks/dev.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ .venv/.run

# A .venv that works is kept; one whose Python has gone is made anew.
.venv/.tools: .locks/tools.txt
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(MAKE) .venv/new
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .locks/tools.txt
	@touch $@

.PHONY: .venv/new
.venv/new:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Cairn needs Python 3.11 or newer, and found $$($(or $(PYTHON),python3) --version 2>/dev/null || echo none). Install it, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 2; }
	@"$(PYTHON)" -m venv --clear .venv || { \
	  echo "Cannot create .venv: this Python lacks venv. On Debian or Ubuntu: apt install python3-venv" >&2; exit 2; }
