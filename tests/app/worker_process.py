"""A worker process for tests: ``python -m tests.app.worker_process URL FOLDER SOLVER``, a name of fake_solvers."""

if __name__ == "__main__":
    # A search's own process imports this module again, and is not to wait for what only the worker needs.
    import logging
    import sys
    from pathlib import Path

    from app import worker
    from app.config import Settings
    from tests.app import build, fake_solvers

    logging.basicConfig(level=logging.INFO)
    database_url, folder, solver = sys.argv[1:]
    # The sites of tests lie years back: by today's clock their weeks would have been kept long enough.
    settings = Settings(database_url=database_url, secret_key="s" * 40, clock=lambda: build.NOW)
    worker.run(settings, Path(folder), solve=getattr(fake_solvers, solver))
