"""What a command that failed says: one line per fault, in German and in English."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy.exc import OperationalError

from app.config import SettingError
from app.errors import RefusedError
from app.messages import text
from app.models import Language
from solver.faults import UnusableInputError


def sentences_of(error: Exception) -> list[str]:
    """The lines for an error that was foreseen; none for one that was not."""
    return [sentence for language in Language for sentence in _in_language(error, language.value)]


def _in_language(error: Exception, language: str) -> list[str]:
    if isinstance(error, UnusableInputError):
        said: list[str] = import_module("solver.sentences").fault_sentences(error, language)
        return said
    if isinstance(error, SettingError):
        return [f"{error.name} {text(error.code, language)}"]
    if isinstance(error, RefusedError):
        return [text(error.key, language, **error.facts)]
    if isinstance(error, OperationalError):
        return [text("command.no_database", language, reason=str(error.orig).strip())]
    if isinstance(error, OSError) and error.filename is not None:
        return [text("command.file", language, file=str(error.filename), reason=error.strerror or type(error).__name__)]
    return []
