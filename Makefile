# Each target sets up what it needs in .venv and then does its job; Python 3.11 is all it takes.
PYTHON ?= python3
BIN := .venv/bin
# What runs the tests: Python, or the tool that counts what they reach.
RUN ?= python -m
# How many times as much as usual is drawn at random.
TIMES ?= 1
PROOF := tests/proof tests/vendoring $(addprefix tests/test_,output.py atomicity.py causes.py mutation.py)

.PHONY: generate test coverage coverage-report proof matrix check fix bench clean

generate: .venv/generator
	$(BIN)/soapstone generate

test: .venv/test
	$(BIN)/$(RUN) pytest -n auto --dist worksteal

coverage: .venv/test
	$(BIN)/coverage erase
	$(MAKE) test RUN="coverage run -m"
	$(MAKE) coverage-report

coverage-report:
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# What has to hold whatever comes; tests/README.md says what is tried.
proof: .venv/test
	SOAPSTONE_PROOF=$(TIMES) $(BIN)/python -m pytest -n auto --dist worksteal $(PROOF)
	$(MAKE) matrix

# Every Python that is here; says which are missing.
matrix: .venv/test
	$(BIN)/python tests/matrix.py

check: .venv/test
	$(BIN)/ruff check .
	$(BIN)/black --check --quiet .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/soapstone check

fix: .venv/test
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/black --quiet .

# `make bench QUICK=1` takes less than a minute.
bench: .venv/bench
	PYTHONPATH=tests $(BIN)/python -m benchmarks $(if $(QUICK),--quick)

.venv/generator: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/test: .venv/generator
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

.venv/bench: .venv/generator
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	touch $@

clean:
	rm -rf .venv .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
