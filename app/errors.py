"""Refusals as facts: a key of a sentence and what it needs, never text."""

from __future__ import annotations

from solver.rules import Fact


class RefusedError(Exception):
    """Something that was asked for and is not done; nothing has been changed.

    :param key: key of the sentence that says why
    :param status: HTTP status of the answer, 409 where the state forbids it and 422 where the input does
    :param facts: what the sentence needs
    """

    def __init__(self, key: str, status: int = 409, **facts: Fact) -> None:
        super().__init__(key, facts)
        self.key = key
        self.status = status
        self.facts = facts


class NotFoundError(RefusedError):
    """An object that does not exist, or not for this person; both look alike from outside."""

    def __init__(self) -> None:
        super().__init__("error.404.what", 404)
