# Two commands: `make run` and `make test`. Everything else is for those who build it.
.POSIX:
.PHONY: help run test setup lint format bench rush load pictures clean

help:
	@echo "make run    set up, load the demonstration site, plan its week, serve it on http://127.0.0.1:8000"
	@echo "make test   set up, run every test"
	@echo "make lint   the style and type checks alone (make test runs them too)"
	@echo "make bench  compare the planner with a plain model on generated sites"
	@echo "make rush   a thousand agents book within the first minute, on PostgreSQL and four processes"
	@echo "make load   two hundred clients fight for twenty places, on SQLite and PostgreSQL"
	@echo "make pictures  take the pictures of README and guides again"
	@echo "make clean  remove the environment and the demonstration database"

setup:
	@sh .ci/setup

run: setup
	@.venv/bin/abstand demo
	@.venv/bin/abstand serve

test: setup
	.venv/bin/python -m pytest -n auto

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: setup
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: setup
	.venv/bin/python bench/compare.py

rush: setup
	.venv/bin/python bench/rush.py

load: setup
	.venv/bin/python bench/booking_load.py

pictures: setup
	.venv/bin/python docs/make_pictures.py

clean:
	rm -rf .venv var
