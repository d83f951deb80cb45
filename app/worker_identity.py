"""A name for a worker process: no two living ones share it, and a restarted one finds its old one again.

The name lies in a file that the process keeps locked; the system frees the lock however the process ends.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import socket
from dataclasses import dataclass
from itertools import count
from pathlib import Path

NAME_DIGITS = 8


@dataclass(frozen=True)
class Identity:
    """A worker's name, and the open file that holds it."""

    worker_id: str
    descriptor: int


def claim_identity(folder: Path, database_url: str) -> Identity:
    """The first name for workers of this database that no living process holds."""
    folder.mkdir(parents=True, exist_ok=True)
    prefix = hashlib.sha256(database_url.encode()).hexdigest()[:NAME_DIGITS]
    for number in count(1):
        descriptor = os.open(folder / f"{prefix}-{number}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        return Identity(_kept_name(descriptor), descriptor)
    raise AssertionError(folder)


def _kept_name(descriptor: int) -> str:
    """The name in the file; the first process that locks it makes one up."""
    name = os.pread(descriptor, 200, 0).decode()
    if not name:
        name = f"{socket.gethostname()[:60]}-{secrets.token_hex(NAME_DIGITS)}"
        os.pwrite(descriptor, name.encode(), 0)
    return name
