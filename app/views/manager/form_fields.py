"""Numbers as people type them, with the sentence that says what is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.views.common import t

HOUR = 60
CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")
NUMBER = re.compile(r"[0-9]{1,9}([.,][0-9]{1,6})?")


@dataclass
class FormReader:
    """Reads fields one by one and keeps what is wrong with each, so that all of it is shown at once."""

    typed: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, least: float, most: float) -> float:
        """A number from ``least`` to ``most``, with a comma or a point; 0 where it is faulty."""
        text = self.typed.get(name, "").strip()
        amount = float(text.replace(",", ".")) if NUMBER.fullmatch(text) else math.nan
        if not least <= amount <= most:
            self.faults[name] = t("manager_form.number", least=least, most=most)
            return 0.0
        return amount

    def optional_number(self, name: str, least: float, most: float) -> float | None:
        """The same, or None where the field is empty."""
        return self.number(name, least, most) if self.typed.get(name, "").strip() else None

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number; 0 where it is faulty."""
        amount = self.number(name, least, most)
        if not amount.is_integer():
            self.faults[name] = t("manager_form.whole", least=least, most=most)
        return int(amount)

    def day(self, name: str) -> date:
        """A local date; today's century at least."""
        try:
            chosen = date.fromisoformat(self.typed.get(name, "").strip())
        except ValueError:
            chosen = date.min
        if not 2000 <= chosen.year <= 2100:
            self.faults[name] = t("manager.no_date")
        return chosen

    def clock(self, name: str) -> int:
        """A time of day as ``08:30``, in minutes after 00:00; 24:00 is the end of the day."""
        text = self.typed.get(name, "").strip()
        found = CLOCK.fullmatch(text)
        minutes = int(found[1]) * HOUR + int(found[2]) if found else -1
        if not 0 <= minutes <= 24 * HOUR:
            self.faults[name] = t("manager_form.clock")
            return 0
        return minutes

    def moment(self, name: str) -> tuple[date, int] | None:
        """A local date and minutes after 00:00, as browsers send a date with a time; None where it is faulty."""
        day_text, _, clock_text = self.typed.get(name, "").strip().partition("T")
        part = FormReader({"day": day_text, "clock": clock_text[:5]})
        day, minutes = part.day("day"), part.clock("clock")
        if part.faults:
            self.faults[name] = t("manager_form.moment")
            return None
        return day, minutes

    def text(self, name: str, most: int) -> str:
        """A text that is not empty and not too long."""
        text = " ".join(self.typed.get(name, "").split())
        if not text or len(text) > most or not text.isprintable():
            self.faults[name] = t("manager_form.text", most=most)
        return text

    @property
    def revision(self) -> int:
        """The revision of the row that the form was made of; -1, which no row has, where it is missing."""
        text = self.typed.get("revision", "")
        return int(text) if text.isdecimal() and len(text) < 10 else -1
