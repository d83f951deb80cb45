"""Publishing a draft: a person makes it a numbered version that never changes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import DocumentKind, Draft, LiveWeek, PlanJob, RosterVersion, Site, UserAccount, Week, WeekState
from app.problem_builder import build_problem, duty_rows, judged
from app.services import documents, drafts, live_roster, planning, publication_news, roster_cut, roster_guard
from app.services.audit import Actor, record
from app.services.lookup import of_site
from solver.faults import UnusableInputError
from solver.problem import Problem
from solver.roster import Roster
from solver.rules import Finding

PUBLISHABLE = (WeekState.PLANNING, WeekState.PUBLISHED, WeekState.RUNNING)
CUTTABLE = (WeekState.PUBLISHED, WeekState.RUNNING)


class AlreadyPublishedError(RefusedError):
    """Somebody published the week since the page was made."""


class DraftOutdatedError(RefusedError):
    """The draft no longer fits what is stored: it was made before the latest version, or of people who left."""


class BreaksRulesError(RefusedError):
    """The roster breaks rules as they stand now, whatever it did when it was made.

    :param findings: the breaches
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        rules = ", ".join(sorted({finding.rule.value for finding in findings}))
        super().__init__("plan.publish.findings", 409, count=len(findings), rules=rules)
        self.findings = list(findings)


@dataclass(frozen=True)
class _Files:
    """What a version is stored as; ``draft_id`` None where it comes from the roster in force."""

    draft_id: int | None
    problem_document_id: int
    roster_document_id: int
    summary: dict[str, Any]

    @classmethod
    def of(cls, draft: Draft) -> _Files:
        """Those of a draft."""
        return cls(draft.id, draft.problem_document_id, draft.roster_document_id, draft.summary)


def latest_version(session: Session, week_id: int) -> RosterVersion | None:
    """What is in force for a week."""
    query = select(RosterVersion).where(RosterVersion.week_id == week_id)
    return session.exec(query.order_by(col(RosterVersion.number).desc()).limit(1)).first()


def publish(
    session: Session, actor: Actor, now: datetime, week_id: int, draft_id: int, expected_revision: int
) -> RosterVersion:
    """Make a draft the next version of its week.

    :param expected_revision: of the week, as the person saw it
    :raises AlreadyPublishedError: where somebody published since then, with who, when and which number
    :raises BreaksRulesError: where rules, people or rooms changed so that the roster breaks a rule
    :raises DraftOutdatedError: where the draft was made before the latest version, before somebody booked, cancelled or
        swapped, or of people or desks now gone
    :raises RefusedError: where the week is in a state that is not published from, or being planned
    """
    week = of_site(session, Week, week_id, actor.site_id)
    draft = session.get(Draft, draft_id)
    if draft is None or draft.week_id != week.id or actor.user_id is None:
        raise NotFoundError
    if week.state not in PUBLISHABLE:
        raise RefusedError("plan.publish.wrong_state")
    live_roster.take_turn(session, week.site_id)
    _take_turn(session, week, expected_revision)
    planning.require_no_plan(session, week)
    _require_newer(session, week, draft)
    _require_nothing_changed(session, week, draft)
    problem, roster = drafts.files(session, draft)
    _require_no_findings(session, week, problem, roster)
    before = publication_news.in_force(session, week)
    version = _version(session, week, _Files.of(draft), roster, actor.user_id, now)
    roster_guard.publish(session, now, week, version, roster.released_desks)
    publication_news.announce(session, now, week, version.number, before)
    record(
        session,
        actor,
        now,
        "week.published",
        "week",
        week.id,
        site_id=week.site_id,
        number=version.number,
        draft_id=draft.id,
    )
    return version


def cut(session: Session, actor: Actor, now: datetime, week_id: int, expected_revision: int) -> RosterVersion:
    """Make the roster in force the next version of its week: a record of what holds already, nobody's duties change.

    :param expected_revision: of the roster in force, as the person saw it
    :raises RefusedError: where it was changed since then, or nothing has changed since the last version
    :raises BreaksRulesError: where it breaks rules that the last version keeps
    :raises DraftOutdatedError: where somebody who left or a desk that is gone is still in it
    """
    week = of_site(session, Week, week_id, actor.site_id)
    live = session.get(LiveWeek, week.id)
    last = latest_version(session, week.id)
    if live is None or last is None or week.state not in CUTTABLE or actor.user_id is None:
        raise NotFoundError
    live = roster_guard.opened(session, now, week)
    if live.revision != expected_revision:
        raise RefusedError("manager_version.changed_meanwhile")
    planning.require_no_plan(session, week)
    _take_turn(session, week, week.revision)
    found = roster_cut.of_live(session, week)
    if found.added:
        raise BreaksRulesError(found.added)
    if found.changes_nothing:
        raise RefusedError("manager_version.nothing_changed", number=last.number)
    files = _Files(
        None,
        documents.store(session, DocumentKind.PROBLEM, found.problem.as_json()),
        documents.store(session, DocumentKind.ROSTER, found.planned.roster.as_json()),
        drafts.summary_of(found.problem, found.planned),
    )
    version = _version(session, week, files, found.planned.roster, actor.user_id, now)
    live.version_id = version.id
    record(session, actor, now, "week.published", "week", week.id, site_id=week.site_id, number=version.number)
    return version


def _take_turn(session: Session, week: Week, expected_revision: int) -> None:
    """Only one of several who saw the same revision gets on; the others wait here, and are refused."""
    state = WeekState.RUNNING if week.state is WeekState.RUNNING else WeekState.PUBLISHED
    taken = session.exec(
        sa.update(Week)
        .where(col(Week.id) == week.id, col(Week.revision) == expected_revision)
        .values(revision=expected_revision + 1, state=state)
        .execution_options(synchronize_session=False)
    )
    session.refresh(week)
    if not taken.rowcount:
        raise _already_published(session, week)


def _already_published(session: Session, week: Week) -> RefusedError:
    version = latest_version(session, week.id)
    if version is None:
        return RefusedError("common.changed_meanwhile")
    zone = ZoneInfo(session.get_one(Site, week.site_id).time_zone)
    return AlreadyPublishedError(
        "plan.publish.already",
        number=version.number,
        who=session.get_one(UserAccount, version.author_id).display_name,
        at=version.published_at.astimezone(zone).strftime("%H:%M"),
    )


def _require_newer(session: Session, week: Week, draft: Draft) -> None:
    version = latest_version(session, week.id)
    if version is not None and (version.draft_id == draft.id or draft.created_at <= version.published_at):
        raise DraftOutdatedError("plan.publish.outdated", number=version.number)


def _require_nothing_changed(session: Session, week: Week, draft: Draft) -> None:
    """A booking or swap since the planning began would be lost without a word."""
    live = session.get(LiveWeek, week.id)
    job = None if draft.plan_job_id is None else session.get(PlanJob, draft.plan_job_id)
    began_at = draft.created_at if job is None or job.started_at is None else job.started_at
    if live is not None and live.revision > 1 and live.changed_at > began_at:
        raise DraftOutdatedError("plan.publish.changed_since")


def _require_no_findings(session: Session, week: Week, problem: Problem, roster: Roster) -> None:
    """By the rules the draft was made under, and by everything as it is stored now."""
    try:
        findings = (
            judged(problem, roster).verdict.findings or judged(build_problem(session, week), roster).verdict.findings
        )
    except UnusableInputError as error:
        raise DraftOutdatedError("plan.publish.gone", place=error.faults[0].place) from error
    if findings:
        raise BreaksRulesError(findings)


def _version(
    session: Session, week: Week, files: _Files, roster: Roster, author_id: int, now: datetime
) -> RosterVersion:
    before = latest_version(session, week.id)
    version = RosterVersion(
        week_id=week.id,
        number=1 if before is None else before.number + 1,
        author_id=author_id,
        published_at=now,
        draft_id=files.draft_id,
        problem_document_id=files.problem_document_id,
        roster_document_id=files.roster_document_id,
        duty_count=len(roster.duties),
        summary=files.summary,
    )
    session.add(version)
    session.flush()
    session.add_all(duty_rows(session, roster, week.site_id, version.id))
    session.flush()
    return version
