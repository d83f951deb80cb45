"""What a command that failed says, in the language of the terminal."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from app.config import SettingError
from app.errors import RefusedError
from app.messages import text
from solver.sentences import language_from


def sentence_of(error: Exception) -> str | None:
    """The sentence for an error that was foreseen; None for one that was not."""
    language = language_from()
    if isinstance(error, SettingError):
        return f"{error.name} {text(error.code, language)}"
    if isinstance(error, RefusedError):
        return text(error.key, language, **error.facts)
    if isinstance(error, OperationalError):
        return text("command.no_database", language, reason=str(error.orig).strip())
    return None
