# Every target does its own set-up on a bare Debian or Ubuntu machine with Python 3.11 or newer.
BIN := .venv/bin
OUT ?= demo-out

.PHONY: setup run test lint demo bench lock

setup: ## leave a working .venv/bin/breach
	@scripts/setup

run: setup ## open the program on its embedded store, with sample cases to open
	@$(BIN)/breach --samples .samples

test: setup lint ## everything CI checks
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

demo: setup ## both sample incidents from discovery to letters and filings, without hands
	$(BIN)/breach demo --out $(OUT)

bench: setup ## the numbers of docs/benchmarks.md, each beside a peer in the same run
	$(BIN)/python -m benchmarks

lock: setup ## pin the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --quiet -o requirements.lock
