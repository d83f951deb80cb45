"""Importing call history: a file is understood and shown first, and taken over only then, all or nothing."""

from __future__ import annotations

import base64
import binascii
import zlib
from zoneinfo import ZoneInfo

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import RefusedError
from app.models import Queue, Role
from app.services import manager_calls
from app.services.call_import import CallFileFaults, CallFilePreview, understand_calls
from app.services.lookup import of_site
from app.views.common import actor, go, my_site_id, now, reading, say, t, transaction, zone
from app.views.manager.form_fields import FormReader
from app.views.manager.routes import blueprint
from solver.faults import InputFault
from solver.rules import Fact

MOST_FILE_BYTES = 12 * 1024 * 1024
MOST_PACKED_CHARACTERS = 450_000
"""What a form field may hold; a year of quarter hours packs into a tenth of it."""
SHOWN_FAULTS = 50


@blueprint.get("/queues/<int:queue_id>/calls")
@permissions.allow(Role.MANAGER)
def calls(queue_id: int) -> str:
    """The form for a file."""
    return _form(queue_id)


@blueprint.post("/queues/<int:queue_id>/calls/preview")
@permissions.allow(Role.MANAGER)
def preview_calls(queue_id: int) -> str | tuple[str, int]:
    """What was understood of a file, or everything that is wrong with it."""
    file = request.files.get("file")
    raw = file.stream.read(MOST_FILE_BYTES + 1) if file is not None else b""
    form = FormReader(request.form)
    scale = form.number("scale", 0.0001, 1000)
    if form.faults:
        return _form(queue_id, form.faults["scale"]), 422
    try:
        preview = _understood(raw, scale)
        packed = _packed(raw)
    except CallFileFaults as refused:
        return _form(queue_id, faults=refused.faults), 422
    except RefusedError as refused:
        return _form(queue_id, t(refused.key, **refused.facts)), refused.status
    with reading() as session:
        queue = of_site(session, Queue, queue_id, my_site_id())
        replaced = manager_calls.replaced_intervals(session, queue, preview)
    return render_template(
        "manager/calls_preview.html", queue=queue, preview=preview, replaced=replaced, packed=packed, scale=scale
    )


@blueprint.post("/queues/<int:queue_id>/calls")
@permissions.allow(Role.MANAGER)
def import_calls(queue_id: int) -> AnyResponse | tuple[str, int]:
    """Take over the file that was previewed; it is read once more, so nothing that was typed is trusted."""
    scale = FormReader(request.form).number("scale", 0.0001, 1000) or 1.0
    try:
        preview = _understood(_unpacked(request.form.get("packed", "")), scale)
        with transaction() as session:
            queue = of_site(session, Queue, queue_id, my_site_id())
            intervals = manager_calls.store_calls(session, actor(), now(), queue, preview)
    except CallFileFaults as refused:
        return _form(queue_id, faults=refused.faults), 422
    say("manager_calls.done", intervals=intervals, queue=queue.name)
    return go("manager.queue", queue_id=queue_id)


def _understood(raw: bytes, scale: float) -> CallFilePreview:
    if len(raw) > MOST_FILE_BYTES:
        facts: dict[str, Fact] = {"megabytes": len(raw) // 1_000_000, "most": MOST_FILE_BYTES // 1_000_000}
        raise CallFileFaults([InputFault("", "file_too_large", facts)])
    return understand_calls(raw, zone=ZoneInfo(zone()), scale=scale)


def _packed(raw: bytes) -> str:
    packed = base64.b64encode(zlib.compress(raw, 9)).decode("ascii")
    if len(packed) > MOST_PACKED_CHARACTERS:
        raise RefusedError("manager_calls.too_long", 422)
    return packed


def _unpacked(packed: str) -> bytes:
    """The file again, or nothing, which is then refused as an empty file."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MOST_FILE_BYTES)
    except (binascii.Error, zlib.error, ValueError):
        return b""


def _form(queue_id: int, fault: str = "", faults: list[InputFault] | None = None) -> str:
    with reading() as session:
        queue = of_site(session, Queue, queue_id, my_site_id())
        known = manager_calls.known_calls(session, queue_id)
    sentences = [t(f"call_import.{one.code}", **one.facts) for one in (faults or [])[:SHOWN_FAULTS]]
    return render_template(
        "manager/calls.html",
        queue=queue,
        known=known,
        fault=fault,
        sentences=sentences,
        hidden=max(0, len(faults or []) - SHOWN_FAULTS),
        scale=request.form.get("scale", "1"),
    )
