"""A family's page: what the programme knows and who supports whom. What happened is `timeline`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.lifecycle import CARRIED, OPEN
from parents_partners.advocates.models import AssignedParent, Assignment, Waiting
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Case
from parents_partners.cases.types import Relationship
from parents_partners.core.db import db
from parents_partners.referrals.models import Referral, Submission
from parents_partners.referrals.types import AgreementAnswer


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
