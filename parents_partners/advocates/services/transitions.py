"""How every action on a stint is performed: the table decides, the database has the last word."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update

from parents_partners.accounts.types import CLOCK, Actor
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE
from parents_partners.advocates.models import AssignedParent, Assignment
from parents_partners.advocates.types import AssignmentAction, AssignmentState
from parents_partners.audit import services as audit
from parents_partners.audit.queries import last_change
from parents_partners.audit.types import Event
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone


def move(
    assignment: Assignment,
    action: AssignmentAction,
    *,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, str] | None = None,
    **values: Any,
) -> None:
    """Perform one action of the lifecycle table, setting `values` with it, and record its event
    with the codes of `detail`.

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
        what = "offer" if AssignmentState.OFFERED in step.sources else "support"
        raise overtaken(
            f"This {what} is no longer open: {assignment.state.label.lower()}.",
            case_id=assignment.case_id,
            subject=Assignment.__tablename__,
            subject_id=assignment.id,
        )
    audit.record(
        Event(step.event),
        assignment,
        actor=actor,
        now=now,
        case_id=assignment.case_id,
        referral_id=assignment.referral_id,
        **(detail or {}),
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


def overtaken(what: str, **of: str | int) -> AlreadyDone:
    """Somebody was quicker: who and when, out of the audit log (`of` as in `last_change`)."""
    last = last_change(**of)
    if last is None:
        return AlreadyDone(what, by=None, at=None)
    return AlreadyDone(what, by=last.by or CLOCK.name, by_id=last.by_id, at=last.at)
