"""An agent's own week as it is in force."""

from __future__ import annotations

from datetime import date, timedelta

from app.models import LiveWeek, Scope, WeekState
from app.services import duty_lists, my_week, weeks
from app.views.api.duties import DutyTold, span_of_days, told_line
from app.views.api.operation import AGENT, Answer, Call, operation
from app.views.api.schema import MOST_LISTED, Input, Output, QueryId

LAST_DAY = timedelta(days=6)


class WeekAsked(Input):
    """A week by its id; without it the one that matters now."""

    week: QueryId | None = None


class MyWeekTold(Output):
    """The own duties of a week, bookings, swaps and absences included. ``version`` is null before publication."""

    week: int | None
    first_day: date
    state: WeekState | None
    version: int | None
    duties: list[DutyTold]
    work_minutes: int


@operation("GET", "/my-week", Scope.MY_WEEK, AGENT, query=WeekAsked, answer=MyWeekTold, has_revision=True)
def show_my_week(call: Call) -> Answer:
    """The own duties of a week as they are in force now."""
    asked: WeekAsked = call.query
    if asked.week is None:
        shown = my_week.current_week(call.session, call.actor, call.now)
    else:
        shown = my_week.week_of(call.session, call.actor, asked.week)
    span = span_of_days(call, shown.first_day, shown.first_day + LAST_DAY)
    part = duty_lists.duty_part(call.session, call.site_id, span, agent_id=call.bearer.agent_id, limit=MOST_LISTED)
    week = shown.week
    live = None if week is None else call.session.get(LiveWeek, week.id)
    told = MyWeekTold(
        week=None if week is None else week.id,
        first_day=shown.first_day,
        state=None if week is None else weeks.shown_state(shown.site, week, call.now),
        version=None if shown.version is None else shown.version.number,
        duties=[told_line(line, call.zone) for line in part.lines],
        work_minutes=sum(_work_minutes(line) for line in part.lines),
    )
    return Answer(told, revision=None if week is None else f"{week.id}-{live.revision if live else 0}-{told.state}")


def _work_minutes(line: duty_lists.DutyLine) -> int:
    away = sum((span.ends_at - span.starts_at for span in line.duty.breaks), timedelta())
    return round((line.duty.ends_at - line.duty.starts_at - away).total_seconds() / 60)
