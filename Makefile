# make run    the program on http://127.0.0.1:8501, with an invented practice on the first start
# make test   every check: style, types, tests, the screens in a real browser
# The rest: check (three minutes: unit and pages), lint, bench, pictures, lock, licences, sbom, clean.
#
# `make run DEMO=no` starts without the invented practice. MEDSPA_PORT and MEDSPA_HOME are honoured, from the environment or `make run MEDSPA_PORT=9000`.

MEDSPA_PORT ?= 8501
export MEDSPA_PORT
# MEDSPA_HOME has no default here: it would stand over the folder that medspa.toml names. The program's own is `var`.
# One client or block at a time uses one core; clients and blocks run side by side.
export OPENBLAS_NUM_THREADS ?= 1
# Where it is set, each of the processes that test would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON  ?= python3
VENV    := .venv
PY      := $(VENV)/bin/python
PIP     := $(PY) -m pip --disable-pip-version-check --quiet
WORKERS ?= auto
# What the tests write lies in memory where there is room: no test is about the speed of a disk.
MEMORY   = $(shell d=/dev/shm; [ -w $$d ] && [ "$$(df -k --output=avail $$d | tail -1)" -gt 4000000 ] && echo "TMPDIR=$$d" 2>/dev/null)

.DEFAULT_GOAL := help
SHIPPED := .venv-shipped
TOOLS   := .venv-tools
.PHONY: help run install test check lint bench pictures chromium lock licences sbom clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -5

run: $(VENV)/run.stamp
	@$(PY) -m medspa_core first-start $(if $(filter no,$(DEMO)),--empty)
	@echo "MedSpa Consult opens on http://127.0.0.1:$(MEDSPA_PORT)  (stop it with Ctrl-C)"
	@exec $(PY) -m streamlit run app.py --server.port "$(MEDSPA_PORT)"

install: $(VENV)/run.stamp

test: chromium lint
	$(MEMORY) $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: lint
	$(MEMORY) $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not integration" tests/pages tests/unit tests/oracle

lint: $(VENV)/test.stamp
	$(PY) -m ruff check .
	$(PY) -m mypy

bench: $(VENV)/test.stamp
	$(PY) -m pytest -m bench -s --timeout 1200

pictures: $(VENV)/test.stamp chromium
	$(PY) -m pytest -m pictures tests/browser --timeout 600

# The screens are tested in Chromium. Where it is missing and may be installed, it is; else the rest is still tested.
chromium:
	@set -u; if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || [ -n "$${MEDSPA_CHROMIUM:-}" ]; then exit 0; fi; \
	sudo=""; may=yes; \
	if [ "$$(id -u)" != 0 ]; then if sudo -n true 2>/dev/null; then sudo="sudo -n"; else may=no; fi; fi; \
	if [ $$may = yes ] && command -v apt-get >/dev/null; then \
	  echo "Installing chromium for the screen tests ..."; \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install chromium >/dev/null 2>&1 || \
	  { $$sudo apt-get -qq update >/dev/null 2>&1; \
	    $$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install chromium >/dev/null 2>&1; } || true; \
	fi; \
	if ! command -v chromium >/dev/null; then \
	  echo "****************************************************************************"; \
	  echo "** NO CHROMIUM: the screens are NOT tested. Install it, or set             **"; \
	  echo "** MEDSPA_CHROMIUM to the path of a Chromium, and run make test again.      **"; \
	  echo "****************************************************************************"; \
	fi

# A stamp says that the install is as the requirements say, so the second start is quick.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "MedSpa Consult needs Python 3.11 or newer; found $$($(PYTHON) -V 2>&1). Say which: make run PYTHON=python3.12"; exit 1; }
	@echo "Making $(VENV) (once) ..."
	@$(PYTHON) -m venv --clear $(VENV) || \
	  { rm -rf $(VENV); echo "Could not make $(VENV). On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/run.stamp: requirements.lock | $(PY)
	@echo "Installing what the program needs (a minute, once) ..."
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes --no-deps -r requirements.lock
	@$(PIP) check
	@touch $@

$(VENV)/test.stamp: requirements-test.lock $(VENV)/run.stamp
	@echo "Installing what the tests need ..."
	@$(PIP) install --require-hashes --no-deps -r requirements-test.lock
	@$(PIP) check
	@touch $@

# Lists of each package and the hash of each of its files, for every platform and Python from 3.11. A version that stands in a list stays,
# as long as requirements*.txt still allow it: to renew one, change its line there, or remove the list first.
lock: $(TOOLS)/made.stamp
	$(TOOLS)/bin/uv pip compile $(LOCK) requirements.txt -o requirements.lock
	$(TOOLS)/bin/uv pip compile $(LOCK) -c requirements.lock requirements.txt requirements-test.txt -o requirements-test.lock
	$(TOOLS)/bin/uv pip compile $(LOCK) requirements-tools.txt -o requirements-tools.lock

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

# What is shipped, and nothing that only tests need: an install of its own, read by kept tools.
licences: $(SHIPPED)/made.stamp $(TOOLS)/made.stamp
	@$(TOOLS)/bin/pip-licenses --python=$(SHIPPED)/bin/python --from=mixed --with-urls --order=license

sbom: $(SHIPPED)/made.stamp $(TOOLS)/made.stamp
	@$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --validate -o sbom.cdx.json $(SHIPPED)/bin/python
	@echo "Written: sbom.cdx.json"

$(SHIPPED)/made.stamp: requirements.lock
	@$(PYTHON) -m venv --clear --without-pip $(SHIPPED)
	@$(MAKE) --no-print-directory $(VENV)/run.stamp
	@$(PY) -m pip --python $(SHIPPED)/bin/python --quiet install --require-hashes --no-deps -r requirements.lock
	@touch $@

$(TOOLS)/made.stamp: requirements-tools.lock
	@echo "Installing the tools that list packages ..."
	@$(PYTHON) -m venv --clear $(TOOLS)
	@$(TOOLS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps -r requirements-tools.lock
	@touch $@

# Never touches MEDSPA_HOME.
clean:
	rm -rf $(VENV) $(SHIPPED) $(TOOLS) .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/browser/failed
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
