"""The tables, a module per aggregate; importing this package knows them all."""

from app.models.account import Language, LoginAttempt, Role, UserAccount
from app.models.agent import (
    Agent,
    AgentQueue,
    AvailabilityException,
    AvailabilityPattern,
    CarePartner,
    ExceptionKind,
    HomeClearance,
    HomeWish,
    PatternKind,
    PatternWeeks,
)
from app.models.audit import AuditEvent
from app.models.availability_undo import AvailabilityUndo, DatedWindow, RepeatedWindow, StatedWindows
from app.models.base import NaiveInstantError, Table, UtcInstant
from app.models.document import Document, DocumentKind
from app.models.plan import Draft, JobState, PlanJob, ProgressPoint, WorkerHeartbeat
from app.models.queue import CallHistory, Queue
from app.models.roster import Place, PublishedDuty, RosterSeen, RosterVersion, StoredServes, StoredSpan
from app.models.site import CohortRule, Desk, HygieneProfile, Partition, Room, Site
from app.models.week import AvailabilityEntry, Week, WeekState

__all__ = [
    "Agent",
    "AgentQueue",
    "AuditEvent",
    "AvailabilityEntry",
    "AvailabilityException",
    "AvailabilityPattern",
    "AvailabilityUndo",
    "CallHistory",
    "CarePartner",
    "CohortRule",
    "DatedWindow",
    "Desk",
    "Document",
    "DocumentKind",
    "Draft",
    "ExceptionKind",
    "HomeClearance",
    "HomeWish",
    "HygieneProfile",
    "JobState",
    "Language",
    "LoginAttempt",
    "NaiveInstantError",
    "Partition",
    "PatternKind",
    "PatternWeeks",
    "Place",
    "PlanJob",
    "ProgressPoint",
    "PublishedDuty",
    "Queue",
    "RepeatedWindow",
    "Role",
    "Room",
    "RosterSeen",
    "RosterVersion",
    "Site",
    "StatedWindows",
    "StoredServes",
    "StoredSpan",
    "Table",
    "UserAccount",
    "UtcInstant",
    "Week",
    "WeekState",
    "WorkerHeartbeat",
]
