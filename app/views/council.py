"""The works council: what was published, and the rules it was planned by. Nothing here can be changed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from app import permissions
from app.models import Role, Site
from app.services import publications, sites
from app.views.common import my_site_id, now, reading, zone

blueprint = Blueprint("council", __name__, url_prefix="/council")


@blueprint.get("/weeks")
@permissions.allow(Role.COUNCIL)
def weeks() -> str:
    """Published weeks of the site with their versions."""
    with reading() as session:
        published = publications.published_weeks(session, my_site_id(), now())
    return render_template("council/weeks.html", published=published)


@blueprint.get("/rules")
@permissions.allow(Role.COUNCIL, Role.MANAGER)
def rules() -> str:
    """The rule sheet: what every roster of the site keeps today."""
    today = now().astimezone(ZoneInfo(zone())).date()
    with reading() as session:
        site = session.get_one(Site, my_site_id())
        hygiene = sites.hygiene_on(session, site.id, today)
    return render_template("council/rules.html", site=site, hygiene=hygiene, today=today)
