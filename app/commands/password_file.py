"""The file with the temporary passwords of agents: new, readable by its owner only, gone where nothing was made."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.services.site_accounts import OpenedLogIn

HEADINGS = ("agent", "login_name", "temporary_password")
FORMULA_STARTS = ("=", "+", "-", "@")


@contextmanager
def password_file(path: Path | None, accounts: Sequence[OpenedLogIn]) -> Iterator[None]:
    """Keep a new CSV file of the agents' accounts if the body succeeds; nothing where ``path`` is None.

    :raises OSError: where the file exists or cannot be written
    """
    if path is None:
        yield
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            _write(csv.writer(file), accounts)
            file.flush()
            os.fsync(file.fileno())
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write(writer: Any, accounts: Sequence[OpenedLogIn]) -> None:
    writer.writerow(HEADINGS)
    for account in accounts:
        key = account.log_in.agent_key
        if key is not None:
            # A spreadsheet would run what begins like a formula.
            shown = f"'{key}" if key.startswith(FORMULA_STARTS) else key
            writer.writerow((shown, account.log_in.login_name, account.password))
