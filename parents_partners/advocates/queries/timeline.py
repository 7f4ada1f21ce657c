"""Everything that happened with a family: what was done with it, and what was recorded of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select, true
from sqlalchemy import case as sql_case
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import (
    Activity,
    ActivityKind,
    ActivityNote,
    ActivityParticipant,
    Assignment,
    HandOver,
)
from parents_partners.advocates.policies import notes_visible_to
from parents_partners.advocates.types import ActivityMode, HandOverState, SupportKind
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Person
from parents_partners.core.db import db
from parents_partners.core.paging import Page, page_of, read_key

TIMELINE_SIZE = 30

Key: TypeAlias = tuple[datetime, int, int]

KNOWN_TO_ALL = frozenset(
    {
        Event.FAMILY_OPENED,
        Event.REFERRAL_FILED,
        Event.CONSENT_RECORDED,
        Event.CONSENT_CONFIRMED,
        Event.CONSENT_WITHDRAWN,
        Event.CONFERENCE_ADDED,
        Event.CONFERENCE_CHANGED,
        Event.CONFERENCE_CANCELLED,
        Event.OFFER_ACCEPTED,
        Event.FIRST_CONTACT_MADE,
        Event.SUPPORT_ENDED,
        Event.SUPPORT_STOPPED,
        Event.SUPPORT_REOPENED,
        Event.SERVICE_OFFERED,
        Event.SERVICE_ACCEPTED,
        Event.SERVICE_MADE,
        Event.SERVICE_STARTED,
        Event.SERVICE_ASKED_AFTER,
        Event.SERVICE_FINISHED,
        Event.SERVICE_FELL_THROUGH,
        Event.HANDED_OVER,
    }
)
KNOWN_TO_SUPERVISORS = KNOWN_TO_ALL | {
    Event.FAMILY_CONCERNS_TICKED,
    Event.OFFERED,
    Event.OFFER_DECLINED,
    Event.OFFER_LAPSED,
    Event.OFFER_TAKEN_BACK,
    Event.OFFER_STOPPED,
    Event.HAND_OVER_ASKED,
    Event.HAND_OVER_GIVEN,
    Event.HAND_OVER_DECLINED,
    Event.HAND_OVER_TAKEN_BACK,
    Event.HAND_OVER_STOPPED,
}
"""Who said no to a family, and which concerns it has, is for supervisors (PP-04, ADV-01)."""

_ACTIVITY, _EVENT = 1, 0
"""Which of two things of the same instant stands above the other."""


@dataclass(frozen=True)
class ActivityRow:
    """`participants` holds ids of persons. `withheld`: there is a note, and it was not passed on
    to the viewer; that it happened stays a fact."""

    id: int
    happened_at: datetime
    logged_at: datetime
    specialist: str
    mode: ActivityMode
    minutes: int
    made: bool
    kinds: tuple[SupportKind, ...]
    participants: tuple[int, ...]
    note: str | None
    withheld: bool


@dataclass(frozen=True)
class EventRow:
    """`person_id`: whom of the family it is about, where it is about one of them. `specialist`: to
    whom the family was offered or handed over."""

    id: int
    at: datetime
    event: Event
    actor: str | None
    person_id: int | None
    specialist: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class TimelineRow:
    """One thing that happened: an activity, or another event of the family."""

    at: datetime
    rank: int
    id: int
    activity: ActivityRow | None = None
    event: EventRow | None = None


def timeline_of(
    viewer: Actor, case: Case, *, after: str | None = None, size: int = TIMELINE_SIZE
) -> Page[TimelineRow]:
    """Activities by when they happened and events by when they were recorded, newest first."""
    key = _read(after)
    rows = sorted(
        [*_activities(viewer, case, key, size), *_events(viewer, case, key, size)],
        key=lambda row: (row.at, row.rank, row.id),
        reverse=True,
    )
    return page_of(rows[: size + 1], lambda row: (row.at, row.rank, row.id), size)


def _read(after: str | None) -> Key | None:
    match read_key(after):
        case (datetime() as at, int() as rank, int() as row_id) if at.tzinfo:
            return at, rank, row_id
    return None


def _activities(viewer: Actor, case: Case, key: Key | None, size: int) -> list[TimelineRow]:
    kinds = (
        select(func.aggregate_strings(cast(ActivityKind.kind, String), ","))
        .where(ActivityKind.activity_id == Activity.id)
        .scalar_subquery()
    )
    participants = (
        select(func.aggregate_strings(cast(ActivityParticipant.person_id, String), ","))
        .where(ActivityParticipant.activity_id == Activity.id)
        .scalar_subquery()
    )
    query = (
        select(
            Activity,
            User.name,
            # What may not be read does not leave the database.
            sql_case((notes_visible_to(viewer), ActivityNote.text)),
            ActivityNote.activity_id.is_not(None),
            kinds,
            participants,
        )
        .join(User, User.id == Activity.logged_by_id)
        .outerjoin(ActivityNote, ActivityNote.activity_id == Activity.id)
        .where(
            Activity.case_id == case.id, _before(Activity.happened_at, _ACTIVITY, Activity.id, key)
        )
        .order_by(Activity.happened_at.desc(), Activity.id.desc())
        .limit(size + 1)
    )
    return [
        TimelineRow(
            at=activity.happened_at,
            rank=_ACTIVITY,
            id=activity.id,
            activity=ActivityRow(
                id=activity.id,
                happened_at=activity.happened_at,
                logged_at=activity.logged_at,
                specialist=name,
                mode=activity.mode,
                minutes=activity.minutes,
                made=activity.made,
                kinds=tuple(kind for kind in SupportKind if kind in (kinds_text or "").split(",")),
                participants=tuple(
                    sorted(int(person) for person in (persons_text or "").split(",") if person)
                ),
                note=note,
                withheld=has_note and note is None,
            ),
        )
        for activity, name, note, has_note, kinds_text, persons_text in db.session.execute(
            query
        ).tuples()
    ]


def _events(viewer: Actor, case: Case, key: Key | None, size: int) -> list[TimelineRow]:
    known = KNOWN_TO_SUPERVISORS if viewer.role is Role.SUPERVISOR else KNOWN_TO_ALL
    specialist = aliased(User)
    query = (
        select(AuditEvent, User.name, specialist.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .outerjoin(
            Assignment,
            and_(AuditEvent.event == Event.OFFERED, Assignment.id == AuditEvent.subject_id),
        )
        .outerjoin(
            HandOver,
            and_(
                AuditEvent.event == Event.HANDED_OVER,
                HandOver.assignment_id == AuditEvent.subject_id,
                HandOver.state == HandOverState.TAKEN,
            ),
        )
        .outerjoin(
            specialist,
            specialist.id == func.coalesce(Assignment.specialist_id, HandOver.to_specialist_id),
        )
        .where(
            AuditEvent.case_id == case.id,
            AuditEvent.event.in_(known),
            _before(AuditEvent.at, _EVENT, AuditEvent.id, key),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(size + 1)
    )
    return [
        TimelineRow(
            at=row.at,
            rank=_EVENT,
            id=row.id,
            event=EventRow(
                id=row.id,
                at=row.at,
                event=row.event,
                actor=name,
                person_id=row.subject_id if row.subject == Person.__tablename__ else None,
                specialist=offered_to,
                detail=row.detail,
            ),
        )
        for row, name, offered_to in db.session.execute(query).tuples()
    ]


def _before(at: Any, rank: int, row_id: Any, key: Key | None) -> ColumnElement[bool]:
    """What stands below the row that `key` names, in the order (at, rank, id)."""
    if key is None:
        return true()
    key_at, key_rank, key_id = key
    if rank == key_rank:
        return or_(at < key_at, and_(at == key_at, row_id < key_id))
    return and_(at < key_at if rank > key_rank else at <= key_at)
