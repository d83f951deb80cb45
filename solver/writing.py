"""Writing a roster file: whole or not at all, and the same bytes for the same roster."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from solver.problem import Duty, SpanOfTime
from solver.roster import Roster
from solver.timeline import Timeline

_READABLE_BY_ALL = 0o666


def write_roster(roster: Roster, path: Path | str, timeline: Timeline | None = None) -> None:
    """Write a ``.json`` or ``.json.gz`` file in one step, so that nobody ever reads half of it.

    :param timeline: gives the site's offset to instants that carry another one
    :raises OSError: where the file cannot be written; one that stood there before is then unharmed
    """
    content = roster_bytes(roster, timeline)
    write_whole(Path(path), gzip.compress(content, mtime=0) if str(path).endswith(".gz") else content)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place in one step: a temporary file beside it takes its name; raises OSError."""
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = path.resolve()
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(_READABLE_BY_ALL & ~_mask())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def roster_bytes(roster: Roster, timeline: Timeline | None = None) -> bytes:
    """The file's bytes: names in the format's order, a line for each duty, instants with the site's offset."""
    return ("{\n" + ",\n".join(_lines(roster, timeline)) + "\n}\n").encode()


def _lines(roster: Roster, timeline: Timeline | None) -> Iterator[str]:
    content = roster.model_dump(mode="json", exclude_none=True, exclude={"duties"})
    for name in Roster.model_fields:
        if name == "duties":
            duties = ",\n".join(f"  {_text(_duty(duty, timeline))}" for duty in roster.duties)
            yield f' "duties": [\n{duties}\n ]' if duties else ' "duties": []'
        elif name in content:
            yield f' "{name}": {_text(_plain(content[name]))}'


def _text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def _plain(content: Any) -> Any:
    """Whole numbers without a decimal point, as the format writes them."""
    if isinstance(content, dict):
        return {name: _plain(value) for name, value in content.items()}
    if isinstance(content, float) and content.is_integer():
        return int(content)
    return content


def _duty(duty: Duty, timeline: Timeline | None) -> dict[str, Any]:
    content: dict[str, Any] = {"agent": duty.agent, **_span(duty, timeline)}
    if duty.breaks:
        content["breaks"] = [_span(pause, timeline) for pause in duty.breaks]
    content["place"] = duty.place
    if duty.desk is not None:
        content["desk"] = duty.desk
    if duty.serves:
        content["serves"] = [{"queue": part.queue, **_span(part, timeline)} for part in duty.serves]
    return content


def _span(span: SpanOfTime, timeline: Timeline | None) -> dict[str, str]:
    return {"start": _instant(span.start, timeline), "end": _instant(span.end, timeline)}


def _instant(instant: datetime, timeline: Timeline | None) -> str:
    return (instant if timeline is None else instant.astimezone(timeline.zone)).isoformat()
