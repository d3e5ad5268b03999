# The two commands are "make course" and "make test"; "make help" lists the rest.
PYTHON ?= python3
SPARK ?=
BIN := .venv/bin
COMPILE = $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes \
	--python-version 3.11 --no-emit-index-url --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help environment course lab test evidence lock clean
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

help: ## Say what each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

environment: ## Set up .venv from the lock (the other commands do it themselves)
	@$(PYTHON) lib/customer_insight/course/environment.py $(if $(SPARK),--spark)

course: environment ## Run the whole course and build the book
	@$(BIN)/course all

lab: environment ## Open JupyterLab on the lessons
	@JUPYTER_CONFIG_PATH=lib/customer_insight/course/lab $(BIN)/jupyter lab \
		--LabApp.default_url=/lab/tree/notebooks

test: environment ## Check style, house, texts, lessons and code (under 15 minutes)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/pytest -m "not evidence" -n 2 --dist loadfile
	$(BIN)/pytest -p customer_insight.course.validate --nbval -n 2 --dist loadfile \
		--nbval-sanitize-with tests/notebooks/sanitize.cfg notebooks

evidence: environment ## The long checks: recovery, engines, abuse, browser, growth (under 40 minutes)
	$(BIN)/pytest -m "evidence and not alone" -n 2 --dist loadfile -rA
	$(BIN)/pytest -m "evidence and alone" -rA tests/benchmarks

lock: ## Write both lock files again from pyproject.toml
	$(COMPILE) --extra dev -o requirements.lock pyproject.toml
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"])' \
	| $(COMPILE) -c requirements.lock -o requirements-spark.lock -

clean: ## Remove what was built, not the environment
	rm -rf build .pytest_cache .ruff_cache .hypothesis
