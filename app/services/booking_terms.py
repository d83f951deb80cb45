"""How a site lets people book and swap: read, and changed by its manager."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from app.errors import NotFoundError
from app.models import BookingTerms, Role
from app.services.audit import Actor, record
from app.services.shift_booking import terms_of


@dataclass(frozen=True)
class Terms:
    """See :class:`app.models.BookingTerms`."""

    most_bookings_per_week: int | None
    cancel_hours_before: int
    offer_minutes: int
    swap_offer_hours: int
    swaps_need_approval: bool


def current(session: Session, site_id: int) -> Terms:
    """A site's terms; the defaults where it has set none."""
    row = terms_of(session, site_id)
    return Terms(
        row.most_bookings_per_week,
        row.cancel_hours_before,
        row.offer_minutes,
        row.swap_offer_hours,
        row.swaps_need_approval,
    )


def change(session: Session, actor: Actor, now: datetime, site_id: int, terms: Terms) -> None:
    """Set a site's terms; they count from now on, and for nothing that was booked or offered before."""
    if actor.role not in {Role.MANAGER, Role.ADMINISTRATOR} or actor.site_id not in {None, site_id}:
        raise NotFoundError
    row = session.get(BookingTerms, site_id)
    if row is None:
        row = BookingTerms(site_id=site_id)
        session.add(row)
    for name, value in asdict(terms).items():
        setattr(row, name, value)
    session.flush()
    record(session, actor, now, "site.booking_terms", "site", site_id, site_id=site_id, **asdict(terms))
