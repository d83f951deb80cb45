"""One operation of the JSON API: declared once with scope, roles, body and answer; served and documented from that.

In this order: token, scope and role, then form of the request, then one transaction with the work in it. Whatever is
refused on the way has changed nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, request
from pydantic import BaseModel, TypeAdapter
from sqlmodel import Session

from app import permissions
from app.errors import RefusedError
from app.models import IdempotencyKey, Role, Scope
from app.services import api_tokens, idempotency
from app.services.api_tokens import Bearer
from app.services.audit import Actor, record
from app.views.api import reading_in
from app.views.api.routes import blueprint
from app.views.common import now, reading, transaction
from app.views.problems import NoTokenError, RevisionError

KEY_HEADER = "Idempotency-Key"
KEY_FORM = re.compile(r"[\x21-\x7e]{1,120}")
SMALL_BYTES = 64 * 1024
ANY_ROLE = frozenset(Role)
AGENT = frozenset({Role.AGENT})
MANAGER = frozenset({Role.MANAGER})
AGENT_OR_MANAGER = AGENT | MANAGER


@dataclass(frozen=True)
class Answer:
    """What an operation gives back.

    :param status: other than the operation's own
    :param file: one of the two files, as it is stored, instead of ``content``
    :param revision: of what was read or written, for ``ETag``
    """

    content: BaseModel | None = None
    file: Mapping[str, Any] | None = None
    status: int | None = None
    revision: str | None = None


@dataclass(frozen=True)
class Call:
    """A request that may be worked on.

    :param body: as the operation's ``body`` parsed it, ``raw`` its bytes
    :param revision: what ``If-Match`` names, None where it names none
    """

    session: Session
    bearer: Bearer
    now: datetime
    body: Any = None
    query: Any = None
    raw: bytes = b""
    revision: str | None = None

    @property
    def actor(self) -> Actor:
        """The person as services want it."""
        return self.bearer.actor

    @cached_property
    def zone(self) -> ZoneInfo:
        """Of the person's site."""
        return ZoneInfo(self.bearer.time_zone or "Europe/Berlin")

    @property
    def site_id(self) -> int:
        """The person's site; administrators have none (TypeError), and no operation."""
        if self.bearer.site_id is None:
            raise TypeError(self.bearer.login_name)
        return self.bearer.site_id

    def require_revision(self, revision: object, present: BaseModel | None = None) -> None:
        """Raises RevisionError where the request was made from another revision than the present one.

        :param present: what it is now, for whoever has to decide again
        """
        if self.revision is not None and self.revision != str(revision):
            raise RevisionError(str(revision), None if present is None else present.model_dump(mode="json"))


Handler = Callable[..., Answer]


@dataclass(frozen=True)
class Operation:
    """What is declared of one operation.

    :param scope: what a token needs; None: any token will do, and nothing is needed where ``roles`` is empty too
    :param body: a Pydantic type; None where no body is expected
    :param file: the body is one of the two files, which the handler reads from its bytes
    :param answer: a Pydantic type; None for an empty answer
    :param needs_revision: ``If-Match`` has to be given
    :param sensitive: tells of many people's availability or contracts, so that each reading is recorded
    """

    name: str
    method: str
    path: str
    scope: Scope | None
    roles: frozenset[Role]
    status: int = 200
    body: Any = None
    file: bool = False
    query: type[BaseModel] | None = None
    answer: Any = None
    has_revision: bool = False
    needs_revision: bool = False
    sensitive: bool = False
    most_bytes: int = SMALL_BYTES
    handler: Handler = field(default=Answer, compare=False)

    @property
    def writes(self) -> bool:
        """Whether it runs in a transaction of its own."""
        return self.method != "GET"

    @property
    def is_public(self) -> bool:
        """Whether it needs no token."""
        return not self.roles

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Of the body."""
        return TypeAdapter(self.body)


OPERATIONS: dict[str, Operation] = {}
"""By name, in the order of their declaration."""


class DeclaredTwiceError(Exception):
    """Two operations of one name."""


def operation(
    method: str, path: str, scope: Scope | None, roles: frozenset[Role], **declared: Any
) -> Callable[[Handler], Handler]:
    """Declare an operation: its address below ``/api/v1``, who may call it, and what goes in and out."""

    def add(handler: Handler) -> Handler:
        name = handler.__name__
        if name in OPERATIONS:
            raise DeclaredTwiceError(name)
        one = OPERATIONS[name] = Operation(name, method, path, scope, roles, handler=handler, **declared)
        blueprint.add_url_rule(path, name, permissions.allow_by_token(_view(one)), methods=[method])
        return handler

    return add


def _view(one: Operation) -> Callable[..., Response]:
    def view(**ids: int | str) -> Response:
        return _served(one, ids)

    return view


def _served(one: Operation, ids: Mapping[str, int | str]) -> Response:
    request.max_content_length = one.most_bytes
    if one.is_public:
        query = reading_in.query_of(one.query)
        return _response(one, one.handler(query, **ids))
    person = _bearer()
    g.bearer = person
    _require_allowed(one, person)
    raw = reading_in.raw_body(expected=one.body is not None)
    body = reading_in.body_of(one.adapter, raw) if one.body is not None and not one.file else None
    query = reading_in.query_of(one.query)
    key = _key(one)
    revision = _revision(one)
    if not one.writes:
        _note_use(person)
    with transaction() if one.writes else reading() as session:
        call = Call(session, person, now(), body, query, raw, revision)
        response = _once(one, call, ids, key)
        if one.writes and api_tokens.use_to_note(person, now()):
            api_tokens.note_use(session, now(), person.token_id)
    if one.sensitive:
        _note_reading(one, person, ids)
    return response


def _note_reading(one: Operation, person: Bearer, ids: Mapping[str, int | str]) -> None:
    with transaction() as session:
        named = next((row_id for row_id in ids.values() if isinstance(row_id, int)), None)
        record(session, person.actor, now(), "file.read", "planning_file", named, operation=one.name)


def _bearer() -> Bearer:
    """Whom the token of this request speaks for; cookies are never looked at."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise NoTokenError("api.token.missing", 401, "")
    with reading() as session:
        return api_tokens.bearer_of(session, now(), secret.strip())


def _require_allowed(one: Operation, person: Bearer) -> None:
    if one.scope is not None and one.scope not in person.scopes:
        challenge = f'error="insufficient_scope", scope="{one.scope.value}"'
        raise NoTokenError("api.token.scope", 403, challenge, scope=one.scope.value)
    if person.role not in one.roles:
        raise RefusedError("api.token.role", 403, role=person.role.value)


def _note_use(person: Bearer) -> None:
    if api_tokens.use_to_note(person, now()):
        with transaction() as session:
            api_tokens.note_use(session, now(), person.token_id)


def _key(one: Operation) -> str | None:
    key = request.headers.get(KEY_HEADER)
    if key is None or one.method != "POST":
        return None
    if not KEY_FORM.fullmatch(key):
        raise RefusedError("api.key.malformed", 422)
    return key


def _revision(one: Operation) -> str | None:
    """The one revision that ``If-Match`` names; ``*`` is any."""
    named = request.headers.get("If-Match", "").strip()
    if named == "*":
        return None
    if not named and one.needs_revision:
        raise RefusedError("api.revision.missing", 428)
    return named.removeprefix("W/").strip('"') or None


def _once(one: Operation, call: Call, ids: Mapping[str, int | str], key: str | None) -> Response:
    """The answer; a request that was named and answered before gets that answer again and does nothing."""
    if key is None:
        return _response(one, one.handler(call, **ids))
    asked = idempotency.hash_of(one.method, request.full_path, [_content(call), call.revision])
    row = idempotency.begun(call.session, call.now, call.bearer.user_id, key, asked)
    if row.answer is not None:
        return _again(row)
    response = _response(one, one.handler(call, **ids))
    kept = {"body": response.get_data(as_text=True), "revision": response.headers.get("ETag")}
    idempotency.answered(call.session, row, response.status_code, kept)
    return response


def _content(call: Call) -> Any:
    """What was sent, the same whatever the order of its fields."""
    return (
        call.body.model_dump(mode="json") if isinstance(call.body, BaseModel) else call.raw.decode("utf-8", "replace")
    )


def _again(row: IdempotencyKey) -> Response:
    kept = row.answer or {}
    response = Response(kept["body"], row.status, mimetype="application/json" if kept["body"] else None)
    if kept["revision"]:
        response.headers["ETag"] = kept["revision"]
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _response(one: Operation, answer: Answer) -> Response:
    status = answer.status or one.status
    if answer.content is None and answer.file is None:
        response = Response(status=204 if status == 200 else status)
        response.content_type = ""
    else:
        response = Response(_json(answer), status, mimetype="application/json")
    if answer.revision is not None:
        response.set_etag(answer.revision)
    if answer.revision is not None and not one.writes:
        response.make_conditional(request)
    return response


def _json(answer: Answer) -> str:
    if answer.content is not None:
        return answer.content.model_dump_json()
    return json.dumps(answer.file, ensure_ascii=False)


__all__ = ["AGENT", "AGENT_OR_MANAGER", "ANY_ROLE", "MANAGER", "OPERATIONS", "Answer", "Call", "Operation", "operation"]
