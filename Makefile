# make run    the program on http://127.0.0.1:8501, with an invented practice on the first start
# make test   every check: style, types, tests, the screens in a real browser
# The rest: check (no browser), lint, bench, pictures, clean.
#
# `make run DEMO=no` starts without the invented practice. MEDSPA_PORT and MEDSPA_HOME are honoured, from the environment or `make run MEDSPA_PORT=9000`.

MEDSPA_PORT ?= 8501
MEDSPA_HOME ?= var
export MEDSPA_PORT MEDSPA_HOME
# One client or block at a time uses one core; clients and blocks run side by side.
export OPENBLAS_NUM_THREADS ?= 1

PYTHON  ?= python3
VENV    := .venv
PY      := $(VENV)/bin/python
PIP     := $(PY) -m pip --disable-pip-version-check --quiet
WORKERS ?= auto
# What the tests write lies in memory where there is room: no test is about the speed of a disk.
MEMORY   = $(shell d=/dev/shm; [ -w $$d ] && [ "$$(df -k --output=avail $$d | tail -1)" -gt 4000000 ] && echo "TMPDIR=$$d" 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run install test check lint bench pictures chromium clean
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
	$(MEMORY) $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not browser and not bench and not pictures"

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

$(VENV)/run.stamp: requirements.txt requirements.lock | $(PY)
	@echo "Installing what the program needs (a minute, once) ..."
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install -r requirements.txt -c requirements.lock
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/run.stamp
	@echo "Installing what the tests need ..."
	@$(PIP) install -r requirements-test.txt -c requirements.lock
	@touch $@

# Never touches MEDSPA_HOME.
clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/browser/failed
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
