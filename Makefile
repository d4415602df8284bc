# Two commands on a fresh machine: `make serve` and `make test`. Everything is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
export LANTIAN_DATA ?= $(CURDIR)/var
export PORT ?= 8000
export HOST ?= 127.0.0.1
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: serve install install-dev install-cluster browser test test-slow lint bench bench-cluster backtest screen format pins clean

serve: install
	@exec $(BIN)/lantian serve

install: .venv/installed

install-dev: .venv/installed-dev

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' || { echo "需要 Python 3.11 或更新版本，现在是 $$($(PYTHON) --version)。可用 make PYTHON=python3.12 指定。"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "本机的 Python 缺少 venv/ensurepip。请先运行：apt-get install -y python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python requirements.txt pyproject.toml src/lantian/site/locale/en/LC_MESSAGES/django.po
	$(PIP) install -q --require-hashes -r requirements.txt
	$(PIP) install -q --no-deps -e .
	$(BIN)/python -m lantian.site.messages
	$(BIN)/python -m compileall -q src
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(PIP) install -q --require-hashes -r requirements-dev.txt
	@touch $@

# Spark for the evaluation on a cluster (docs/cluster.md): 450 MB, so only where it is asked for.
install-cluster: .venv/installed-cluster

.venv/installed-cluster: .venv/installed requirements-cluster.txt
	$(PIP) install -q --require-hashes -r requirements-cluster.txt
	@touch $@

# Chromium and a CJK font for the browser tests: installed when root, otherwise the command is printed and they are left out.
browser:
	@sh .ci/browser

# As many tests at a time as there are cores; a file stays together, for what its tests share.
test: install-dev browser
	$(BIN)/pytest -m "not slow" -n auto --dist loadfile

test-slow: install-dev install-cluster browser
	$(BIN)/pytest -m slow

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install-dev
	$(BIN)/ruff check --fix -q . || true
	$(BIN)/ruff format -q .

bench: install-dev
	$(BIN)/python -m benchmarks

# The same national hours in process and on a cluster of this machine (docs/cluster.md).
bench-cluster: install-dev install-cluster
	$(BIN)/python -m benchmarks.cluster

# Back-test of the year-end outlook on the shared trial data (docs/outlook.md).
backtest: install-dev
	$(BIN)/python -m benchmarks.backtest

# Recall and false alarms of the tamper screening on simulated stacks (docs/screening.md): a few minutes on two cores.
screen: install-dev
	$(BIN)/python -m benchmarks.screening

# Writes the pinned requirements anew (needs uv on the PATH or in .venv).
pins:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --extra dev -c requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements-dev.txt
	uv pip compile pyproject.toml --extra cluster -c requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements-cluster.txt

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
