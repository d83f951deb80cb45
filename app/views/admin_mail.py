"""The administrator's page of mail: whether it goes, what waits, what failed."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.messages.formats import moment
from app.models import MailState, Role
from app.services import mail_status
from app.services.mail_status import MailLine
from app.views import tables
from app.views.admin import blueprint
from app.views.common import actor, csv_response, go, language, now, reading, say, settings, t, transaction, zone
from app.views.tables import Column

SILENT_AFTER = timedelta(minutes=5)


def _next_try(line: MailLine) -> str | None:
    if line.mail.state is not MailState.WAITING:
        return None
    return moment(line.mail.next_try_at, language(), zone())


LINES: tuple[Column[MailLine], ...] = (
    Column("who", "admin_mail.who", lambda line: line.recipient),
    Column("state", "admin_mail.state", lambda line: t(f"admin_mail.state.{line.mail.state.value}")),
    Column("since", "admin_mail.since", lambda line: moment(line.mail.created_at, language(), zone())),
    Column("next", "admin_mail.next", _next_try),
    Column("attempts", "admin_mail.attempts", lambda line: line.mail.attempts, is_number=True),
    Column("error", "admin_mail.error", lambda line: line.mail.last_error),
)


@blueprint.get("/mail", endpoint="mail")
@permissions.allow(Role.ADMINISTRATOR)
def mail_page() -> Response | str:
    """The page."""
    with reading() as session:
        status = mail_status.status(session, now())
        shown = tables.listing(mail_status.not_sent(session), LINES, request.args)
    if request.args.get("format") == "csv":
        return csv_response(tables.as_csv(shown), "mail")
    is_silent = status.worker_at is None or now() - status.worker_at > SILENT_AFTER
    return render_template(
        "admin/mail.html",
        status=status,
        shown=shown,
        server=settings().mail_server,
        is_silent=is_silent,
        can_retry=status.counts[MailState.WAITING] + status.counts[MailState.FAILED] > 0,
    )


@blueprint.post("/mail/retry")
@permissions.allow(Role.ADMINISTRATOR)
def retry_mail() -> AnyResponse:
    """Try everything again that has not left."""
    with transaction() as session:
        count = mail_status.retry(session, actor(), now())
    say("admin_mail.retried", count=count)
    return go("admin.mail")
