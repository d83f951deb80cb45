"""When mail may come: by each person's clock, over midnight and clock changes, and urgent things in time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.models import MailDelivery, MailWish
from app.services.quiet_hours import due_at, is_quiet

BERLIN = "Europe/Berlin"


def wish(**changes: Any) -> MailWish:
    """20:00 to 07:00, at once."""
    return MailWish(
        **{
            "user_id": 1,
            "delivery": MailDelivery.AT_ONCE,
            "daily_clock_minutes": 17 * 60,
            "quiet_from_clock_minutes": 20 * 60,
            "quiet_to_clock_minutes": 7 * 60,
            "urgent_any_time": True,
            **changes,
        }
    )


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)


DAILY = {"delivery": MailDelivery.DAILY}
NO_QUIET = {"quiet_from_clock_minutes": 0, "quiet_to_clock_minutes": 0}
NOON_QUIET = {"quiet_from_clock_minutes": 12 * 60, "quiet_to_clock_minutes": 13 * 60}
STRICT = {"urgent_any_time": False}


@pytest.mark.parametrize(
    ("wishes", "created", "needed_by", "due"),
    [
        ({}, "2020-03-25T10:00", None, "2020-03-25T10:00"),
        ({}, "2020-03-25T19:59", None, "2020-03-25T19:59"),
        ({}, "2020-03-25T20:00", None, "2020-03-26T07:00"),
        ({}, "2020-03-26T03:00", None, "2020-03-26T07:00"),
        ({}, "2020-03-26T06:59", None, "2020-03-26T07:00"),
        ({}, "2020-03-26T07:00", None, "2020-03-26T07:00"),
        (NO_QUIET, "2020-03-26T03:00", None, "2020-03-26T03:00"),
        (NOON_QUIET, "2020-03-26T12:30", None, "2020-03-26T13:00"),
        (NOON_QUIET, "2020-03-26T23:30", None, "2020-03-26T23:30"),
        (DAILY, "2020-03-25T10:00", None, "2020-03-25T17:00"),
        (DAILY, "2020-03-25T17:00", None, "2020-03-26T17:00"),
        (DAILY, "2020-03-25T18:00", None, "2020-03-26T17:00"),
        # A digest asked for in the middle of one's own quiet hours comes when they end.
        ({**DAILY, "daily_clock_minutes": 22 * 60}, "2020-03-25T10:00", None, "2020-03-26T07:00"),
        # What would come too late with the digest comes at once, in quiet hours only if it must.
        (DAILY, "2020-03-25T10:00", "2020-03-25T16:00", "2020-03-25T10:00"),
        (DAILY, "2020-03-25T21:00", "2020-03-26T08:00", "2020-03-26T07:00"),
        (DAILY, "2020-03-25T21:00", "2020-03-26T04:00", "2020-03-25T21:00"),
        ({}, "2020-03-25T21:00", "2020-03-26T07:00", "2020-03-26T07:00"),
        ({}, "2020-03-25T21:00", "2020-03-26T06:59", "2020-03-25T21:00"),
        (STRICT, "2020-03-25T21:00", "2020-03-26T06:59", "2020-03-26T07:00"),
        # The night of the clock change is an hour shorter or longer; the clock on the wall counts.
        ({}, "2020-03-28T23:00", None, "2020-03-29T07:00"),
        ({}, "2020-10-24T23:00", None, "2020-10-25T07:00"),
        # 02:30 does not come on that night; half an hour after the jump is as late as it would be.
        ({"quiet_to_clock_minutes": 150}, "2020-03-28T23:00", None, "2020-03-29T03:30"),
        ({}, "2020-12-31T22:00", None, "2021-01-01T07:00"),
        ({}, "2020-02-28T22:00", None, "2020-02-29T07:00"),
    ],
)
def test_when_a_mail_may_come(wishes: dict[str, Any], created: str, needed_by: str | None, due: str) -> None:
    needed = None if needed_by is None else local(needed_by)
    assert due_at(wish(**wishes), BERLIN, local(created), needed) == local(due)


def test_quiet_hours_are_those_of_the_persons_own_clock() -> None:
    at = datetime.fromisoformat("2020-07-01T18:30:00+00:00")
    assert is_quiet(wish(), BERLIN, at)
    assert not is_quiet(wish(), "Europe/Lisbon", at)
