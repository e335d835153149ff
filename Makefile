# The only commands of this repository: `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
PYTEST_ARGS ?=
KEYCLOAK_PORT ?= 8080

BIN := $(VENV)/bin
PLUGINS := $(notdir $(patsubst %/,%,$(dir $(wildcard plugins/*/pyproject.toml))))
NODE_PROJECTS := . benchmarks/graphql/postgraphile docs/site
PROJECTS := pyproject.toml $(PLUGINS:%=plugins/%/pyproject.toml)
ASSETS := core/regiohub/web/assets
VENDOR := core/regiohub/web/static/vendor

# Node comes from the environment, never from the machine, so that everybody builds with the same one.
export PATH := $(abspath $(BIN)):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_PYTHON_DOWNLOADS := never
# Containers often set it, and then every start compiles every library anew: five seconds instead of one.
unexport PYTHONDONTWRITEBYTECODE

# An environment that was moved, copied or lost its Python does not run: make a new one instead of failing oddly.
ifneq ($(wildcard $(VENV)/.location),)
ifneq ($(shell cat $(VENV)/.location; $(BIN)/python -c '' 2>&1),$(abspath $(VENV)))
$(info The environment in $(VENV) does not belong here: it is created again.)
$(shell rm -rf $(VENV))
endif
endif

.PHONY: help
help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS=$$'\t' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

.PHONY: run
run: $(VENV)/.stamp-run ## Start the platform with four demo towns on http://127.0.0.1:8000
	@$(MAKE) --silent $(VENDOR)/.built || echo "warning: the browser assets could not be built; pages stay plain until 'make assets' succeeds" >&2
	@exec $(BIN)/regiohub serve --demo

.PHONY: keycloak
keycloak: $(VENV)/.stamp-dev ## Start a Keycloak with example people (needs Java 17 or newer)
	@exec $(BIN)/python -m regiohub.testing.services.keycloak --port $(KEYCLOAK_PORT)

.PHONY: test
test: $(VENV)/.stamp-dev $(VENDOR)/.built docs/site/node_modules/.stamp ## Run every test suite
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile $(PYTEST_ARGS)

.PHONY: lint
lint: $(VENV)/.stamp-dev ## Check style, types and import contracts
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/pyright
	@$(BIN)/lint-imports

.PHONY: format
format: $(VENV)/.stamp-dev ## Format the code and apply safe fixes
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: install
install: $(VENV)/.stamp-dev ## Create the development environment

.PHONY: assets
assets: $(VENV)/.stamp-run ## Build what the browser loads
	@$(MAKE) --silent $(VENDOR)/.built

.PHONY: docs
docs: $(VENV)/.stamp-dev docs/site/node_modules/.stamp ## Build the documentation into dist/site, warnings as errors
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --config-file docs/site/mkdocs.yml
	@echo "The documentation stands in dist/site."

.PHONY: reference
reference: $(VENV)/.stamp-dev ## Write the pages of docs/reference that come from the code
	@PYTHONPATH=docs/site $(BIN)/python -m regiohub_docs.reference

.PHONY: wheels
wheels: $(VENV)/.stamp-run $(VENDOR)/.built ## Build the five wheels into dist/
	@rm -rf dist
	@for project in . $(PLUGINS:%=plugins/%); do $(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir dist $$project; done
	@rm -f dist/.gitignore
	@ls dist

.PHONY: sbom
sbom: $(VENV)/.stamp-dev ## Write the bill of materials (CycloneDX) to dist/regiohub.cdx.json
	@$(BIN)/python deploy/release/sbom.py dist/regiohub.cdx.json

# The lists name no package source: whoever installs uses the one configured on his machine, and the hashes decide.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-package regiohub $(foreach name,$(PLUGINS),--no-emit-package regiohub-$(subst _,-,$(name))) \
	--custom-compile-command "make lock" $(LOCK_ARGS)

.PHONY: release
release: $(VENV)/.stamp-dev ## Prepare a release: VERSION=0.2.0 (versions, changelogs, recorded surface)
	@$(BIN)/python deploy/release $(VERSION)

.PHONY: lock
lock: $(BIN)/uv ## Renew the hash-locked lists (LOCK_ARGS=--upgrade for newer versions)
	@printf '%s\n' '-e .' $(PLUGINS:%='-e plugins/%') > requirements/editable.txt
	@$(COMPILE) requirements/editable.txt --group pyproject.toml:dev --output-file requirements/dev.txt
	@$(COMPILE) requirements/editable.txt --constraints requirements/dev.txt --output-file requirements/prod.txt
	@$(COMPILE) --group pyproject.toml:build --constraints requirements/dev.txt --output-file requirements/build.txt
	@for folder in $(NODE_PROJECTS); do \
		(cd $$folder && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error >/dev/null); \
		$(BIN)/python -c 'import json, pathlib, sys; file = pathlib.Path(sys.argv[1], "package-lock.json"); lock = json.loads(file.read_text()); \
			[package.pop("funding", None) for package in lock["packages"].values()]; file.write_text(json.dumps(lock, indent=2) + "\n")' $$folder; \
	done

.PHONY: clean
clean: ## Remove the environment, caches and build results (a run's data stays)
	@rm -rf $(VENV) $(NODE_PROJECTS:%=%/node_modules) dist $(VENDOR) .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find core plugins tests docs/site -type d -name __pycache__ -prune -exec rm -rf {} +

# Files, not commands

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer is needed ('$(PYTHON)' is missing or older): install it, or name one with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing: install it (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@echo "Creating the environment in $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.txt
	@echo '$(abspath $(VENV))' > $(VENV)/.location

# uv is quicker; pip takes over where only pip is configured for the network at hand. Both check every hash.
define install
	@echo "Installing $(1) ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes $(1:%=-r %) \
		|| $(BIN)/python -m pip install --quiet --require-hashes $(1:%=-r %)
endef

$(VENV)/.stamp-run: requirements/build.txt requirements/prod.txt requirements/editable.txt $(PROJECTS) | $(BIN)/uv
	$(call install,requirements/build.txt requirements/prod.txt)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -r requirements/editable.txt
	@touch $@

$(VENV)/.stamp-dev: requirements/dev.txt $(VENV)/.stamp-run
	$(call install,requirements/dev.txt)
	@touch $@

docs/site/node_modules/.stamp: docs/site/package.json docs/site/package-lock.json | $(VENV)/.stamp-run
	@cd docs/site && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(VENDOR)/.built: package.json package-lock.json $(wildcard $(ASSETS)/* $(ASSETS)/*/*) | $(VENV)/.stamp-run
	@echo "Building the browser assets ..."
	@$(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@$(BIN)/node $(ASSETS)/build.mjs
	@touch $@
