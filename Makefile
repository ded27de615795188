# Every target does its own set-up; see README.md.
PYTHON ?=
export PYTHON

.PHONY: demo test check coverage prove bench pictures setup

demo: setup
	.venv/bin/python scripts/demo

test: setup
	scripts/setup --browser
	scripts/setup --services
	scripts/check

check: setup
	scripts/check --no-services

coverage: setup
	scripts/setup --browser
	scripts/setup --services
	scripts/check --coverage

prove: setup
	scripts/setup --browser
	scripts/setup --services
	PYTHONPATH=src .venv/bin/pytest -q -n auto --prove -m "prove or fuzz"

bench: setup
	set -e; for each in benchmarks/*.py; do echo "== $$each"; .venv/bin/python $$each; done

pictures: setup
	scripts/setup --browser
	.venv/bin/python scripts/pictures
	.venv/bin/python scripts/pages_pictures

setup:
	@scripts/setup
