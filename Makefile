# Everything that is run by hand or by CI. `make help` lists it. Needs Python 3.11, Node 20, git.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
export PORT ?= 5000
BENCH_FOLDER ?= /tmp/parents-partners-bench
UV_VERSION := 0.13.9

VENV := .venv
IN_VENV := $(VENV)/bin
UV := $(IN_VENV)/uv
UV_ENV := VIRTUAL_ENV=$(CURDIR)/$(VENV)
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --upgrade pyproject.toml

PYTHON_INSTALLED := $(VENV)/installed
NODE_INSTALLED := node_modules/installed
FRONT_END := parents_partners/static/vendor/built

.DEFAULT_GOAL := help
.PHONY: help setup run reset browser test sure lint lock bench

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(PYTHON_INSTALLED) $(FRONT_END) ## Set up the environment in .venv and the front-end files

run: setup ## Serve the demonstration at http://127.0.0.1:5000 (PORT changes it)
	@bin/run-demonstration

reset: ## Throw the demonstration's database away; the next `make run` loads it afresh
	rm -f instance/demonstration.*

browser:
	@bin/find-browser

test: setup browser ## Run every test
	$(IN_VENV)/pytest -q -n 2 --ignore=tests/chromium
	$(IN_VENV)/pytest -q -n 0 tests/chromium

lint: setup
	$(IN_VENV)/ruff check .
	$(IN_VENV)/ruff format --check .
	$(IN_VENV)/mypy
	$(IN_VENV)/lint-imports
	$(IN_VENV)/djlint --profile=jinja --lint --quiet templates

bench: setup ## Measure the busy pages beside a floor (BENCH_FOLDER keeps the databases; see bench/README.md)
	$(IN_VENV)/python -m bench.run --folder $(BENCH_FOLDER)

sure: lint test ## What CI runs: linters, type checker, every test

lock: $(UV) ## Choose the newest allowed versions and lock them with their hashes
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --output-file requirements-dev.txt

# Each of these is made again only when what it is made from has changed.

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(IN_VENV)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(PYTHON_INSTALLED): requirements-dev.txt | $(UV)
	$(UV_ENV) $(UV) pip sync --quiet --require-hashes requirements-dev.txt
	@touch $@

$(NODE_INSTALLED): package.json package-lock.json
	npm ci --ignore-scripts --silent
	@touch $@

$(FRONT_END): $(NODE_INSTALLED) $(shell find assets -type f)
	npm run build --silent
	@touch $@
