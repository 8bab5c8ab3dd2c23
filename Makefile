# `make` prints the menu. The environment is made once, in .venv, from the locked and hashed versions.
# Every path is relative: this folder's own path may hold spaces.

.DEFAULT_GOAL := menu
.DELETE_ON_ERROR:
.NOTPARALLEL:

IN_VENV := .venv/bin
CATALOGUES := $(wildcard src/bawabati/locale/*/LC_MESSAGES/django.po)
COMPILED := $(CATALOGUES:.po=.mo)
CHECKED := src tests benchmarks
# How many tests run at once, each hand with a database, a portal and an outside world of its own.
HANDS ?= 3
# What mypy's Django plugin reads the settings with; nothing is opened or kept under them.
STATIC_SETTINGS := env BAWABATI_SECRET_KEY=only-for-the-linters-which-keep-no-secret-at-all \
	DATABASE_URL=postgresql://nobody@127.0.0.1:1/none DJANGO_SETTINGS_MODULE=bawabati.config.settings

# The sandbox writes its few addresses out: they are part of what the gateway shows to the outside.
FIXED_ADDRESSES := J004,J018

.PHONY: menu demo test check messages lock benchmarks faults clean environment browser

menu:
	@echo 'make demo        a water company, its customers and a bank, on this machine: pay a bill'
	@echo 'make test        every test; ARGS="tests/rules -k amount" for some, HANDS=0 for one at a time'
	@echo 'make check       linters, types, floors, translations'
	@echo 'make messages    collect the sentences to translate into src/bawabati/locale'
	@echo 'make faults      thousands of bad days of a payer, in a model and on PostgreSQL; ARGS="--seeds 10000" for more'
	@echo 'make benchmarks  measure, beside the yardsticks of benchmarks/README.md'
	@echo 'make lock        newest allowed versions, locked with their hashes'
	@echo 'make clean       remove the environment, the caches, and the demo with its payments'

demo: .venv/made-to-run $(COMPILED)
	@exec $(IN_VENV)/python -m demo $(ARGS)

test: .venv/made-to-develop $(COMPILED) browser
	$(IN_VENV)/python -m pytest --numprocesses=$(HANDS) --dist=loadfile --no-loadscope-reorder --durations=25 $(ARGS)

check: .venv/made-to-develop
	$(IN_VENV)/ruff check
	$(IN_VENV)/ruff format --check
	$(STATIC_SETTINGS) $(IN_VENV)/mypy
	$(IN_VENV)/lint-imports --no-logo
	$(IN_VENV)/djlint --check --lint src/bawabati
	$(IN_VENV)/djlint --check --lint --profile jinja --ignore $(FIXED_ADDRESSES),H052 src/sandbox src/agency_bridge
	$(IN_VENV)/python -m bawabati.config.catalogues check

messages: .venv/made-to-develop
	$(IN_VENV)/python -m bawabati.config.catalogues update

benchmarks: .venv/made-to-develop $(COMPILED)
	$(IN_VENV)/python -m benchmarks $(ARGS)

faults: .venv/made-to-develop $(COMPILED)
	PYTHONPATH=src:tests $(IN_VENV)/python -m faults $(ARGS)

environment: .venv/made-to-develop $(COMPILED)

lock: .venv/made-to-develop
	$(IN_VENV)/uv pip compile -q --upgrade --universal --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(IN_VENV)/uv pip compile -q --upgrade --universal --generate-hashes --no-header pyproject.toml --group dev -o requirements-dev.lock
	$(IN_VENV)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --group environment -o requirements-environment.lock

clean:
	@if [ -f .state/postgres-is-elsewhere ]; then xargs -d '\n' rm -rf -- < .state/postgres-is-elsewhere; fi
	rm -rf .venv .state .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist screenshots
	rm -f $(COMPILED)
	find src tests -name __pycache__ -type d -exec rm -rf {} +

# --- the environment ---

.venv/made-to-run: requirements.lock requirements-environment.lock pyproject.toml
	$(make-venv)
	@rm -f .venv/made-to-develop
	$(IN_VENV)/uv pip sync -q --python $(IN_VENV)/python --require-hashes requirements.lock requirements-environment.lock
	$(install-ourselves)
	@touch $@

.venv/made-to-develop: requirements-dev.lock requirements-environment.lock pyproject.toml
	$(make-venv)
	$(IN_VENV)/uv pip sync -q --python $(IN_VENV)/python --require-hashes requirements-dev.lock requirements-environment.lock
	$(install-ourselves)
	@touch .venv/made-to-run $@

# uv comes into the environment first (by pip, or by a uv that is here already) and then brings the rest.
define make-venv
@set -e; \
if ! .venv/bin/python -c '' 2>/dev/null; then rm -rf .venv; fi; \
if [ ! -x .venv/bin/uv ]; then \
	python=; \
	for name in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo 'Python 3.11 or newer is needed: install it, or name it: make PYTHON=/path/to/python3' >&2; exit 1; fi; \
	echo "Making the environment with $$python; this happens once." >&2; \
	if command -v uv >/dev/null; then \
		uv venv -q --allow-existing --python "$$python" .venv; \
		uv pip install -q --python .venv/bin/python --require-hashes -r requirements-environment.lock; \
	else \
		"$$python" -m venv .venv >/dev/null || { rm -rf .venv; echo 'Python cannot make an environment here. On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }; \
		.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-environment.lock; \
	fi; \
fi
endef

define install-ourselves
$(IN_VENV)/uv pip install -q --python $(IN_VENV)/python --no-deps --no-build-isolation --editable .
endef

src/bawabati/locale/%/LC_MESSAGES/django.mo: src/bawabati/locale/%/LC_MESSAGES/django.po | .venv/made-to-run
	$(IN_VENV)/python -m bawabati.config.catalogues compile $*

# The browser's tests need Chromium, which no Python package brings.
browser: .venv/made-to-develop
	@$(IN_VENV)/python tests/chromium.py >/dev/null 2>&1 || { \
		root=; [ "$$(id -u)" = 0 ] || root='sudo -n'; \
		if command -v apt-get >/dev/null && $$root true 2>/dev/null; then \
			echo 'Installing Chromium for the browser tests.' >&2; \
			$$root apt-get update -qq && $$root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
		fi; \
		$(IN_VENV)/python tests/chromium.py >/dev/null; \
	}
