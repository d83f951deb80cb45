"""Problem and roster files in the database, gzipped and never changed."""

from __future__ import annotations

import gzip
import json
from typing import Any

from sqlmodel import Session

from app.errors import NotFoundError
from app.models import Document, DocumentKind


def store(session: Session, kind: DocumentKind, content: dict[str, Any]) -> int:
    """Keep a file's content (``Problem.as_json()`` or ``Roster.as_json()``) and return its id."""
    packed = gzip.compress(json.dumps(content, separators=(",", ":")).encode(), compresslevel=6, mtime=0)
    document = Document(kind=kind, content=packed)
    session.add(document)
    session.flush()
    return document.id


def load(session: Session, document_id: int) -> dict[str, Any]:
    """A file's content; raises NotFoundError where there is none."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotFoundError
    content: dict[str, Any] = json.loads(gzip.decompress(document.content))
    return content
