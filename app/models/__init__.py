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
from app.models.booking import CurrentDuty, DutySource, LiveRoom, LiveWeek, ReleasedDesk, RosterChange
from app.models.document import Document, DocumentKind
from app.models.offer import OfferEvent, OfferKind, OfferState, SwapOffer
from app.models.open_shift import (
    BookingTerms,
    OpenShift,
    ShiftOrigin,
    StandInRequest,
    StandInState,
    WaitingEntry,
    WaitingState,
)
from app.models.outbox import (
    Chore,
    EntryReminder,
    FeedToken,
    IdempotencyKey,
    Mail,
    MailDelivery,
    MailState,
    MailStep,
    MailWish,
    OutboxMessage,
    RetentionPass,
    UsedLink,
)
from app.models.own_mark import OwnMark
from app.models.plan import Draft, JobState, PlanJob, ProgressPoint, WorkerHeartbeat
from app.models.queue import CallHistory, Queue
from app.models.roster import Place, PublishedDuty, RosterSeen, RosterVersion, StoredServes, StoredSpan
from app.models.roster_look import RosterLook
from app.models.site import CohortRule, Desk, HygieneProfile, Partition, Room, Site
from app.models.site_mark import SiteMark
from app.models.token import ApiToken, Scope
from app.models.week import AvailabilityEntry, Week, WeekState

__all__ = [
    "Agent",
    "AgentQueue",
    "ApiToken",
    "AuditEvent",
    "AvailabilityEntry",
    "AvailabilityException",
    "AvailabilityPattern",
    "AvailabilityUndo",
    "BookingTerms",
    "CallHistory",
    "CarePartner",
    "Chore",
    "CohortRule",
    "CurrentDuty",
    "DatedWindow",
    "Desk",
    "Document",
    "DocumentKind",
    "Draft",
    "DutySource",
    "EntryReminder",
    "ExceptionKind",
    "FeedToken",
    "HomeClearance",
    "HomeWish",
    "HygieneProfile",
    "IdempotencyKey",
    "JobState",
    "Language",
    "LiveRoom",
    "LiveWeek",
    "LoginAttempt",
    "Mail",
    "MailDelivery",
    "MailState",
    "MailStep",
    "MailWish",
    "NaiveInstantError",
    "OfferEvent",
    "OfferKind",
    "OfferState",
    "OpenShift",
    "OutboxMessage",
    "OwnMark",
    "Partition",
    "PatternKind",
    "PatternWeeks",
    "Place",
    "PlanJob",
    "ProgressPoint",
    "PublishedDuty",
    "Queue",
    "ReleasedDesk",
    "RepeatedWindow",
    "RetentionPass",
    "Role",
    "Room",
    "RosterChange",
    "RosterLook",
    "RosterSeen",
    "RosterVersion",
    "Scope",
    "ShiftOrigin",
    "Site",
    "SiteMark",
    "StandInRequest",
    "StandInState",
    "StatedWindows",
    "StoredServes",
    "StoredSpan",
    "SwapOffer",
    "Table",
    "UsedLink",
    "UserAccount",
    "UtcInstant",
    "WaitingEntry",
    "WaitingState",
    "Week",
    "WeekState",
    "WorkerHeartbeat",
]
