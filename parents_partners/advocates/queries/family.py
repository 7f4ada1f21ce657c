"""A family's page: what the programme knows and who supports whom. What happened is `timeline`."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Integer, Select, String, bindparam, cast, func, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.lifecycle import CARRIED, OPEN
from parents_partners.advocates.models import (
    ActivityDraft,
    AssignedParent,
    Assignment,
    HandOver,
    ServiceReferral,
    Task,
    Waiting,
)
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Case
from parents_partners.cases.types import Relationship
from parents_partners.core.db import db
from parents_partners.referrals.models import Message, Referral, Submission
from parents_partners.referrals.types import AgreementAnswer

_Rows: TypeAlias = Select[*tuple[Any, ...]]


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


def stints_of(viewer: Actor, case: Case) -> list[StintRow]:
    """Who supported the family, the latest first. Supervisors see open offers too."""
    shown = set(CARRIED | {AssignmentState.ENDED})
    if viewer.role is Role.SUPERVISOR:
        shown |= OPEN
    stints: dict[str, Any] = {}
    parents: dict[str, set[int]] = {}
    for row in db.session.execute(_stints(), {"case": case.id, "shown": shown}):
        stints[row.public_id] = row[:-2]
        open_parents = parents.setdefault(row.public_id, set())
        if row.person_id is not None and row.released_at is None:
            open_parents.add(row.person_id)
    return [StintRow(*row, *[frozenset(parents[key])]) for key, row in stints.items()]


@cache
def _stints() -> _Rows:
    """The fields of `StintRow`, in its order, and a parent; one row a parent."""
    return (
        select(
            Assignment.public_id,
            Assignment.specialist_id,
            Assignment.unit_id,
            User.name,
            Assignment.state,
            Assignment.offered_at,
            Assignment.accepted_at,
            Assignment.first_contact_at,
            Assignment.ended_at,
            Assignment.outcome,
            AssignedParent.person_id,
            AssignedParent.released_at,
        )
        .join(User, User.id == Assignment.specialist_id)
        .outerjoin(AssignedParent, AssignedParent.assignment_id == Assignment.id)
        .where(
            Assignment.case_id == bindparam("case", type_=Integer),
            Assignment.state.in_(bindparam("shown", expanding=True)),
        )
        .order_by(Assignment.offered_at.desc(), Assignment.id.desc())
    )


@dataclass(frozen=True)
class OnRecord:
    """What there is of a family at all, so that its page does not ask for what is not there.
    `waiting`: the ids of the parents who are in the queue for a Family Specialist. `drafted`: the
    viewer began an entry and has not logged it."""

    drafted: bool
    messages: bool
    hand_overs: bool
    tasks: bool
    services: bool
    waiting: frozenset[int]


def on_record_of(viewer: Actor, case: Case) -> OnRecord:
    row = db.session.execute(_on_record(), {"case": case.id, "viewer_id": viewer.id}).one()
    return OnRecord(
        drafted=row.drafted,
        messages=row.messages,
        hand_overs=row.hand_overs,
        tasks=row.tasks,
        services=row.services,
        waiting=frozenset(int(person) for person in (row.waiting or "").split(",") if person),
    )


@cache
def _on_record() -> _Rows:
    case_id = bindparam("case", type_=Integer)
    return select(
        select(ActivityDraft.case_id)
        .where(
            ActivityDraft.specialist_id == bindparam("viewer_id", type_=Integer),
            ActivityDraft.case_id == case_id,
        )
        .exists()
        .label("drafted"),
        select(Message.id)
        .join(Message.referral)
        .where(Referral.case_id == case_id)
        .exists()
        .label("messages"),
        select(HandOver.id).where(HandOver.case_id == case_id).exists().label("hand_overs"),
        select(Task.id).where(Task.case_id == case_id).exists().label("tasks"),
        select(ServiceReferral.id)
        .where(ServiceReferral.case_id == case_id)
        .exists()
        .label("services"),
        select(func.aggregate_strings(cast(Waiting.person_id, String), ","))
        .where(Waiting.case_id == case_id, Waiting.ended_at.is_(None))
        .scalar_subquery()
        .label("waiting"),
    )


def referrals_of(case: Case) -> list[ReferralRow]:
    """The referrals of this family over the years, the latest first. Of the document only the
    parents' answers: the history is read, and its reading recorded, on the referral's page."""
    return [
        ReferralRow(public_id, reference, received_at, _did_not_agree(parents))
        for public_id, reference, received_at, parents in db.session.execute(
            _referrals(), {"case": case.id}
        )
    ]


@cache
def _referrals() -> _Rows:
    return (
        select(
            Referral.public_id,
            Referral.reference,
            Referral.received_at,
            Submission.document["parents"],
        )
        .join(Submission, Submission.referral_id == Referral.id)
        .where(Referral.case_id == bindparam("case", type_=Integer))
        .order_by(Referral.received_at.desc(), Referral.id.desc())
    )


def _did_not_agree(parents: list[dict[str, Any]]) -> tuple[tuple[str, AgreementAnswer], ...]:
    answers = [
        (
            Relationship(parent.get("relationship") or Relationship.PARENT).label,
            AgreementAnswer(parent["agreement"]["answer"]),
        )
        for parent in parents or []
    ]
    return tuple(pair for pair in answers if pair[1] is not AgreementAnswer.AGREED)
