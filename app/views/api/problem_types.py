"""What the types of problems mean: each has an address, as RFC 9457 wants it."""

from __future__ import annotations

from typing import Any

from app.errors import NotFoundError
from app.messages import catalogue
from app.views.api.operation import Answer, operation
from app.views.api.schema import Output
from app.views.problems import TYPES


class ProblemTypeTold(Output):
    """A type of problem; words in braces stand for its facts."""

    type: str
    de: str
    en: str


@operation("GET", "/problems/<name>", None, frozenset(), answer=ProblemTypeTold)
def describe_problem(_query: Any, name: str) -> Answer:
    """What a type of problem says, in both languages."""
    sentences = catalogue().get("api.http.404" if name == "error.404.what" else name)
    if sentences is None:
        raise NotFoundError
    german, english = sentences
    return Answer(ProblemTypeTold(type=TYPES + name, de=german, en=english))
