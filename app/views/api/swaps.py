"""Swapping duties and giving them away. Whom an offer concerns sees who else; an offer to all names nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints
from sqlmodel import col, select

from app.errors import NotFoundError
from app.models import Agent, CurrentDuty, OfferKind, OfferState, Scope, SwapOffer, Week
from app.services import swap_partners, swapping
from app.services.swapping import OfferLine
from app.views.api.duties import agent_id, changed_or_gone, today
from app.views.api.operation import AGENT, AGENT_OR_MANAGER, MANAGER, Answer, Call, operation
from app.views.api.schema import Id, IdOrKey, Input, Output, QueryId, local


class NewOffer(Input):
    """A duty to swap or to give away; ``to`` null is all whom it fits.

    ``wanted`` is the duty of ``to`` that is asked for in return.
    """

    duty: Id
    kind: Literal["swap", "give_away"]
    to: IdOrKey | None = None
    wanted: Id | None = None


class Acceptance(Input):
    """``own_duty`` is what is given in return, where the offer is a swap and names none."""

    own_duty: Id | None = None


class TimeTold(Output):
    """When and where a duty is; ``id`` names it as it was when it was offered."""

    id: int
    start: str
    end: str
    place: str


class OfferTold(Output):
    """An offer. Duties are null once they have changed; names are null for people who are not part of it."""

    id: int
    week: int
    kind: OfferKind
    state: OfferState
    mine: bool
    to_me: bool
    from_name: str | None
    to_name: str | None
    partner_name: str | None
    start: str
    end: str
    duty: TimeTold | None
    wanted: TimeTold | None
    in_return: TimeTold | None
    created: str
    expires: str


class OffersTold(Output):
    """Offers that the person made, may answer or, as a manager, may decide."""

    offers: list[OfferTold]


class OffersAsked(Input):
    """Of one week, by its id, or of all that are not over."""

    week: QueryId | None = None


class ColleaguesAsked(Input):
    """For a swap or to give away; ``search`` is part of a name or a staff number."""

    kind: Literal["swap", "give_away"] = "swap"
    search: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{0,80}$")] = ""


class ColleagueTold(Output):
    """Somebody to ask."""

    agent: int
    name: str


class ColleaguesTold(Output):
    """The first who fit; ``has_more`` where there may be others."""

    colleagues: list[ColleagueTold]
    has_more: bool


class ReturnsAsked(Input):
    """Whose duties."""

    colleague: QueryId


class ReturnsTold(Output):
    """Duties that could be had in return, in order of time."""

    duties: list[TimeTold]


class EventTold(Output):
    """Something that happened to an offer."""

    state: OfferState
    at: str


class HistoryTold(Output):
    """What happened to an offer, the first first."""

    events: list[EventTold]


def _told(call: Call, line: OfferLine) -> OfferTold:
    found, own = line.offer, call.bearer.agent_id
    concerned = own in {found.from_agent_id, found.to_agent_id, found.partner_agent_id} or own is None
    return OfferTold(
        id=found.id,
        week=found.week_id,
        kind=found.kind,
        state=found.state,
        mine=found.from_agent_id == own,
        to_me=found.to_agent_id == own is not None,
        from_name=_name(call, found.from_agent_id) if concerned else None,
        to_name=_name(call, found.to_agent_id) if concerned else None,
        partner_name=_name(call, found.partner_agent_id) if concerned else None,
        start=_at(call, found.starts_at),
        end=_at(call, found.ends_at),
        duty=_time(call, line.duty),
        wanted=_time(call, line.wanted) if concerned else None,
        in_return=_time(call, line.partner_duty) if concerned else None,
        created=_at(call, found.created_at),
        expires=_at(call, found.expires_at),
    )


def _name(call: Call, agent: int | None) -> str | None:
    return None if agent is None else call.session.get_one(Agent, agent).display_name


def _at(call: Call, instant: datetime) -> str:
    return local(instant, call.zone)


def _time(call: Call, duty: CurrentDuty | None) -> TimeTold | None:
    if duty is None:
        return None
    start, end = _at(call, duty.starts_at), _at(call, duty.ends_at)
    return TimeTold(id=duty.id, start=start, end=end, place=duty.place.value)


def _offer(call: Call, found: SwapOffer) -> Answer:
    def duty(row_id: int | None) -> CurrentDuty | None:
        return None if row_id is None else call.session.get(CurrentDuty, row_id)

    line = OfferLine(found, duty(found.duty_id), duty(found.wanted_duty_id), duty(found.partner_duty_id))
    return Answer(_told(call, line))


@operation("POST", "/swaps", Scope.SWAPS, AGENT, body=NewOffer, answer=OfferTold, status=201)
def offer_duty(call: Call) -> Answer:
    """Offer an own duty to somebody, or to all whom it fits."""
    asked: NewOffer = call.body
    to = agent_id(call, asked.to, "#/to")
    try:
        found = swapping.offer(
            call.session,
            call.actor,
            call.now,
            asked.duty,
            OfferKind(asked.kind),
            to_agent_id=to,
            wanted_duty_id=asked.wanted,
        )
    except NotFoundError as gone:
        raise changed_or_gone(call, asked.duty) from gone
    return _offer(call, found)


@operation("GET", "/swaps", Scope.SWAPS, AGENT_OR_MANAGER, query=OffersAsked, answer=OffersTold)
def list_offers(call: Call) -> Answer:
    """Offers made, to be answered or, as a manager, to be decided."""
    asked: OffersAsked = call.query
    ids = [asked.week] if asked.week is not None else _weeks_not_over(call)
    lines = [line for week in ids for line in swapping.offers_for(call.session, call.actor, call.now, week)]
    return Answer(OffersTold(offers=[_told(call, line) for line in lines]))


def _weeks_not_over(call: Call) -> list[int]:
    day = today(call)
    monday = day.fromordinal(day.toordinal() - day.weekday())
    query = select(Week.id).where(Week.site_id == call.site_id, col(Week.first_day) >= monday)
    return list(call.session.exec(query.order_by(col(Week.first_day))))


@operation(
    "GET",
    "/duties/<int:duty_id>/colleagues",
    Scope.SWAPS,
    AGENT,
    query=ColleaguesAsked,
    answer=ColleaguesTold,
)
def list_colleagues(call: Call, duty_id: int) -> Answer:
    """Colleagues whom an own duty would fit, by name: as it is, or in return for one of theirs."""
    asked: ColleaguesAsked = call.query
    own = swap_partners.own_duty(call.session, call.actor, call.now, duty_id)
    found = swap_partners.colleagues(call.session, call.actor, own, OfferKind(asked.kind), asked.search)
    told = [ColleagueTold(agent=one.agent_id, name=one.name) for one in found.found]
    return Answer(ColleaguesTold(colleagues=told, has_more=found.has_more))


@operation(
    "GET",
    "/duties/<int:duty_id>/in-return",
    Scope.SWAPS,
    AGENT,
    query=ReturnsAsked,
    answer=ReturnsTold,
)
def list_returns(call: Call, duty_id: int) -> Answer:
    """Duties of a colleague in the same week that could be had for an own one, every rule asked."""
    asked: ReturnsAsked = call.query
    own = swap_partners.own_duty(call.session, call.actor, call.now, duty_id)
    colleague = swap_partners.colleague(call.session, call.actor, asked.colleague)
    duties = swap_partners.in_return(call.session, own, call.now, colleague.agent_id)
    return Answer(ReturnsTold(duties=[told for duty in duties if (told := _time(call, duty)) is not None]))


@operation("GET", "/swaps/<int:offer_id>/history", Scope.SWAPS, AGENT_OR_MANAGER, answer=HistoryTold)
def show_history(call: Call, offer_id: int) -> Answer:
    """What happened to an offer; for those it concerns and the manager."""
    events = swapping.history(call.session, call.actor, offer_id)
    return Answer(HistoryTold(events=[EventTold(state=one.state, at=_at(call, one.happened_at)) for one in events]))


@operation("POST", "/swaps/<int:offer_id>/accept", Scope.SWAPS, AGENT, body=Acceptance, answer=OfferTold)
def accept_offer(call: Call, offer_id: int) -> Answer:
    """Take an offered duty; done at once, or waiting for the other side or a manager, as ``state`` says."""
    asked: Acceptance = call.body
    return _offer(call, swapping.accept(call.session, call.actor, call.now, offer_id, own_duty_id=asked.own_duty))


@operation("POST", "/swaps/<int:offer_id>/confirm", Scope.SWAPS, AGENT, answer=OfferTold)
def confirm_offer(call: Call, offer_id: int) -> Answer:
    """Take the duty that somebody named in return for one's own."""
    return _offer(call, swapping.confirm(call.session, call.actor, call.now, offer_id))


@operation("POST", "/swaps/<int:offer_id>/decline", Scope.SWAPS, AGENT_OR_MANAGER, answer=OfferTold)
def decline_offer(call: Call, offer_id: int) -> Answer:
    """Say no: the one who was asked, the one who offered to an answer, or the manager."""
    return _offer(call, swapping.decline(call.session, call.actor, call.now, offer_id))


@operation("POST", "/swaps/<int:offer_id>/withdraw", Scope.SWAPS, AGENT, answer=OfferTold)
def withdraw_offer(call: Call, offer_id: int) -> Answer:
    """Take one's offer back while it has not happened."""
    return _offer(call, swapping.withdraw(call.session, call.actor, call.now, offer_id))


@operation("POST", "/swaps/<int:offer_id>/approve", Scope.SWAPS, MANAGER, answer=OfferTold)
def approve_offer(call: Call, offer_id: int) -> Answer:
    """Let an agreed offer happen; it is judged once more."""
    return _offer(call, swapping.approve(call.session, call.actor, call.now, offer_id))
