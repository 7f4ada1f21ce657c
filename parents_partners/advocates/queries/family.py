"""A family's page: what the programme knows and who supports whom. What happened is `timeline`."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Integer, Select, String, bindparam, cast, func, or_, select

from parents_partners.accounts.models import User
from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, Role, ViewerKind
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
from parents_partners.cases.policies import visible_to
from parents_partners.cases.queries import Family
from parents_partners.cases.types import Borough, CaseStage, Relationship
from parents_partners.core.db import only_row, rows
from parents_partners.core.errors import Absent
from parents_partners.referrals.models import Message, Referral, Submission
from parents_partners.referrals.types import AgreementAnswer

_Rows: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class FamilyPage:
    """A family, and what there is of it at all, so that its page does not ask for what is not
    there. `waiting`: the ids of the parents who are in the queue for a Family Specialist.
    `drafted`: the viewer began an entry and has not logged it."""

    id: int
    public_id: str
    name: str
    number: str | None
    number_key: str | None
    stage: CaseStage
    borough: Borough | None
    agency: str
    agency_phone: str | None
    drafted: bool
    messages: bool
    hand_overs: bool
    tasks: bool
    services: bool
    waiting: frozenset[int]


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


def family_for(viewer: Actor, public_id: str) -> FamilyPage:
    """The family with this id, for somebody who may see it. Raises Absent."""
    values = {**said_of(viewer), "public_id": public_id}
    row = only_row(_family(viewer.kind), values)
    if row is None:
        raise Absent
    return FamilyPage(**row._asdict() | {"waiting": _ids(row.waiting)})


@cache
def _family(kind: ViewerKind) -> _Rows:
    """The fields of `FamilyPage`."""
    viewer = stand_in(kind)
    of_family = {
        "drafted": select(ActivityDraft.case_id).where(
            ActivityDraft.specialist_id == viewer.id, ActivityDraft.case_id == Case.id
        ),
        "messages": select(Message.id).join(Message.referral).where(Referral.case_id == Case.id),
        "hand_overs": select(HandOver.id).where(HandOver.case_id == Case.id),
        "tasks": select(Task.id).where(Task.case_id == Case.id),
        "services": select(ServiceReferral.id).where(ServiceReferral.case_id == Case.id),
    }
    return select(
        Case.id,
        Case.public_id,
        Case.name,
        Case.number,
        Case.number_key,
        Case.stage,
        Case.borough,
        Case.agency,
        Case.agency_phone,
        *(there_is.exists().label(name) for name, there_is in of_family.items()),
        select(func.aggregate_strings(cast(Waiting.person_id, String), ","))
        .where(Waiting.case_id == Case.id, Waiting.ended_at.is_(None))
        .scalar_subquery()
        .label("waiting"),
    ).where(Case.public_id == bindparam("public_id", type_=String), visible_to(viewer))


def _ids(joined: str | None) -> frozenset[int]:
    return frozenset(int(found) for found in (joined or "").split(",") if found)


def stints_of(viewer: Actor, case: Family) -> list[StintRow]:
    """Who supported the family, the latest first. Supervisors see open offers too."""
    stints: dict[str, Any] = {}
    parents: dict[str, set[int]] = {}
    for row in rows(_stints(viewer.role is Role.SUPERVISOR), {"case": case.id}):
        stints[row.public_id] = row[:-2]
        open_parents = parents.setdefault(row.public_id, set())
        if row.person_id is not None and row.released_at is None:
            open_parents.add(row.person_id)
    return [StintRow(*row, *[frozenset(parents[key])]) for key, row in stints.items()]


@cache
def _stints(supervises: bool) -> _Rows:
    """The fields of `StintRow`, in its order, and a parent; one row a parent."""
    shown = (OPEN if supervises else CARRIED) | {AssignmentState.ENDED}
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
            or_(*(Assignment.state == state for state in sorted(shown))),
        )
        .order_by(Assignment.offered_at.desc(), Assignment.id.desc())
    )


def referrals_of(case: Family) -> list[ReferralRow]:
    """The referrals of this family over the years, the latest first. Of the document only the
    parents' answers: the history is read, and its reading recorded, on the referral's page."""
    return [
        ReferralRow(public_id, reference, received_at, _did_not_agree(parents))
        for public_id, reference, received_at, parents in rows(_referrals(), {"case": case.id})
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
