"""Everything that happened with a family: what was done with it, and what was recorded of it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import case as sql_case
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, Role, ViewerKind
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
from parents_partners.cases.models import Person
from parents_partners.cases.queries import Family
from parents_partners.core.db import Instant, rows
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


class ActivityRow(NamedTuple):
    """`participants` holds ids of persons. `withheld`: there is a note, and it was not passed on
    to the viewer; that it happened stays a fact."""

    id: int
    at: datetime
    specialist: str
    mode: ActivityMode
    minutes: int
    made: bool
    kinds: tuple[SupportKind, ...]
    participants: tuple[int, ...]
    note: str | None
    withheld: bool

    @property
    def rank(self) -> int:
        return _ACTIVITY


class EventRow(NamedTuple):
    """`person_id`: whom of the family it is about, where it is about one of them. `specialist`: to
    whom the family was offered or handed over."""

    id: int
    at: datetime
    event: Event
    actor: str | None
    person_id: int | None
    specialist: str | None
    detail: Mapping[str, Any]

    @property
    def rank(self) -> int:
        return _EVENT


TimelineRow: TypeAlias = ActivityRow | EventRow


def timeline_of(
    viewer: Actor, case: Family, *, after: str | None = None, size: int = TIMELINE_SIZE
) -> Page[TimelineRow]:
    """Activities by when they happened and events by when they were recorded, newest first."""
    key = _read(after)
    values: dict[str, Any] = {**said_of(viewer), "case": case.id, "rows": size + 1}
    if key is not None:
        values |= {"key_at": key[0], "key_id": key[2]}
    found = [
        _activity_row(row) if row.rank == _ACTIVITY else _event_row(row)
        for row in rows(_newest(viewer.kind, key[1] if key else None), values)
    ]
    return page_of(found, lambda row: (row.at, row.rank, row.id), size)


def _read(after: str | None) -> Key | None:
    match read_key(after):
        case (datetime() as at, (0 | 1) as rank, int() as row_id) if at.tzinfo:
            return at, rank, row_id
    return None


def _activity_row(row: Any) -> ActivityRow:
    people = row.participants
    return ActivityRow(
        id=row.id,
        at=row.at,
        specialist=row.actor,
        mode=row.mode,
        minutes=row.minutes,
        made=row.made,
        kinds=_kinds(row.kinds) if row.kinds else (),
        participants=tuple(sorted(map(int, people.split(",")))) if people else (),
        note=row.note,
        withheld=row.has_note and row.note is None,
    )


@cache
def _kinds(codes: str) -> tuple[SupportKind, ...]:
    """In the order in which they are always named. There are few mixtures of them."""
    found = codes.split(",")
    return tuple(kind for kind in SupportKind if kind.value in found)


def _event_row(row: Any) -> EventRow:
    return EventRow(
        id=row.id,
        at=row.at,
        event=row.event,
        actor=row.actor,
        person_id=row.subject_id if row.subject == Person.__tablename__ else None,
        specialist=row.specialist,
        detail=row.detail,
    )


@cache
def _newest(kind: ViewerKind, below: int | None) -> Select[*tuple[Any, ...]]:
    """Which of the two come next is asked of their indexes alone, the rest of these few. Built
    once for each kind of viewer: building it costs more than its answer. `below`: the rank of the
    row after which to go on."""
    happened = _happened(kind.role is Role.SUPERVISOR, below)
    actor, specialist = aliased(User), aliased(User)
    kinds = select(func.aggregate_strings(cast(ActivityKind.kind, String), ",")).where(
        ActivityKind.activity_id == Activity.id
    )
    participants = select(
        func.aggregate_strings(cast(ActivityParticipant.person_id, String), ",")
    ).where(ActivityParticipant.activity_id == Activity.id)
    return (
        select(
            happened.c.at,
            happened.c.rank,
            happened.c.id,
            actor.name.label("actor"),
            Activity.mode,
            Activity.minutes,
            Activity.made,
            kinds.scalar_subquery().label("kinds"),
            participants.scalar_subquery().label("participants"),
            # What may not be read does not leave the database.
            sql_case((notes_visible_to(stand_in(kind)), ActivityNote.text)).label("note"),
            ActivityNote.activity_id.is_not(None).label("has_note"),
            AuditEvent.event,
            AuditEvent.subject,
            AuditEvent.subject_id,
            AuditEvent.detail,
            specialist.name.label("specialist"),
        )
        .outerjoin(Activity, and_(happened.c.rank == _ACTIVITY, Activity.id == happened.c.id))
        .outerjoin(ActivityNote, ActivityNote.activity_id == Activity.id)
        .outerjoin(AuditEvent, and_(happened.c.rank == _EVENT, AuditEvent.id == happened.c.id))
        .outerjoin(actor, actor.id == func.coalesce(Activity.logged_by_id, AuditEvent.actor_id))
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
        .order_by(happened.c.at.desc(), happened.c.rank.desc(), happened.c.id.desc())
    )


def _happened(supervises: bool, below: int | None) -> Subquery:
    """When, of which rank and which of that: as many as the page shows."""
    known = KNOWN_TO_SUPERVISORS if supervises else KNOWN_TO_ALL
    activities = _first(Activity.happened_at, _ACTIVITY, Activity.id, below).where(
        Activity.case_id == bindparam("case", type_=Integer)
    )
    events = _first(AuditEvent.at, _EVENT, AuditEvent.id, below).where(
        AuditEvent.case_id == bindparam("case", type_=Integer),
        # One by one: a list as such is written into the statement anew each time.
        AuditEvent.event.in_([literal(event.value) for event in sorted(known)]),
    )
    both = union_all(select(activities.subquery()), select(events.subquery())).subquery()
    return (
        select(both)
        .order_by(both.c.at.desc(), both.c.rank.desc(), both.c.id.desc())
        .limit(bindparam("rows", type_=Integer))
        .subquery()
    )


def _first(at: Any, rank: int, row_id: Any, below: int | None) -> Select[*tuple[Any, ...]]:
    """The newest of one rank, below the row that the key names in the order (at, rank, id)."""
    return (
        select(at.label("at"), literal(rank).label("rank"), row_id.label("id"))
        .where(_below(at, rank, row_id, below))
        .order_by(at.desc(), row_id.desc())
        .limit(bindparam("rows", type_=Integer))
    )


def _below(at: Any, rank: int, row_id: Any, below: int | None) -> ColumnElement[bool]:
    if below is None:
        return true()
    key_at = bindparam("key_at", type_=Instant())
    if rank != below:
        return and_(at < key_at if rank > below else at <= key_at)
    return or_(at < key_at, and_(at == key_at, row_id < bindparam("key_id", type_=Integer)))
