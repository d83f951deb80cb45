"""The page behind a link in a mail: opened, it only asks; its button does the one thing, also for people signed out."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, g, make_response, render_template
from sqlmodel import Session

from app import notice_text, permissions
from app.errors import RefusedError
from app.models import Agent, UserAccount
from app.notice_text import Block
from app.services import link_actions, mailing, signed_links
from app.services.signed_links import Link
from app.views.agent.reasons import refusal_said
from app.views.common import language, me, now, reading, settings, signed_in, transaction

blueprint = Blueprint("links", __name__, url_prefix="/links")


@blueprint.get("/<token>")
@permissions.allow_everybody
def confirm(token: str) -> Response:
    """Ask; programs that follow links in mails by themselves change nothing."""
    try:
        with reading() as session:
            link = _own_link(session, token)
            account = signed_links.owner(session, now(), token, link)
            notice = link_actions.subject(session, link, account.agent_id)
            zone = mailing.zone_of(session, account)
    except RefusedError as refused:
        return _refused(refused)
    blocks = notice_text.blocks(notice, language(), zone)
    until = notice_text.moment(link.expires_at, language(), zone)
    return _page(
        "links/confirm.html", 200, token=token, link=link, name=account.display_name, blocks=blocks, until=until
    )


@blueprint.post("/<token>")
@permissions.allow_everybody
def follow(token: str) -> Response:
    """Do it, once."""
    own_key = ""
    try:
        with transaction() as session:
            link = _own_link(session, token)
            account = signed_links.owner(session, now(), token, link)
            agent = None if account.agent_id is None else session.get(Agent, account.agent_id)
            own_key = "" if agent is None else agent.key
            notice = link_actions.subject(session, link, account.agent_id)
            zone = mailing.zone_of(session, account)
            link_actions.follow(session, now(), token, link)
    except RefusedError as refused:
        return _refused(refused, own_key)
    blocks: Sequence[Block] = notice_text.blocks(notice, language(), zone)
    return _page("links/done.html", 200, link=link, blocks=blocks, is_agent=account.agent_id is not None)


def _own_link(session: Session, token: str) -> Link:
    """The link, refused for somebody else who is signed in here; from now on the page speaks its owner's language."""
    link = signed_links.read(settings().secret_key, token)
    if signed_in() and me().id != link.user_id:
        raise RefusedError("link.other_person", 403, name=me().display_name)
    account = session.get(UserAccount, link.user_id)
    if account is not None:
        g.language = account.language.value
    return link


def _refused(refused: RefusedError, own_key: str = "") -> Response:
    return _page("links/refused.html", refused.status, what=refusal_said(refused, own_key))


def _page(template: str, status: int, **facts: object) -> Response:
    response = make_response(render_template(template, **facts), status)
    # The address is the permission: it must not travel on.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
