"""A worker process for tests: ``python -m tests.app.worker_process URL FOLDER SOLVER``, a name of fake_solvers."""

if __name__ == "__main__":
    # A search's own process imports this module again, and is not to wait for what only the worker needs.
    import logging
    import sys
    from pathlib import Path

    from app import worker
    from app.config import Settings
    from tests.app import fake_solvers

    logging.basicConfig(level=logging.INFO)
    database_url, folder, solver = sys.argv[1:]
    worker.run(
        Settings(database_url=database_url, secret_key="s" * 40), Path(folder), solve=getattr(fake_solvers, solver)
    )
