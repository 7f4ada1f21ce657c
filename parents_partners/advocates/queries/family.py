"""A family's page: what the programme knows, who supports whom, and everything that happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select, true
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.lifecycle import CARRIED, OPEN
from parents_partners.advocates.models import (
    Activity,
    ActivityKind,
    ActivityNote,
    ActivityParticipant,
    AssignedParent,
    Assignment,
    Waiting,
)
from parents_partners.advocates.types import ActivityMode, AssignmentState, SupportKind
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Person
from parents_partners.cases.types import Relationship
from parents_partners.core.db import db
from parents_partners.core.paging import Page, page_of, read_key
from parents_partners.referrals.models import Referral, Submission
from parents_partners.referrals.types import AgreementAnswer

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
    }
)
KNOWN_TO_SUPERVISORS = KNOWN_TO_ALL | {
    Event.FAMILY_CONCERNS_TICKED,
    Event.OFFERED,
    Event.OFFER_DECLINED,
    Event.OFFER_LAPSED,
    Event.OFFER_TAKEN_BACK,
    Event.OFFER_STOPPED,
}
"""Who said no to a family, and which concerns it has, is for supervisors (PP-04, ADV-01)."""

_ACTIVITY, _EVENT = 1, 0
"""Which of two things of the same instant stands above the other."""


@dataclass(frozen=True)
class StintRow:
    """`parents` holds the ids of those whom it supports now."""

    public_id: str
    specialist_id: int
    unit_id: int
    specialist: str
    state: AssignmentState
    offered_at: datetime
    accepted_at: datetime | None
    first_contact_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    parents: frozenset[int]

    @property
    def carried(self) -> bool:
        return self.state in CARRIED


@dataclass(frozen=True)
class ReferralRow:
    """A referral that was filed under this family, and those parents of it who did not agree:
    only relationship and answer are known of them (REF-03)."""

    public_id: str
    reference: str
    received_at: datetime
    other_parents: tuple[tuple[str, AgreementAnswer], ...]


@dataclass(frozen=True)
class ActivityRow:
    """`participants` holds ids of persons."""

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


@dataclass(frozen=True)
class EventRow:
    """`person_id`: whom of the family it is about, where it is about one of them. `specialist`: to
    whom the family was offered."""

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


def stints_of(viewer: Actor, case: Case) -> list[StintRow]:
    """Who supported the family, the latest first. Supervisors see open offers too."""
    shown = set(CARRIED | {AssignmentState.ENDED})
    if viewer.role is Role.SUPERVISOR:
        shown |= OPEN
    parents: dict[int, set[int]] = {}
    stints: dict[int, tuple[Assignment, str]] = {}
    for assignment, name, person_id, released_at in db.session.execute(
        select(Assignment, User.name, AssignedParent.person_id, AssignedParent.released_at)
        .join(User, User.id == Assignment.specialist_id)
        .outerjoin(AssignedParent, AssignedParent.assignment_id == Assignment.id)
        .where(Assignment.case_id == case.id, Assignment.state.in_(shown))
        .order_by(Assignment.offered_at.desc(), Assignment.id.desc())
    ).tuples():
        stints[assignment.id] = (assignment, name)
        open_parents = parents.setdefault(assignment.id, set())
        if person_id is not None and released_at is None:
            open_parents.add(person_id)
    return [
        StintRow(
            public_id=assignment.public_id,
            specialist_id=assignment.specialist_id,
            unit_id=assignment.unit_id,
            specialist=name,
            state=assignment.state,
            offered_at=assignment.offered_at,
            accepted_at=assignment.accepted_at,
            first_contact_at=assignment.first_contact_at,
            ended_at=assignment.ended_at,
            outcome=assignment.outcome,
            parents=frozenset(parents[assignment.id]),
        )
        for assignment, name in stints.values()
    ]


def waiting_parents(case: Case) -> frozenset[int]:
    """The ids of the parents who are in the queue for a Family Specialist."""
    return frozenset(
        db.session.scalars(
            select(Waiting.person_id).where(Waiting.case_id == case.id, Waiting.ended_at.is_(None))
        )
    )


def referrals_of(case: Case) -> list[ReferralRow]:
    """The referrals of this family over the years, the latest first. Of the document only the
    parents' answers: the history is read, and its reading recorded, on the referral's page."""
    rows = db.session.execute(
        select(
            Referral.public_id,
            Referral.reference,
            Referral.received_at,
            Submission.document["parents"],
        )
        .join(Submission, Submission.referral_id == Referral.id)
        .where(Referral.case_id == case.id)
        .order_by(Referral.received_at.desc(), Referral.id.desc())
    ).tuples()
    return [
        ReferralRow(public_id, reference, received_at, _did_not_agree(parents))
        for public_id, reference, received_at, parents in rows
    ]


def _did_not_agree(parents: list[dict[str, Any]]) -> tuple[tuple[str, AgreementAnswer], ...]:
    answers = [
        (
            Relationship(parent.get("relationship") or Relationship.PARENT).label,
            AgreementAnswer(parent["agreement"]["answer"]),
        )
        for parent in parents or []
    ]
    return tuple(pair for pair in answers if pair[1] is not AgreementAnswer.AGREED)


def timeline_of(
    viewer: Actor, case: Case, *, after: str | None = None, size: int = TIMELINE_SIZE
) -> Page[TimelineRow]:
    """Activities by when they happened and events by when they were recorded, newest first."""
    key = _read(after)
    rows = sorted(
        [*_activities(case, key, size), *_events(viewer, case, key, size)],
        key=lambda row: (row.at, row.rank, row.id),
        reverse=True,
    )
    return page_of(rows[: size + 1], lambda row: (row.at, row.rank, row.id), size)


def _read(after: str | None) -> Key | None:
    match read_key(after):
        case (datetime() as at, int() as rank, int() as row_id) if at.tzinfo:
            return at, rank, row_id
    return None


def _activities(case: Case, key: Key | None, size: int) -> list[TimelineRow]:
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
        select(Activity, User.name, ActivityNote.text, kinds, participants)
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
            ),
        )
        for activity, name, note, kinds_text, persons_text in db.session.execute(query).tuples()
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
        .outerjoin(specialist, specialist.id == Assignment.specialist_id)
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
