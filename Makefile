# The doors of the house. `make run` and `make test` need Python 3.11 or newer and nothing else.
.PHONY: run reset test test-full check bench bench-data bench-search lock messages check-pages lighthouse screenshots services packages

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PY := .venv/bin/python
# One file per state of the requirements: changing them installs again, touching them does not.
STAMP := .venv/installed-$(shell cksum < requirements-dev.txt | tr ' ' '-')
LAUNCH := PYTHONPATH=site $(PY) -m launch
# The whole suite runs on two cores, a file's tests together, in the order of the folders: sorted by their number of tests,
# long files with a single test (a browser's story) would all come last. ARGS="tests/x" runs what it names in one process.
test: ARGS ?= -n 2 --dist loadfile --no-loadscope-reorder
UV := .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11

run: $(STAMP)
	@exec env PYTHONPATH=site $(PY) -m launch run

reset: $(STAMP)
	@$(LAUNCH) reset

test: $(STAMP) packages
	@$(LAUNCH) exec -- $(PY) -m pytest $(ARGS)

test-full: export PROFILE = full
test-full: test

check: $(STAMP)
	@PY=$(PY) sh site/launch/check.sh

bench: $(STAMP)
	@$(LAUNCH) exec --durable -- $(PY) -m tests.bench $(ARGS)

# A million posts and 106,000 members in a database of their own, for `make bench ARGS="--community"`.
bench-data: $(STAMP)
	@$(LAUNCH) exec --durable -- $(PY) -m tests.bench.community.fill $(if $(filter command line,$(origin ARGS)),$(ARGS))

# How well questions find their paragraph: make bench-search ARGS=FILE (a file in the format of DRCD or SQuAD).
bench-search: $(STAMP)
	@$(LAUNCH) exec --durable -- $(PY) -m tests.bench.community.quality $(ARGS)

# The face, looked at from outside (tests/face): needs Chromium; the first two also node, npm and java.
NPM := var/npm/node_modules
FACE := $(LAUNCH) exec --durable -- $(PY) -m tests.face

check-pages: $(STAMP) packages $(NPM)
	@$(FACE) pages $(ARGS)

lighthouse: $(STAMP) packages $(NPM)
	@$(FACE) lighthouse $(ARGS)

screenshots: $(STAMP) packages
	@$(FACE) screenshots $(ARGS)

$(NPM):
	@command -v npm >/dev/null || { echo "npm is missing (Debian: apt-get install npm default-jre-headless)." >&2; exit 1; }
	@npm install --silent --no-audit --no-fund --prefix var/npm lighthouse@13 axe-core@4 vnu-jar@26

services: $(STAMP)
	@exec env PYTHONPATH=site $(PY) -m launch services

messages: $(STAMP)
	@PYTHONPATH=site $(PY) -m launch.messages

lock: $(STAMP)
	$(UV) pyproject.toml --output-file requirements.txt
	$(UV) pyproject.toml --extra dev --output-file requirements-dev.txt

packages: $(STAMP)
	@$(LAUNCH) packages

$(STAMP):
	@test -n "$(PYTHON)" || { echo "Courseyard needs Python 3.11 or newer: none found." >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv --clear .venv || \
		{ rm -rf .venv; echo "Python's venv module is missing (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "Installing the pinned packages (the first time only, a few minutes) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@rm -f .venv/installed-* && touch $@
