"""What is wrong with a file that cannot be used: facts with the place in the file, never text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from solver.rules import Fact, Finding


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
    """

    def __init__(self, faults: Sequence[InputFault], findings: Sequence[Finding] = ()) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.code}" for fault in faults))
        self.faults = list(faults)
        self.findings = list(findings)


def place_of(location: Sequence[str | int]) -> str:
    """``("agents", 3, "start")`` as ``agents[3].start``."""
    place = ""
    for part in location:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    return place
