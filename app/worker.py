"""The worker process: it takes plans from the engine's queue, says that it lives, and takes over from the dead.

Every process beats in a row of its own. Work that a silent worker left is put back into the queue by any other one
that has itself been well for a while; a restarted worker finds its own work by its name. All this is only about who
runs a job: that its result is written once is up to the claims of :mod:`app.services.plan_runs`.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from app import clock, engine
from app.config import Settings
from app.db import Database
from app.models import PlanJob, WorkerHeartbeat
from app.problem_builder import plan
from app.services import plan_runs
from app.services.planning import ACTIVE
from app.solver_process import Solve
from app.worker_chores import Chores
from app.worker_identity import claim_identity
from app.worker_runs import ShutDownError, WorkerContext, run_job

log = logging.getLogger("abstand.worker")

BEAT_SECONDS = 2.0
WATCH_SECONDS = 3.0
SILENCE_SECONDS = 15.0
"""How long a worker is silent before others take its work, and how long these must have been well themselves."""
GOODBYE_SECONDS = 5.0
ALIVE_IN_ENGINE = ["ENQUEUED", "PENDING", "DELAYED"]


def run(settings: Settings, identity_folder: Path, *, solve: Solve = plan) -> None:
    """Work until SIGTERM or Ctrl-C; a plan in the making then goes back to the queue.

    :param identity_folder: where names of workers are kept, on this machine's own disk
    """
    database_url = settings.database_url
    identity = claim_identity(identity_folder, database_url)
    worker = WorkerContext(Database(database_url), identity.worker_id, solve)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_unused: worker.stopping.set())
    engine.prepare(database_url)
    pulse = _Pulse(worker)
    pulse.beat()
    _launch(worker, database_url)
    threads = [
        threading.Thread(target=target, daemon=True) for target in (pulse.keep_beating, _Watch(pulse).keep_watch)
    ]
    for thread in threads:
        thread.start()
    Chores(worker.database, settings, worker.worker_id, worker.stopping).start()
    log.info("worker %s is ready", worker.worker_id)
    worker.stopping.wait()
    _leave(worker, database_url)


def _launch(worker: WorkerContext, database_url: str) -> None:
    _register(worker)
    DBOS(
        config={
            "name": engine.APPLICATION_NAME,
            "system_database_url": database_url,
            "application_version": engine.APPLICATION_VERSION,
            "executor_id": worker.worker_id,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": 5.0,
        }
    )
    DBOS.launch()
    DBOS.register_queue(engine.PLANNING_QUEUE, worker_concurrency=1, on_conflict="always_update")


def _register(worker: WorkerContext) -> None:
    """Tell the engine what its work of each name is; the names must never change."""

    @DBOS.step(name="run_plan_job")
    def step(job_id: int) -> None:
        try:
            run_job(worker, job_id)
        except ShutDownError:
            # Neither done nor failed: the engine must not hear of any end before this process is gone.
            _Running.given_back.set()
            threading.Event().wait()

    @DBOS.workflow(name=engine.PLAN_WORKFLOW)
    def workflow(job_id: int) -> None:
        _Running.busy.set()
        try:
            step(job_id)
        finally:
            _Running.busy.clear()


class _Running:
    """Whether this process works on a job right now; it works on one at a time."""

    busy = threading.Event()
    given_back = threading.Event()


def _leave(worker: WorkerContext, database_url: str) -> None:
    """Hand back what is unfinished, say goodbye, and end without waiting for threads that never end."""
    if _Running.busy.is_set():
        _Running.given_back.wait(GOODBYE_SECONDS)
    DBOS.destroy()
    client = DBOSClient(system_database_url=database_url, application_name=engine.APPLICATION_NAME)
    for left in client.list_workflows(status="PENDING", executor_id=worker.worker_id):
        client.resume_workflow(left.workflow_id, queue_name=engine.PLANNING_QUEUE)
    with worker.database.transaction() as session:
        session.exec(sa.delete(WorkerHeartbeat).where(col(WorkerHeartbeat.worker_id) == worker.worker_id))
    log.info("worker %s has left", worker.worker_id)
    logging.shutdown()
    os._exit(0)


class _Pulse:
    """This worker's row, and how long it could be written without a fault."""

    def __init__(self, worker: WorkerContext) -> None:
        self.worker = worker
        self.started_at = clock.now()
        self.well_since = time.monotonic()

    @property
    def well_seconds(self) -> float:
        return time.monotonic() - self.well_since

    def keep_beating(self) -> None:
        while not self.worker.stopping.wait(BEAT_SECONDS):
            try:
                self.beat()
            except DBAPIError as error:
                self.stumble(error)

    def stumble(self, error: DBAPIError) -> None:
        """The database was away: whoever seems silent now may only not have been heard."""
        log.warning("the database does not answer: %s", error.orig)
        self.well_since = time.monotonic()

    def beat(self) -> None:
        now = clock.now()
        with self.worker.database.transaction() as session:
            row = session.get(WorkerHeartbeat, self.worker.worker_id)
            if row is None:
                session.add(WorkerHeartbeat(worker_id=self.worker.worker_id, started_at=self.started_at, beat_at=now))
            else:
                row.beat_at, row.started_at = now, self.started_at


@dataclass
class _Heard:
    """The last beat of another worker that was seen, and when it was first seen, by this machine's own clock."""

    beat_at: datetime | None
    first_seen: float = field(default_factory=time.monotonic)


class _Watch:
    """Looks after the others: takes the work of silent workers, ends jobs that the engine has lost.

    Clocks of machines differ, so a beat is never compared with the time: a worker is silent while its beat stays
    the same.
    """

    def __init__(self, pulse: _Pulse) -> None:
        self.pulse = pulse
        self.heard: dict[str, _Heard] = {}

    def keep_watch(self) -> None:
        while not self.pulse.worker.stopping.wait(WATCH_SECONDS):
            try:
                self.take_over()
                self.end_orphans()
            except DBAPIError as error:
                self.pulse.stumble(error)
                self.heard.clear()

    def take_over(self) -> None:
        """Put back the work of workers whose beat has not changed for long."""
        pending = DBOS.list_workflows(status="PENDING", name=engine.PLAN_WORKFLOW, load_input=False, load_output=False)
        others = [work for work in pending if work.executor_id not in {None, self.pulse.worker.worker_id}]
        beats = self._beats()
        self._listen({str(work.executor_id) for work in others}, beats)
        for work in others:
            if self._is_silent(str(work.executor_id)):
                log.warning("worker %s is silent: taking over %s", work.executor_id, work.workflow_id)
                DBOS.resume_workflow(work.workflow_id, queue_name=engine.PLANNING_QUEUE)

    def _beats(self) -> dict[str, datetime]:
        with self.pulse.worker.database.reading() as session:
            return dict(iter(session.exec(select(WorkerHeartbeat.worker_id, WorkerHeartbeat.beat_at))))

    def _listen(self, worker_ids: set[str], beats: dict[str, datetime]) -> None:
        for worker_id in worker_ids:
            beat_at = beats.get(worker_id)
            if worker_id not in self.heard or self.heard[worker_id].beat_at != beat_at:
                self.heard[worker_id] = _Heard(beat_at)
        self.heard = {worker_id: heard for worker_id, heard in self.heard.items() if worker_id in worker_ids}

    def _is_silent(self, worker_id: str) -> bool:
        silent_seconds = time.monotonic() - self.heard[worker_id].first_seen
        return min(silent_seconds, self.pulse.well_seconds) >= SILENCE_SECONDS

    def end_orphans(self) -> None:
        """A job is active in our rows and over in the engine's: nobody will ever end it, so the week would be stuck."""
        with self.pulse.worker.database.reading() as session:
            active = session.exec(select(PlanJob.id).where(col(PlanJob.state).in_(ACTIVE))).all()
        if not active:
            return
        known = {
            work.workflow_id
            for work in DBOS.list_workflows(
                workflow_ids=[engine.workflow_id(job_id) for job_id in active],
                status=ALIVE_IN_ENGINE,
                load_input=False,
                load_output=False,
            )
        }
        lost = [job_id for job_id in active if engine.workflow_id(job_id) not in known]
        with self.pulse.worker.database.transaction() as session:
            for job_id in lost:
                log.error("the engine has lost plan job %s", job_id)
                plan_runs.fail_orphan(session, job_id, clock.now())
