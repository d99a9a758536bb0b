# make run    makes .venv, installs what is locked and serves the demo shop
# make test   the same plus what the tests need, then every test
# make check  what is quick to know before a commit: style, types, layers, translations, unit tests
# make gallery   photographs every page and state into tests/e2e/gallery; ONLY=till-change or ONLY=kiosk-* for some
# make lock   resolves the dependencies of pyproject.toml anew; the only step that may change versions

PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet install
LOCK := config/lock
CATALOGUE := pos/translations/id/LC_MESSAGES/messages.mo
# Named one by one: node 18 searches a folder, node 22 takes its name for a module's.
JS_TESTS = $(shell find tests/js -name '*.test.js' -o -name '*.test.mjs')
QUICK = tests/domain tests/migrations tests/printers tests/rules tests/translations

# Python keeps what it compiled, wherever this runs: each start of the program would else compile it all again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check gallery format lock clean
.NOTPARALLEL:

run: $(VENV)/.run $(CATALOGUE)
	@exec $(VENV)/bin/pos demo

# Three workers on two cores: browsers, printers and clocks are waited for most of the time.
# Debian's packages and Python's are fetched side by side, once there is a Python to fetch with.
# The summary of pytest stands last; a failure of node is kept and still fails the run.
test: | $(VENV)/bin/python
	@sh tests/support/debian.sh & debian=$$!; \
	$(MAKE) --no-print-directory $(VENV)/.test $(CATALOGUE); python=$$?; wait $$debian && exit $$python
	@node --test $(JS_TESTS); javascript=$$?; \
	$(VENV)/bin/python -m pytest --numprocesses 3 --dist worksteal; python=$$?; \
	if [ $$javascript -ne 0 ]; then echo "The JavaScript tests failed, see above." >&2; exit 1; fi; exit $$python

check: $(VENV)/.test $(CATALOGUE)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	node --test $(JS_TESTS)
	$(VENV)/bin/python -m pytest -q $(QUICK)

gallery: $(VENV)/.test $(CATALOGUE)
	@$(VENV)/bin/python -m tests.gallery --only '$(ONLY)'

format:
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# Debian keeps ensurepip in python3-venv, and a venv made without it is left half done: look before making one.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		sh tests/support/debian.sh python3-venv
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.build: $(LOCK)/build.txt | $(VENV)/bin/python
	$(PIP) --require-hashes -r $(LOCK)/build.txt
	@touch $@

$(VENV)/.run: $(VENV)/.build $(LOCK)/run.txt pyproject.toml config/package/hatch_build.py
	$(PIP) --require-hashes -r $(LOCK)/run.txt
	$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run $(LOCK)/test.txt
	$(PIP) --require-hashes -r $(LOCK)/test.txt
	@touch $@

$(CATALOGUE): $(VENV)/.run $(wildcard pos/translations/src/*.po) pos/translations/compile.py
	@$(VENV)/bin/python -m pos.translations.compile

# Hashes of every file of a version, for every machine; no address of an index and no path of this one.
UV = $(VENV)/bin/uv pip compile --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet $(UPGRADE)
lock: | $(VENV)/bin/python
	$(PIP) uv==0.13.9
	$(UV) --group build -o $(LOCK)/build.txt
	$(UV) pyproject.toml -o $(LOCK)/run.txt
	$(UV) pyproject.toml --group test -c $(LOCK)/run.txt -o $(LOCK)/test.txt

clean:
	rm -rf $(VENV) $(CATALOGUE) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
