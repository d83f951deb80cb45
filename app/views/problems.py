"""Errors of the JSON API as problem details (RFC 9457), in the language that the client asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from app.errors import RefusedError
from app.messages import formats, text
from app.models import Role
from app.services.api_tokens import Bearer
from app.services.availability_entry import EntryClosedError
from app.services.closing import NowhereToSitError
from app.services.duty_history import Became, DutyChangedError
from app.services.publishing import BreaksRulesError
from app.services.roster_guard import SHIFT_FULL, BreaksRuleError, ShiftTakenError
from app.services.roster_import import ImportBreaksRulesError
from app.views.common import DEFAULT_ZONE, browser_language
from app.views.told_findings import told_findings
from solver.faults import InputFault
from solver.rules import Fact, Rule
from solver.sentences import Language, fault_sentence, rule_title

MIME_TYPE = "application/problem+json"
TYPES = "/api/v1/problems/"
TITLED = (400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 500, 503)
SAID_OF_CODES = (400, 404, 405, 413, 415, 429, 500)
MOST_FINDINGS = 50


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a request.

    :param pointer: JSON pointer into the body as a fragment, or the parameter's name
    :param key: of the sentence, without ``api.fault.`` where it is of the body's form
    """

    pointer: str
    key: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class FileFault(Fault):
    """One thing that is wrong in a problem or roster file; ``key`` is one of the files' own."""


class FaultyRequestError(RefusedError):
    """A request whose body or parameters cannot be used."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("api.body.faults", 422, count=len(faults))
        self.faults = list(faults)


class NoTokenError(RefusedError):
    """A request that names no token, or none that opens anything here.

    :param challenge: what ``WWW-Authenticate`` says besides the realm
    """

    def __init__(self, key: str, status: int, challenge: str, **facts: Fact) -> None:
        super().__init__(key, status, **facts)
        self.challenge = challenge


class RevisionError(RefusedError):
    """A change of something that is no longer as it was seen.

    :param now: its revision, with ``present`` as it is now
    """

    def __init__(self, now: str, present: Any = None) -> None:
        super().__init__("api.revision.changed", 412, revision=now)
        self.present = present


class ShiftGoneError(RefusedError):
    """An open shift that was on the list and is not any more.

    :param instead: the shift that took its place, None where there is none
    """

    def __init__(self, refusal: RefusedError, instead: Mapping[str, Any] | None) -> None:
        super().__init__(refusal.key, refusal.status, **refusal.facts)
        self.rule = SHIFT_FULL if isinstance(refusal, ShiftTakenError) else None
        self.instead = instead


def under_api() -> bool:
    """Whether this request is answered in JSON, whatever becomes of it."""
    return request.path == "/api" or request.path.startswith("/api/")


def bearer() -> Bearer | None:
    """Whom the request's token speaks for, once it has been looked up."""
    return cast("Bearer | None", g.get("bearer"))


def spoken() -> Language:
    """The language the client asks for, else the person's, else German."""
    person = bearer()
    asked = browser_language() or (person.language.value if person is not None else "de")
    return "en" if asked == "en" else "de"


def zone() -> str:
    """Time zone of the person's site."""
    person = bearer()
    return (person.time_zone if person is not None else None) or DEFAULT_ZONE


def problem(key: str, status: int, facts: Mapping[str, Fact], detail: str, **members: Any) -> Response:
    """One answer that says what is wrong."""
    titled = status if status in TITLED else 500 if status >= 500 else 400
    content = {
        "type": TYPES + key,
        "title": text(f"api.title.{titled}", spoken()),
        "status": status,
        "detail": detail,
        "instance": request.path,
        "facts": dict(facts),
        **members,
    }
    response = Response(json.dumps(content, ensure_ascii=False), status, mimetype=MIME_TYPE)
    response.headers["Content-Language"] = spoken()
    response.headers["Vary"] = "Accept-Language, Authorization"
    return response


def of_http(error: HTTPException) -> Response:
    """What the framework refuses: unknown addresses, methods, sizes."""
    if isinstance(error, MethodNotAllowed) and not _exists(error):
        error = NotFound()
    status = error.code or 500
    said = status if status in SAID_OF_CODES else 500 if status >= 500 else 400
    facts: dict[str, Fact] = {}
    if isinstance(error, MethodNotAllowed):
        facts["allowed"] = ", ".join(sorted(error.valid_methods or ()))
    if said == 413:
        facts["most_kilobytes"] = (request.max_content_length or 0) // 1024
    key = f"api.http.{said}"
    response = problem(key, status, facts, text(key, spoken(), **facts))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _exists(error: MethodNotAllowed) -> bool:
    """Whether any method has this address: one whose id is none is taken for a wrong method otherwise."""
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and any(adapter.test(request.path, method) for method in error.valid_methods or ())


def of_refusal(error: RefusedError) -> Response:
    """What a service refuses, with its rule and its facts."""
    facts, members = _told(error)
    response = problem(error.key, error.status, facts, _detail(error), **members)
    if error.status == 401:
        challenge = error.challenge if isinstance(error, NoTokenError) else 'error="invalid_token"'
        response.headers["WWW-Authenticate"] = f'Bearer realm="abstand", {challenge}'.rstrip(", ")
    elif isinstance(error, NoTokenError):
        response.headers["WWW-Authenticate"] = f'Bearer realm="abstand", {error.challenge}'
    if isinstance(error, RevisionError):
        response.headers["ETag"] = f'"{error.facts["revision"]}"'
    return response


def of_fault() -> Response:
    """What nobody foresaw; it has been logged."""
    return problem("api.http.500", 500, {}, text("api.http.500", spoken()))


def of_database_away() -> Response:
    """That the database does not answer; the same request may be sent again."""
    return problem("api.http.503", 503, {}, text("api.http.503", spoken()))


def _detail(error: RefusedError) -> str:
    facts = dict(error.facts)
    if isinstance(error, EntryClosedError):
        facts["at"] = formats.moment(error.closed_at, spoken(), zone())
    if facts.get("rule") in set(Rule):
        facts["rule"] = rule_title(Rule(str(facts["rule"])), spoken())
    return text("api.http.404" if error.key == "error.404.what" else error.key, spoken(), **facts)


def _told(error: RefusedError) -> tuple[dict[str, Fact], dict[str, Any]]:
    """The facts of a refusal, and the members of its problem besides."""
    members = next((tell(error) for kind, tell in MEMBERS if isinstance(error, kind)), {})
    return {name: fact for name, fact in error.facts.items() if name not in members}, members


def _of_broken_rule(error: BreaksRuleError) -> dict[str, Any]:
    if error.timeline is None:
        return {"rule": error.rule}
    return {"rule": error.rule, "findings": _findings(error.findings, error.timeline)}


def _of_broken_rules(error: BreaksRulesError) -> dict[str, Any]:
    members: dict[str, Any] = {"rule": error.findings[0].rule.value}
    if isinstance(error, ImportBreaksRulesError):
        members["findings"] = _findings(error.findings, error.timeline)
    return members


def _of_nowhere(error: NowhereToSitError) -> dict[str, Any]:
    return {"left": [{"name": name, "start": _local(start), "end": _local(end)} for name, start, end in error.left]}


MEMBERS: tuple[tuple[type[RefusedError], Callable[[Any], dict[str, Any]]], ...] = (
    (BreaksRuleError, _of_broken_rule),
    (BreaksRulesError, _of_broken_rules),
    (ShiftTakenError, lambda _error: {"rule": SHIFT_FULL}),
    (ShiftGoneError, lambda error: {"rule": error.rule, "instead": error.instead}),
    (FaultyRequestError, lambda error: {"errors": [_said(fault) for fault in error.faults]}),
    (NowhereToSitError, _of_nowhere),
    (RevisionError, lambda error: {"present": error.present}),
    (DutyChangedError, lambda error: {"changed": _changed(error.became)}),
)
"""What a refusal tells besides its facts, the most special first."""


def _changed(became: Became) -> dict[str, Any]:
    before, after = ([_duty(duty) for duty in duties] for duties in (became.before, became.after))
    return {"kind": became.kind, "at": _local(became.happened_at), "before": before, "after": after}


def _duty(duty: Mapping[str, Any]) -> dict[str, Any]:
    start, end = (_local(datetime.fromisoformat(duty[name])) for name in ("starts_at", "ends_at"))
    return {"id": duty["duty_id"], "start": start, "end": end, "place": duty["place"], "desk_key": duty["desk"]}


def _local(instant: datetime) -> str:
    return instant.astimezone(ZoneInfo(zone())).isoformat()


def _findings(findings: Sequence[Any], timeline: Any) -> list[dict[str, Any]]:
    person = bearer()
    everything = person is not None and person.role is Role.MANAGER
    own_key = None if everything or person is None else (person.agent_key or "")
    return told_findings(findings[:MOST_FINDINGS], timeline, spoken(), own_key)


def _said(fault: Fault) -> dict[str, Any]:
    if isinstance(fault, FileFault):
        detail = fault_sentence(InputFault("", fault.key, dict(fault.facts)), spoken())
        return {"pointer": fault.pointer, "detail": detail, "facts": dict(fault.facts)}
    key = fault.key if "." in fault.key else f"api.fault.{fault.key}"
    return {"pointer": fault.pointer, "detail": text(key, spoken(), **fault.facts), "facts": dict(fault.facts)}
