"""What is wrong with a file that cannot be used: facts with the place in the file, never text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from solver.rules import Fact, Finding
from solver.timeline import Timeline


@dataclass(frozen=True)
class InputFault:
    """One thing that makes a file unusable.

    :param place: where in the file, e.g. ``agents[3].fixed[0].start``, or ``line 7, column 2``, or empty
    :param code: the key of the sentence, e.g. ``unknown_queue``
    :param facts: what the sentence needs besides the place
    """

    place: str
    code: str
    facts: dict[str, Fact] = field(default_factory=dict)


class UnusableInputError(Exception):
    """A problem or roster file that cannot be used, with every fault that was found in it.

    :param faults: at least one
    :param findings: where ``fixed`` duties break rules: the breaches
    :param timeline: for the times in ``findings``
    """

    def __init__(
        self, faults: Sequence[InputFault], findings: Sequence[Finding] = (), timeline: Timeline | None = None
    ) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.code}" for fault in faults))
        self.faults = list(faults)
        self.findings = list(findings)
        self.timeline = timeline
        self.source = ""
        """The file's name, where it was read from one."""


def place_of(location: Sequence[str | int]) -> str:
    """``("agents", 3, "start")`` as ``agents[3].start``."""
    return place_in(None, location)


def place_in(content: object, location: Sequence[str | int]) -> str:
    """``agents[3] (a004).fixed[0].start``: a location in a file's content, list entries with their id.

    :param content: the file's content as parsed JSON or as a model of it
    """
    place = ""
    for depth, part in enumerate(location):
        content = step(content, part)
        if isinstance(part, int):
            place += f"[{part}]{_label(content, at_top=depth == 1)}"
        else:
            place += f".{printable(part)}" if place else printable(part)
    return place


def printable(text: str) -> str:
    """The text without characters that could steer a terminal, at most 80 of them."""
    shown = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text[:80])
    return shown + "…" if len(text) > len(text[:80]) else shown


def step(content: object, part: str | int) -> object:
    """What stands at a name or an index of parsed JSON or of a model; None where nothing does."""
    if isinstance(content, dict):
        return content.get(part)
    if isinstance(content, list) and isinstance(part, int):
        return content[part] if part < len(content) else None
    return getattr(content, part, None) if isinstance(part, str) else None


def _label(entry: object, *, at_top: bool) -> str:
    for key in ("id", "agent", "queue") if at_top else ("id",):
        name = step(entry, key)
        if isinstance(name, str) and name:
            return f" ({printable(name)})"
    return ""
