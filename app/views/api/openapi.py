"""The OpenAPI 3.1 document, made from what the operations declare; there is no second description to keep up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from flask import Response
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from app.models import Scope
from app.permissions import allow_by_token
from app.services.api_tokens import ROLES_OF
from app.views.api.operation import KEY_FORM, KEY_HEADER, OPERATIONS, Operation
from app.views.api.routes import blueprint
from app.views.api.schema import DAY
from app.views.common import MAX_ID
from app.views.problems import MIME_TYPE, TITLED

VERSION = "1.0.0"
REFERENCE = "#/components/schemas/{model}"
PATH_VARIABLE = re.compile(r"<(?:int:)?(\w+)>")
WORDS_IN_PATHS: dict[str, dict[str, Any]] = {
    "monday": {"type": "string", "pattern": f"^{DAY}$", "examples": ["2020-03-30"]},
    "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]*(\\.[a-z0-9_]+)+$", "examples": ["booking.breaks_rule"]},
    "kind": {"type": "string", "enum": ["repeated", "dated"]},
}


class FaultTold(BaseModel):
    """One field or parameter that cannot be used."""

    pointer: str
    detail: str
    facts: dict[str, Any]


class ProblemDetails(BaseModel):
    """A refusal, after RFC 9457.

    ``type`` ends in the name of the refusal. ``rule`` is the name of the roster's rule that it would break;
    ``findings`` tells each breach, ``errors`` each fault of the body, ``changed`` what became of a duty.
    """

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    instance: str
    facts: dict[str, Any]
    rule: str | None = None
    errors: list[FaultTold] | None = None


Part = tuple[str, JsonSchemaMode]


@blueprint.get("/openapi.json")
@allow_by_token
def openapi() -> Response:
    """This description; nobody has to sign in for it."""
    return Response(_document_text(), mimetype="application/json")


@lru_cache(maxsize=1)
def _document_text() -> str:
    return json.dumps(document(), ensure_ascii=False)


def document() -> dict[str, Any]:
    """The whole description as JSON values."""
    parts, definitions = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS.values():
        address = PATH_VARIABLE.sub(r"{\1}", one.path)
        paths.setdefault(address, {})[one.method.lower()] = _described(one, parts)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Abstand", "version": VERSION, "description": _about()},
        "servers": [{"url": "/api/v1"}],
        "tags": [{"name": name} for name in _tags()],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": _scopes()}},
        },
    }


def _about() -> str:
    return (
        "Every refusal is a problem after RFC 9457 in German or English (Accept-Language). Times are instants with an "
        "offset from UTC, or clock times at the site; answers have the site's offset."
    )


def _scopes() -> str:
    lines = [f"- `{scope.value}`: {', '.join(sorted(ROLES_OF[scope]))}" for scope in Scope]
    return "\n".join(
        ["A token of `abstand token create USER --scope …`. Scopes, and the roles that may use them:", *lines]
    )


def _tags() -> list[str]:
    return list(dict.fromkeys(_tag(one) for one in OPERATIONS.values()))


def _tag(one: Operation) -> str:
    if one.scope is not None:
        return one.scope.value
    return "about" if one.is_public else "me"


def _schemas() -> tuple[dict[Part, Any], dict[str, Any]]:
    """The schema of each body and answer by operation, and what they refer to."""
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        ("problem", "serialization", TypeAdapter(ProblemDetails))
    ]
    for one in OPERATIONS.values():
        if one.body is not None:
            inputs.append((one.name, "validation", one.adapter))
        if one.answer is not None:
            inputs.append((one.name, "serialization", TypeAdapter(one.answer)))
    schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=REFERENCE)
    return dict(schemas), definitions.get("$defs", {})


def _described(one: Operation, parts: dict[Part, Any]) -> dict[str, Any]:
    about = (one.handler.__doc__ or "").strip().split("\n\n")
    described: dict[str, Any] = {
        "operationId": one.name,
        "tags": [_tag(one)],
        "summary": " ".join(about[0].split()),
        "description": _who(one),
        "parameters": list(_parameters(one)),
        "responses": {**_answer(one, parts), **_problems(one, parts)},
        "security": [] if one.is_public else [{"bearer": [] if one.scope is None else [one.scope.value]}],
    }
    if one.body is not None:
        content = {"application/json": {"schema": parts[one.name, "validation"]}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _who(one: Operation) -> str:
    if one.is_public:
        return "Needs no token."
    scope = "any token" if one.scope is None else f"scope `{one.scope.value}`"
    return f"For {', '.join(sorted(one.roles))}; {scope}."


def _parameters(one: Operation) -> Iterator[dict[str, Any]]:
    for name in PATH_VARIABLE.findall(one.path):
        schema = WORDS_IN_PATHS.get(name, {"type": "integer", "minimum": 1, "maximum": MAX_ID})
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    if one.query is not None:
        yield from _query(one.query)
    if one.method == "POST":
        schema = {"type": "string", "pattern": f"^{KEY_FORM.pattern}$"}
        about = "The same key and the same request get the same answer, and act once."
        yield {"name": KEY_HEADER, "in": "header", "schema": schema, "description": about}
    if one.needs_revision:
        about = "The ETag that was seen, or *."
        yield {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}, "description": about}


def _query(kind: type[BaseModel]) -> Iterator[dict[str, Any]]:
    schema = kind.model_json_schema(mode="validation")
    for name, content in schema["properties"].items():
        choices = [one for one in content.get("anyOf", ()) if one.get("type") != "null"]
        plain = (
            {**choices[0], **({} if content.get("default") is None else {"default": content["default"]})}
            if choices
            else content
        )
        plain = {
            word: value
            for word, value in plain.items()
            if word != "title" and not (word == "default" and value is None)
        }
        yield {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": plain}


def _answer(one: Operation, parts: dict[Part, Any]) -> dict[str, Any]:
    if one.answer is None:
        return {"204": {"description": "Done; nothing to tell."}}
    unchanged: dict[str, Any] = {}
    answer: dict[str, Any] = {
        "description": "Done.",
        "content": {"application/json": {"schema": parts[one.name, "serialization"]}},
    }
    if one.has_revision and one.method == "GET":
        unchanged = {"304": {"description": "As If-None-Match says it was seen."}}
    if one.has_revision:
        answer["headers"] = {"ETag": {"description": "The revision, for If-Match.", "schema": {"type": "string"}}}
    return {str(one.status): answer, **unchanged}


def _problems(one: Operation, parts: dict[Part, Any]) -> dict[str, Any]:
    content = {MIME_TYPE: {"schema": parts["problem", "serialization"]}}
    refused = [status for status in TITLED if status not in _impossible(one)]
    return {str(status): {"description": f"Refused: {status}.", "content": content} for status in refused}


def _impossible(one: Operation) -> set[int]:
    """Answers that an operation never gives."""
    never = {405, 429}
    if one.is_public:
        never |= {401, 403}
    if one.body is None:
        never |= {413, 415}
    if not one.needs_revision:
        never |= {412, 428}
    return never
