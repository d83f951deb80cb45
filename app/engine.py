"""The durable engine for background work: how a plan is asked for, and what both sides must agree on.

The engine (DBOS) keeps its own tables in the application's database. The web process only writes a row of them, in
its own transaction; the worker process runs what it finds there. Nothing here starts a thread.
"""

from __future__ import annotations

from functools import lru_cache

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, error
from sqlmodel import Session

APPLICATION_NAME = "abstand"
APPLICATION_VERSION = "1"
"""A constant: a worker of the next release takes over what the last one left."""
PLANNING_QUEUE = "planning"
PLAN_WORKFLOW = "plan_week"


class AlreadyEnqueuedError(Exception):
    """The engine still has work of this kind for the week."""


def prepare(database_url: str) -> None:
    """Create or migrate the engine's own tables; nothing happens where they are current."""
    DBOS.migrate(database_url)


@lru_cache(maxsize=8)
def _client(database_url: str) -> DBOSClient:
    """A client that opens no connection of its own: it only writes through the caller's session."""
    return DBOSClient(
        system_database_url=database_url,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION_NAME,
        lazy=True,
    )


def workflow_id(job_id: int) -> str:
    """Of a job's work in the engine."""
    return f"plan-{job_id}"


def job_id_of(workflow_id: str) -> int:
    """The job behind a piece of work."""
    return int(workflow_id.removeprefix("plan-"))


def enqueue_plan(session: Session, job_id: int, week_id: int) -> None:
    """Ask for a job's plan within the session's transaction: both are there after it, or neither.

    :raises AlreadyEnqueuedError: where the engine has not ended the week's last plan; the transaction is lost then
    """
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    options: EnqueueOptions = {
        "workflow_name": PLAN_WORKFLOW,
        "queue_name": PLANNING_QUEUE,
        "workflow_id": workflow_id(job_id),
        "app_version": APPLICATION_VERSION,
        "deduplication_id": f"week-{week_id}",
    }
    try:
        _client(url).enqueue_in_transaction(session, options, job_id)
    except error.DBOSQueueDeduplicatedError as refusal:
        raise AlreadyEnqueuedError(week_id) from refusal
