"""Everything that happened with a family: what was done with it, and what was recorded of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy import case as sql_case
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.policies import said_of, stand_in
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
from parents_partners.core.db import Instant, db
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
    values = {**said_of(viewer), **_said_of_key(key), "case": case.id, "rows": size + 1}
    found = db.session.execute(_activities_below(viewer.role, _side(_ACTIVITY, key)), values)
    return [
        TimelineRow(
            at=row.happened_at,
            rank=_ACTIVITY,
            id=row.id,
            activity=ActivityRow(
                id=row.id,
                happened_at=row.happened_at,
                logged_at=row.logged_at,
                specialist=row.name,
                mode=row.mode,
                minutes=row.minutes,
                made=row.made,
                kinds=_kinds(row.kinds),
                participants=tuple(
                    sorted(int(person) for person in (row.participants or "").split(",") if person)
                ),
                note=row.note,
                withheld=row.has_note and row.note is None,
            ),
        )
        for row in found
    ]


def _kinds(codes: str | None) -> tuple[SupportKind, ...]:
    found = (codes or "").split(",")
    return tuple(kind for kind in SupportKind if kind.value in found)


@cache
def _activities_below(role: Role | None, side: int | None) -> Select[*tuple[Any, ...]]:
    """Built once for each role: building it costs more than its answer."""
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
    return (
        select(
            Activity.id,
            Activity.happened_at,
            Activity.logged_at,
            Activity.mode,
            Activity.minutes,
            Activity.made,
            User.name,
            # What may not be read does not leave the database.
            sql_case((notes_visible_to(stand_in(role)), ActivityNote.text)).label("note"),
            ActivityNote.activity_id.is_not(None).label("has_note"),
            kinds.label("kinds"),
            participants.label("participants"),
        )
        .join(User, User.id == Activity.logged_by_id)
        .outerjoin(ActivityNote, ActivityNote.activity_id == Activity.id)
        .where(
            Activity.case_id == bindparam("case", type_=Integer),
            _below(Activity.happened_at, Activity.id, side),
        )
        .order_by(Activity.happened_at.desc(), Activity.id.desc())
        .limit(bindparam("rows", type_=Integer))
    )


def _events(viewer: Actor, case: Case, key: Key | None, size: int) -> list[TimelineRow]:
    values = {**_said_of_key(key), "case": case.id, "rows": size + 1}
    supervises = viewer.role is Role.SUPERVISOR
    return [
        TimelineRow(
            at=row.at,
            rank=_EVENT,
            id=row.id,
            event=EventRow(
                id=row.id,
                at=row.at,
                event=row.event,
                actor=row.actor,
                person_id=row.subject_id if row.subject == Person.__tablename__ else None,
                specialist=row.specialist,
                detail=row.detail,
            ),
        )
        for row in db.session.execute(_events_below(supervises, _side(_EVENT, key)), values)
    ]


@cache
def _events_below(supervises: bool, side: int | None) -> Select[*tuple[Any, ...]]:
    known = KNOWN_TO_SUPERVISORS if supervises else KNOWN_TO_ALL
    specialist = aliased(User)
    return (
        select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.event,
            AuditEvent.subject,
            AuditEvent.subject_id,
            AuditEvent.detail,
            User.name.label("actor"),
            specialist.name.label("specialist"),
        )
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
            AuditEvent.case_id == bindparam("case", type_=Integer),
            AuditEvent.event.in_(known),
            _below(AuditEvent.at, AuditEvent.id, side),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(bindparam("rows", type_=Integer))
    )


def _side(rank: int, key: Key | None) -> int | None:
    """Where rows of this rank stand beside the row that `key` names, at the same instant: above
    (1) or below it (-1), or by their ids (0)."""
    return None if key is None else (rank > key[1]) - (rank < key[1])


def _said_of_key(key: Key | None) -> dict[str, Any]:
    return {"key_at": key[0], "key_id": key[2]} if key else {}


def _below(at: Any, row_id: Any, side: int | None) -> ColumnElement[bool]:
    """What stands below the row that the key names, in the order (at, rank, id)."""
    if side is None:
        return true()
    key_at = bindparam("key_at", type_=Instant())
    if side:
        return and_(at < key_at if side > 0 else at <= key_at)
    return or_(at < key_at, and_(at == key_at, row_id < bindparam("key_id", type_=Integer)))
