"""How every action on a stint is performed: the table decides, the database has the last word."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from parents_partners.accounts.models import User
from parents_partners.accounts.types import CLOCK, Actor
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE
from parents_partners.advocates.models import AssignedParent, Assignment
from parents_partners.advocates.types import AssignmentAction
from parents_partners.audit import services as audit
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import READINGS, Event
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone


def move(
    assignment: Assignment, action: AssignmentAction, *, actor: Actor, now: datetime, **values: Any
) -> None:
    """Perform one action of the lifecycle table, setting `values` with it, and record its event.

    Raises AlreadyDone, saying who and when, where somebody was quicker (pitfall 5)."""
    step = ASSIGNMENT_LIFECYCLE[action]
    db.session.flush()
    moved = cast(
        "CursorResult[Any]",
        db.session.execute(
            update(Assignment)
            .where(Assignment.id == assignment.id, Assignment.state.in_(step.sources))
            .values(state=step.target, version=Assignment.version + 1, **values)
            .execution_options(synchronize_session=False)
        ),
    )
    db.session.refresh(assignment)
    if not moved.rowcount:
        by, at = who_moved(assignment)
        raise AlreadyDone(
            f"This offer is no longer open: {assignment.state.label.lower()}.", by=by, at=at
        )
    audit.record(
        Event(step.event),
        assignment,
        actor=actor,
        now=now,
        case_id=assignment.case_id,
        referral_id=assignment.referral_id,
    )


def release(assignment: Assignment, *, now: datetime) -> None:
    """The stint is over for its parents: another may begin for them."""
    db.session.execute(
        update(AssignedParent)
        .where(AssignedParent.assignment_id == assignment.id, AssignedParent.released_at.is_(None))
        .values(released_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(assignment, ["parents"])


def who_moved(assignment: Assignment) -> tuple[str | None, datetime | None]:
    """The name of whoever last changed this stint, and when."""
    last = db.session.execute(
        select(AuditEvent.at, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(
            AuditEvent.case_id == assignment.case_id,
            AuditEvent.subject == Assignment.__tablename__,
            AuditEvent.subject_id == assignment.id,
            AuditEvent.event.not_in(READINGS),
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()
    return (last.name or CLOCK.name, last.at) if last else (None, None)
