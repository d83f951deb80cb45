"""The calendar feed: asked by programs, often and for years, so an unchanged one costs next to nothing."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from flask import Blueprint, Response, current_app, make_response, request

from app import permissions
from app.calendar_text import as_ical
from app.models import UserAccount
from app.services import calendar_feed
from app.services.calendar_feed import Feed
from app.views.common import now, reading, settings, t, transaction

blueprint = Blueprint("feed", __name__)

GATE = "abstand_feed_gate"
FORMAT = 1
"""Counts changes of how a feed is written, so that programs fetch it anew after one."""
KEPT_SECONDS = 300
"""How long a program may use its copy without asking."""


class Gate:
    """Lets each address through ten times at once, then once in ten seconds; kept by each process for itself.

    A program that asks every second would otherwise read the database every second, for years.
    """

    BURST = 10
    REFILL = timedelta(seconds=10)
    MOST_KNOWN = 20_000

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free_at: OrderedDict[str, datetime] = OrderedDict()

    def seconds_to_wait(self, token_hash: str, at: datetime) -> int:
        """0 where the request may go on; it is counted then."""
        with self.lock:
            free_at = max(at, self.free_at.pop(token_hash, at))
            ahead = free_at - at
            wait = ahead - self.REFILL * (self.BURST - 1)
            self.free_at[token_hash] = free_at if wait > timedelta() else free_at + self.REFILL
            if len(self.free_at) > self.MOST_KNOWN:
                self.free_at.popitem(last=False)
        return max(0, -(-wait // timedelta(seconds=1)))


@blueprint.get("/calendar/<token>.ics")
@permissions.allow_everybody
def calendar(token: str) -> Response:
    """The file, or that nothing has changed (304), or to ask less often (429)."""
    gate: Gate = current_app.extensions.setdefault(GATE, Gate())
    wait = gate.seconds_to_wait(calendar_feed.hash_of(token), now())
    if wait:
        answer = make_response(t("feed.slower", seconds=wait), 429)
        answer.mimetype = "text/plain"
        answer.headers["Retry-After"] = str(wait)
        return answer
    with reading() as session:
        row, account = calendar_feed.opened(session, token)
        feed = calendar_feed.feed_of(session, now(), account)
        changed_at, is_news = row.content_changed_at, calendar_feed.is_news(row, feed, now())
    if is_news or changed_at is None:
        with transaction() as session:
            changed_at = calendar_feed.note(session, now(), account.id, feed)
    return _answer(feed, account, changed_at)


def _answer(feed: Feed, account: UserAccount, changed_at: datetime) -> Response:
    page_url = f"{settings().base_url or request.url_root.rstrip('/')}/agent/week"
    etag = hashlib.sha256(f"{FORMAT} {feed.content_hash} {page_url}".encode()).hexdigest()
    answer = Response(mimetype="text/calendar")
    answer.set_etag(etag)
    answer.last_modified = changed_at
    answer.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    answer.make_conditional(request)
    if answer.status_code == 304:
        return answer
    answer.set_data(as_ical(feed, page_url))
    answer.headers["Content-Disposition"] = f'inline; filename="abstand-{account.id}.ics"'
    return answer
