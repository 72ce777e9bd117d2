# Every target that runs something sets up first; a second set-up costs nothing.
.DEFAULT_GOAL := help
.PHONY: help setup run test long scale serving browser score bench crash lint format lock migration clean

PYTEST_ARGS ?=
LOCK_ARGS ?=

# Nothing phones home.
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false
# Use the Python that is here; do not fetch another one.
export UV_PYTHON_DOWNLOADS := never
export VIRTUAL_ENV := $(CURDIR)/.venv

BIN := .venv/bin
STAMP := .venv/.set-up
# What the engine is measured beside has old dependencies, and stays in an environment of its own.
BENCH_STAMP := .venv-bench/.set-up
# The uv on the PATH if it runs, else our own, under .cache, so that the machine's Python stays as it is.
OWN_UV := .cache/uv/bin/uv
UV = $(shell uv --version >/dev/null 2>&1 && echo uv || echo $(OWN_UV))
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--custom-compile-command "make lock" $(LOCK_ARGS)

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## create .venv from the locked requirements, with the tongbi command in it

run: setup  ## ingest the sample source
	$(BIN)/tongbi run --source sample

test: setup  ## run the tests; PYTEST_ARGS="-k words" narrows them
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

long: setup  ## run the tests of many seconds that `make test` leaves out
	$(BIN)/python -m pytest -m long -n 2 --dist loadfile $(PYTEST_ARGS)
	TONGBI_TEST_DATABASE=postgresql $(BIN)/python -m pytest -m databases -n 2 --dist loadfile $(PYTEST_ARGS)

scale: setup  ## run the long tests: Dask, Ray, killed workers, and a backfill of 18,000 posts that is killed twice
	$(BIN)/python -m pytest -m scale $(PYTEST_ARGS)
	$(BIN)/python -m tests.bench.backfill --killed

serving: setup  ## test `tongbi serve`: start, stop, two at once, work pool, notifications (minutes)
	$(BIN)/python -m pytest -m serving $(PYTEST_ARGS)

browser: setup  ## test Prefect's pages in Chromium; pictures of them are in .cache/browser
	$(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

score: setup  ## score the engine on the labelled articles, where they are at hand
	$(BIN)/python -m tests.score

bench: setup $(BENCH_STAMP)  ## measure speed and memory, beside other libraries
	$(BIN)/python -m tests.bench

crash: setup  ## kill a running ingest some hundred times, and look that nothing is lost or half-published
	nice $(BIN)/python -W ignore -m tests.crash

lint: setup  ## check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: setup  ## format, and fix what can be fixed
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: | $(OWN_UV)  ## lock the requirements anew; LOCK_ARGS=--upgrade moves to newer versions
	$(COMPILE) --group uv -o requirements/uv.txt
	$(COMPILE) pyproject.toml -o requirements/runtime.txt
	$(COMPILE) pyproject.toml --all-extras --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$(COMPILE) --group bench -o requirements/bench.txt

migration: setup  ## write the next migration of the tables; NAME="what changes"
	$(BIN)/python -m models.migrations "$(NAME)"
	$(BIN)/ruff check --fix-only --quiet models/migrations
	$(BIN)/ruff format --quiet models/migrations

clean:  ## remove .venv, caches and builds; .tongbi stays, for it holds data
	rm -rf .venv .venv-bench .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Compiled byte code halves the import times of Prefect and Great Expectations,
# and stays missing for ever where PYTHONDONTWRITEBYTECODE is set and it is not written here.
$(STAMP): requirements/dev.txt pyproject.toml | $(OWN_UV)
	$(UV) venv --quiet --allow-existing .venv
	$(UV) pip sync --quiet --require-hashes --compile-bytecode requirements/dev.txt
	$(UV) pip install --quiet --offline --no-deps --no-build-isolation --editable .
	@touch $@

$(BENCH_STAMP): requirements/bench.txt | $(OWN_UV)
	$(UV) venv --quiet --allow-existing .venv-bench
	VIRTUAL_ENV=$(CURDIR)/.venv-bench $(UV) pip sync --quiet --require-hashes requirements/bench.txt
	@touch $@

$(OWN_UV):
	@uv --version >/dev/null 2>&1 || \
		python3 -m pip install --quiet --require-hashes --target .cache/uv --upgrade -r requirements/uv.txt
