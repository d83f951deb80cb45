"""Password hashes by argon2id."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MIN_LENGTH = 12
MAX_LENGTH = 200


@cache
def _hasher(*, cheap: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()


def hashed(password: str, *, cheap: bool = False) -> str:
    """A salted hash; ``cheap`` ones take a millisecond and are for tests."""
    return _hasher(cheap=cheap).hash(password)


@cache
def _hash_of_nobody(*, cheap: bool) -> str:
    return hashed("a password that nobody has", cheap=cheap)


def matches(password_hash: str | None, password: str, *, cheap: bool = False) -> bool:
    """Whether a password fits; without a hash the same time is spent, so that names cannot be guessed by it."""
    try:
        _hasher(cheap=cheap).verify(password_hash or _hash_of_nobody(cheap=cheap), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None
