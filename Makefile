# Everything here goes through the plugin's own set-up code, so that users' set-up is tested daily.
.DEFAULT_GOAL := help
.PHONY: help check structure schema lock demo boston truth test test-core test-plugin test-end-to-end test-faults lint format bench faults fuzz package scan matrix pictures translations engine-python clean system

SYSTEM_PYTHON := /usr/bin/python3
CORE := build/venv-core/bin/python
QGIS := build/venv-qgis/bin/python
LINT := build/venv-lint/bin/python
LOCKS := resources/engine-lock.txt resources/torch-lock.txt
COVERAGE := $(CURDIR)/build/coverage
export MMRISK_TEST_DATA ?= ../shared/data

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

demo: system ## the whole path on the sample city: risk layer, model, report, project and picture in demo/
	@$(SYSTEM_PYTHON) .ci/demo.py

# All suites at a time: windows, engines and servers of tests wait a good part of theirs. That of the engine is the longest,
# and so shared by two processes.
test: system build/venv-core/ready build/venv-qgis/ready ## every test, and what they cover
	@rm -rf $(COVERAGE) && mkdir -p $(COVERAGE)
	@MMRISK_COVERAGE=$(COVERAGE) $(MAKE) --no-print-directory --jobs=4 --keep-going --output-sync=target \
		test-end-to-end test-core test-faults test-plugin
	@MMRISK_COVERAGE=$(COVERAGE) $(SYSTEM_PYTHON) .ci/coverage_report.py

# Engines compute with one thread: threads that wait for each other while something else has their core make a training take
# six times as long.
test-core: build/venv-core/ready
	OMP_NUM_THREADS=1 $(CORE) -m pytest tests/core -n 2 --dist loadfile --no-loadscope-reorder

test-plugin: build/venv-qgis/ready
	OMP_NUM_THREADS=1 QT_QPA_PLATFORM=offscreen $(QGIS) -m pytest tests/plugin

test-end-to-end: build/venv-qgis/ready
	OMP_NUM_THREADS=1 $(QGIS) -m pytest tests/end_to_end

test-faults: build/venv-qgis/ready
	@bash .ci/install-system faketime locales
	@rm -rf build/faults
	OMP_NUM_THREADS=1 $(QGIS) -m pytest tests/faults

lint: build/venv-core/ready build/venv-lint/ready ## format, lint, types, layers, and what QGIS 4 and Qt 6 ask for
	$(CORE) -m ruff format --check .
	$(CORE) -m ruff check .
	$(CORE) -m mypy
	$(dir $(LINT))lint-imports --no-logo
	$(LINT) -m flake8 --select QGS1 --extend-ignore QGS105 __init__.py plugin
	$(LINT) .ci/qt6.py

check: build/venv-core/ready build/venv-qgis/ready build/venv-lint/ready ## lint, types, and quick tests of what changed
	@$(SYSTEM_PYTHON) .ci/check.py

structure: build/venv-core/ready ## rooms, floors, circles and upward imports of the engine
	@$(CORE) tests/structure.py

schema: build/venv-core/ready ## what the jobs take, into the file that the plugin reads
	@$(CORE) -m mmrisk_core schema > resources/jobs.json

lock: build/venv-lint/ready ## every package of the engine at one version with its hashes, from engine-requirements.txt; asks the index
	@$(LINT) .ci/lock.py

format: build/venv-core/ready ## format the code
	$(CORE) -m ruff format .
	$(CORE) -m ruff check --fix .

boston: system ## the same path on the real data of MMRISK_TEST_DATA; prints the figures of docs/boston.md
	@$(SYSTEM_PYTHON) .ci/boston.py

truth: build/venv-core/ready ## the demo's risk layer against the true probabilities of the sample city
	@PYTHONPATH=. $(CORE) tests/bench/demo_against_truth.py

bench: build/venv-core/ready build/venv-qgis/ready ## benchmarks
	@for file in tests/bench/*.py; do echo "== $$file"; PYTHONPATH=. $(CORE) $$file || exit 1; done
	@for file in tests/bench/qgis/*.py; do echo "== $$file"; QT_QPA_PLATFORM=offscreen $(QGIS) $$file || exit 1; done

faults: test-faults ## real engines and QGIS to which something happens; writes the table of docs/faults.md
	@sed -i '/^| Fault |/,$$d' docs/faults.md && cat build/faults.md >> docs/faults.md

fuzz: build/venv-core/ready ## a million broken model files, messages and jobs
	OMP_NUM_THREADS=1 $(CORE) tests/fuzz/run.py 1000000

pictures: build/venv-core/ready build/venv-qgis/ready ## the pictures of docs/, from real windows
	$(QGIS) -m pytest tests/end_to_end/test_window.py
	$(CORE) .ci/pictures.py

translations: ## every text of the plugin into resources/i18n, and compile; needs Qt's lrelease
	@$(SYSTEM_PYTHON) .ci/translations.py update

package: build/venv-lint/ready ## the plugin zip
	@$(LINT) .ci/package.py

scan: build/venv-lint/ready ## the plugin zip, as the plugin site looks at it
	@$(LINT) .ci/scan.py

matrix: build/venv-lint/ready ## the plugin's tests and its zip in QGIS 3.22, 3.40 and 3.44; needs root and 25 GB
	@$(LINT) .ci/matrix.py

engine-python: system ## print the engine's interpreter
	@$(SYSTEM_PYTHON) -m plugin.engine python

clean: ## remove what was built here; the engine's environment stays
	rm -rf build demo dist

system:
	@bash .ci/install-system

build/venv-core/ready: .ci/requirements-core.txt resources/engine-requirements.txt $(LOCKS) | system
	@$(SYSTEM_PYTHON) .ci/test_environments.py core

build/venv-qgis/ready: .ci/requirements-qgis.txt resources/engine-requirements.txt $(LOCKS) | system
	@$(SYSTEM_PYTHON) .ci/test_environments.py qgis

build/venv-lint/ready: .ci/requirements-lint.txt | system
	@$(SYSTEM_PYTHON) .ci/test_environments.py lint
