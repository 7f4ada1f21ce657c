"""A Family Specialist's answer to an offer."""

from datetime import datetime

from sqlalchemy import select

from parents_partners.accounts.types import Actor
from parents_partners.advocates.models import AssignedParent, Assignment
from parents_partners.advocates.services import routing
from parents_partners.advocates.services.suitability import refuse_what_they_do_not_take
from parents_partners.advocates.services.transitions import move, release
from parents_partners.advocates.types import AssignmentAction, WaitingSince
from parents_partners.cases.models import Person
from parents_partners.cases.services.conflicts import hold_what_closes, record_conflict
from parents_partners.cases.services.consents import hold_consents
from parents_partners.cases.types import allows_contact
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import choices_of, needs
from parents_partners.referrals.models import Referral

KNOWS_FAMILY = needs("offer_decline_reason", "know_family")


def accept(assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    """Take the family on: its history opens now.

    Raises AlreadyDone if the offer is no longer open, Refused if a parent's consent is not in
    force (ADV-05), or the family has a concern that they do not take (PP-04)."""
    given = hold_consents(assignment.case_id)
    move(assignment, AssignmentAction.ACCEPT, actor=actor, now=now, accepted_at=now)
    if not all(
        allows_contact(given.get(person.id, frozenset())) for person in _parents(assignment)
    ):
        raise Refused("A parent of this offer took their consent back. Ask your supervisor.")
    refuse_what_they_do_not_take(assignment.specialist, assignment.case)


def decline(assignment: Assignment, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say no, with a reason of the programme's list; the parents go back to the queue. Who knows
    the family never meets it again: they are put on the conflict list (security.md).

    Raises AlreadyDone if the offer is no longer open."""
    if reason not in dict(
        choices_of("offer_decline_reason", today=local_day(now, programme_zone()))
    ):
        raise Refused({"reason": "Choose why you decline. Any of the reasons is fine."})
    if reason == KNOWS_FAMILY:
        hold_what_closes(assignment.specialist_id, assignment.case_id, assignment.case.number_key)
    hold_consents(assignment.case_id)
    parents = _parents(assignment)
    move(
        assignment,
        AssignmentAction.DECLINE,
        actor=actor,
        now=now,
        decline_reason=reason,
        closed_unaccepted_at=now,
    )
    release(assignment, now=now)
    if reason == KNOWS_FAMILY:
        record_conflict(assignment.specialist_id, actor=actor, now=now, case=assignment.case)
    referral = db.session.get(Referral, assignment.referral_id) if assignment.referral_id else None
    for person in parents:
        routing.wait(
            assignment.case,
            person,
            WaitingSince.OFFER_DECLINED,
            actor=actor,
            now=now,
            referral=referral,
        )
    db.session.flush()


def _parents(assignment: Assignment) -> list[Person]:
    return list(
        db.session.scalars(
            select(Person)
            .join(AssignedParent, AssignedParent.person_id == Person.id)
            .where(
                AssignedParent.assignment_id == assignment.id,
                AssignedParent.released_at.is_(None),
            )
        )
    )
