"""How a stint ends, and how support begins again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from parents_partners.accounts.types import Actor
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE
from parents_partners.advocates.models import AssignedParent, Assignment, Waiting
from parents_partners.advocates.queries.stints import parents_without_support
from parents_partners.advocates.services import (
    handing_over,
    routing,
    service_referrals,
    tasks,
)
from parents_partners.advocates.services.activities import drop_drafts_without_support
from parents_partners.advocates.services.transitions import move, release
from parents_partners.advocates.types import AssignmentAction, WaitingSince
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Person
from parents_partners.cases.services.consents import hold_consents
from parents_partners.cases.types import ConsentScope, allows_contact
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import choices_of, needs

CONSENT_WITHDRAWN = needs("outcome", "consent_withdrawn")
"""The outcome that no person chooses: a withdrawal brings it (ADV-05)."""


def stop_what_was_allowed(
    case: Case, person: Person, scopes: frozenset[ConsentScope], *, actor: Actor, now: datetime
) -> None:
    """ADV-05: a parent who allows neither support nor company at meetings leaves the queue and
    the stint. A stint without parents is over: the offer stops, or the support. Services end with
    the consent to support."""
    service_referrals.stop_without_support(case, person, actor=actor, now=now)
    if allows_contact(hold_consents(case.id).get(person.id, frozenset())):
        return
    db.session.execute(
        update(Waiting)
        .where(
            Waiting.case_id == case.id,
            Waiting.person_id == person.id,
            Waiting.ended_at.is_(None),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session="fetch")
    )
    stint = _open_stint(case, person)
    if stint is None:
        return
    stint.released_at = now
    db.session.flush()
    assignment = stint.assignment
    # Whose notes would pass on has changed, and perhaps nobody is left to be handed over.
    handing_over.stop(assignment, actor=actor, now=now)
    if not _supports_somebody(assignment):
        _stop(assignment, actor=actor, now=now)


def end(assignment: Assignment, outcome: str, *, actor: Actor, now: datetime) -> None:
    """End the support with an outcome of the programme's list.

    Raises Refused for another outcome, AlreadyDone if the stint is over."""
    chosen = dict(choices_of("outcome", today=local_day(now, programme_zone())))
    if outcome == CONSENT_WITHDRAWN:
        raise Refused(
            {"outcome": "Record the withdrawal of the consent instead: it ends the support."}
        )
    if outcome == handing_over.HANDED_OVER:
        raise Refused({"outcome": "Ask for a hand-over instead: it ends the support when taken."})
    if outcome not in chosen:
        raise Refused({"outcome": "Choose how the support ended."})
    hold_consents(assignment.case_id)
    move(
        assignment,
        AssignmentAction.END,
        actor=actor,
        now=now,
        ended_at=now,
        ended_by_id=actor.id,
        outcome=outcome,
        detail={"outcome": outcome},
    )
    release(assignment, now=now)
    handing_over.stop(assignment, actor=actor, now=now)
    drop_drafts_without_support(assignment)


def reopen(case: Case, persons: Sequence[Person], *, actor: Actor, now: datetime) -> None:
    """Put parents whose support is over back into the queue, for a new stint.

    Raises Refused for a parent whose consent is not in force (ADV-05), or who has a specialist
    or a place in the queue."""
    given = hold_consents(case.id)
    free = parents_without_support(case)
    if not persons:
        raise Refused({"parents": "Choose who wants support again."})
    for person in persons:
        if not allows_contact(given.get(person.id, frozenset())):
            raise Refused(
                {"parents": "This parent's consent is not in force. Ask them before reopening."}
            )
        if person not in free:
            raise Refused(
                {"parents": "This parent has a Family Specialist already, or waits for one."}
            )
    for person in persons:
        routing.wait(case, person, WaitingSince.REOPENED, actor=actor, now=now)
    audit.record(
        Event.SUPPORT_REOPENED,
        case,
        actor=actor,
        now=now,
        case_id=case.id,
        parents=len(persons),
    )
    db.session.flush()


def _stop(assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    if ASSIGNMENT_LIFECYCLE.allows(AssignmentAction.STOP_OFFER, assignment.state):
        move(
            assignment,
            AssignmentAction.STOP_OFFER,
            actor=actor,
            now=now,
            closed_unaccepted_at=now,
        )
        return
    move(
        assignment,
        AssignmentAction.STOP_SUPPORT,
        actor=actor,
        now=now,
        ended_at=now,
        ended_by_id=actor.id,
        outcome=CONSENT_WITHDRAWN,
    )
    drop_drafts_without_support(assignment)
    tasks.drop_of_stopped_support(assignment, actor=actor, now=now)


def _open_stint(case: Case, person: Person) -> AssignedParent | None:
    return db.session.scalar(
        select(AssignedParent)
        .where(
            AssignedParent.case_id == case.id,
            AssignedParent.person_id == person.id,
            AssignedParent.released_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )


def _supports_somebody(assignment: Assignment) -> bool:
    others = select(AssignedParent.person_id).where(
        AssignedParent.assignment_id == assignment.id, AssignedParent.released_at.is_(None)
    )
    return db.session.scalar(others.limit(1)) is not None
