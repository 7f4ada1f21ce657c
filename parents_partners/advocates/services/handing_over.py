"""How a stint goes on with another Family Specialist: a supervisor asks, who carries the family
gives, the other takes. Until it is taken nothing changes for the family."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Select, select, update
from sqlalchemy.exc import IntegrityError

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.advocates.lifecycle import CARRIED, HAND_OVER_LIFECYCLE
from parents_partners.advocates.models import (
    AssignedParent,
    Assignment,
    HandOver,
    HandOverNote,
    HandOverWords,
    Specialist,
)
from parents_partners.advocates.queries.notes import entries_to_pass_on
from parents_partners.advocates.queries.suggestions import suggestions_for_case
from parents_partners.advocates.services import suitability, tasks
from parents_partners.advocates.services.activities import drop_drafts_without_support
from parents_partners.advocates.services.transitions import move, overtaken, release
from parents_partners.advocates.suggestions import why_another
from parents_partners.advocates.types import (
    LONGEST_WORDS,
    AssignmentAction,
    AssignmentState,
    GiveCommand,
    HandOverAction,
    HandOverState,
)
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Person
from parents_partners.cases.services.conflicts import hold_what_closes, record_conflict
from parents_partners.cases.services.consents import hold_consents
from parents_partners.cases.types import allows_contact
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, NotPermitted, Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import choices_of, needs, setting_days
from parents_partners.core.text import problem_with_text
from parents_partners.referrals.models import Referral

HANDED_OVER = needs("outcome", "handed_over")
"""The outcome that no person chooses: the other's taking brings it."""

KNOWS_FAMILY = needs("offer_decline_reason", "know_family")


def ask(
    assignment: Assignment,
    specialist_public_id: str,
    *,
    choice_reason: str | None = None,
    actor: Actor,
    now: datetime,
) -> HandOver:
    """Ask that this stint goes on with another specialist of the unit.

    Raises Refused where the profile (PP-04), an absence or the conflict list forbid them, another
    than the first suggested is asked without a reason (PP-05), or nobody can prepare it;
    AlreadyDone where the support is over or a hand-over of it is open."""
    hold_consents(assignment.case_id)
    db.session.refresh(assignment)
    if assignment.state not in CARRIED:
        raise overtaken(
            "This support is over.",
            case_id=assignment.case_id,
            subject=Assignment.__tablename__,
            subject_id=assignment.id,
        )
    specialist = db.session.scalar(
        select(Specialist).join(Specialist.user).where(User.public_id == specialist_public_id)
    )
    if specialist is None:
        raise Refused({"specialist": suitability.NOT_AVAILABLE})
    if specialist.user_id == assignment.specialist_id:
        raise Refused({"specialist": "They support this family already. Choose somebody else."})
    suitability.refuse_where_nobody_prepares(assignment)
    suitability.refuse_unsuitable(specialist, assignment.case, _referral_of(assignment), actor, now)
    suggestions = suggestions_for_case(actor, assignment.case, now=now)
    carrier = assignment.specialist.user.public_id
    others = [one for one in suggestions if one.public_id != carrier]
    hand_over = HandOver(
        assignment_id=assignment.id,
        case_id=assignment.case_id,
        to_specialist_id=specialist.user_id,
        choice_reason=why_another(others, specialist_public_id, choice_reason),
        asked_at=now,
        asked_by_id=actor.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(hand_over)
    except IntegrityError:
        raise overtaken(
            "Somebody asked for a hand-over of this support already.",
            event=Event.HAND_OVER_ASKED,
            subject=HandOver.__tablename__,
            subject_id=db.session.scalar(_open_one(assignment).with_only_columns(HandOver.id)) or 0,
        ) from None
    _record(Event.HAND_OVER_ASKED, hand_over, actor=actor, now=now)
    db.session.flush()
    return hand_over


def give(hand_over: HandOver, command: GiveCommand, *, actor: Actor, now: datetime) -> None:
    """Say what is open and what the parents let pass on; from now on the other may take it.

    No note passes on unless every parent of the stint was asked: what one of them told is often
    about both. Raises Refused where that is not so, or where a note is not this specialist's to
    pass on; AlreadyDone where the hand-over is no longer asked for."""
    hold_consents(hand_over.case_id)
    problem = problem_with_text(
        command.words, multiline=True, max_length=LONGEST_WORDS, what="What you write"
    )
    if problem or not command.words:
        raise Refused({"words": problem or "Write in a few words what is open."})
    if command.asked_on and command.asked_on > _today(now):
        raise Refused({"asked_on": "The parents were asked today or earlier. Check the date."})
    if command.entries and command.asked_on is None:
        raise Refused({"entries": "Ask every parent first: without their word no note passes on."})
    may_pass = {row.public_id: row.id for row in entries_to_pass_on(actor, hand_over.assignment)}
    if not command.entries <= may_pass.keys():
        raise Refused({"entries": "Choose only from the entries that stand here."})
    _move(
        hand_over,
        HandOverAction.GIVE,
        actor=actor,
        now=now,
        given_at=now,
        parents_asked_on=command.asked_on,
    )
    db.session.add(HandOverWords(hand_over_id=hand_over.id, text=command.words))
    db.session.add_all(
        HandOverNote(hand_over_id=hand_over.id, activity_id=may_pass[entry])
        for entry in sorted(command.entries)
    )
    db.session.flush()


def take(hand_over: HandOver, *, actor: Actor, now: datetime) -> Assignment:
    """Take the family over, in one step: the one stint ends, the other begins for the same
    parents with its own unit and dates (pitfall 4), open tasks go along, and the notes that were
    passed on can be read.

    Raises AlreadyDone if it is no longer there to be taken, Refused if a parent's consent is not
    in force (ADV-05) or the family has a concern that they do not take (PP-04), NotPermitted to
    who cannot sign in any more (R-06)."""
    given = hold_consents(hand_over.case_id)
    taker = db.session.get_one(Specialist, hand_over.to_specialist_id)
    if not suitability.hold_profile(taker).active:
        raise NotPermitted
    step = HAND_OVER_LIFECYCLE[HandOverAction.TAKE]
    db.session.refresh(hand_over)
    if hand_over.state not in step.sources:
        raise no_longer(hand_over)
    old = hand_over.assignment
    db.session.refresh(old)
    parents = _parents(old)
    if not parents or not all(
        allows_contact(given.get(parent.id, frozenset())) for parent in parents
    ):
        raise Refused("A parent of this family took their consent back. Ask your supervisor.")
    suitability.refuse_what_they_do_not_take(taker, old.case)
    move(
        old,
        AssignmentAction.HAND_OVER,
        actor=actor,
        now=now,
        ended_at=now,
        ended_by_id=actor.id,
        outcome=HANDED_OVER,
    )
    release(old, now=now)
    new = _begin(hand_over, old, parents, actor=actor, now=now)
    # The event of this step is the one that the end of the old stint recorded.
    _set_state(
        hand_over,
        HandOverAction.TAKE,
        closed_at=now,
        closed_by_id=actor.id,
        new_assignment_id=new.id,
    )
    if not _still_carries(old):
        tasks.pass_on(
            old.case, old.specialist.user, hand_over.to_specialist.user, actor=actor, now=now
        )
    drop_drafts_without_support(old)
    db.session.flush()
    return new


def decline_giving(hand_over: HandOver, reason: str, *, actor: Actor, now: datetime) -> None:
    """Who carries the family says no; they go on carrying it. Raises Refused for a reason that is
    not of the list `hand_over_decline_reason`."""
    _decline(hand_over, reason, "hand_over_decline_reason", actor=actor, now=now)


def decline_taking(hand_over: HandOver, reason: str, *, actor: Actor, now: datetime) -> None:
    """Who was asked to take the family over says no. Who knows the family never meets it again,
    as when they decline an offer."""
    case, taker_id = hand_over.assignment.case, hand_over.to_specialist_id
    if reason == KNOWS_FAMILY:
        hold_what_closes(taker_id, case.id, case.number_key)
    _decline(hand_over, reason, "offer_decline_reason", actor=actor, now=now)
    if reason == KNOWS_FAMILY:
        record_conflict(taker_id, actor=actor, now=now, case=case)


def take_back(hand_over: HandOver, *, actor: Actor, now: datetime) -> None:
    """The supervisor no longer wants it; the family stays where it is."""
    hold_consents(hand_over.case_id)
    _close(hand_over, HandOverAction.TAKE_BACK, actor=actor, now=now)


def stop(assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    """The support ended, or one of its parents took their consent back: what was to be handed over
    is no longer what was asked for. Where no hand-over is open, nothing happens."""
    if hand_over := db.session.scalar(_open_one(assignment)):
        _close(hand_over, HandOverAction.STOP, actor=actor, now=now)


def _open_one(assignment: Assignment) -> Select[Any]:
    return select(HandOver).where(
        HandOver.assignment_id == assignment.id, HandOver.closed_at.is_(None)
    )


def _begin(
    hand_over: HandOver, old: Assignment, parents: Sequence[Person], *, actor: Actor, now: datetime
) -> Assignment:
    unit_id = hand_over.to_specialist.user.unit_id
    assert unit_id is not None, "unit_for_unit_staff"  # noqa: S101
    assert hand_over.given_at is not None, "given_has_time"  # noqa: S101
    new = Assignment(
        case_id=old.case_id,
        referral_id=old.referral_id,
        specialist_id=hand_over.to_specialist_id,
        unit_id=unit_id,
        state=AssignmentState.ACCEPTED,
        offered_at=hand_over.asked_at,
        offered_by_id=hand_over.asked_by_id,
        answer_by=hand_over.given_at + timedelta(days=setting_days("hand_over_days")),
        accepted_at=now,
        choice_reason=hand_over.choice_reason,
        parents=[AssignedParent(person_id=parent.id, case_id=old.case_id) for parent in parents],
    )
    db.session.add(new)
    db.session.flush()
    return new


def _still_carries(old: Assignment) -> bool:
    """Whether who handed over goes on with another parent of the family: their tasks stay theirs,
    since a task belongs to a family and not to one stint with it."""
    other = select(Assignment.id).where(
        Assignment.case_id == old.case_id,
        Assignment.specialist_id == old.specialist_id,
        Assignment.state.in_(CARRIED),
    )
    return db.session.scalar(other.limit(1)) is not None


def _decline(
    hand_over: HandOver, reason: str, list_name: str, *, actor: Actor, now: datetime
) -> None:
    if reason not in dict(choices_of(list_name, today=_today(now))):
        raise Refused({"reason": "Choose why you decline. Any of the reasons is fine."})
    hold_consents(hand_over.case_id)
    _close(hand_over, HandOverAction.DECLINE, actor=actor, now=now, decline_reason=reason)


def _close(
    hand_over: HandOver, action: HandOverAction, *, actor: Actor, now: datetime, **values: Any
) -> None:
    closed = {"closed_at": now, "closed_by_id": actor.id}
    _move(hand_over, action, actor=actor, now=now, **closed, **values)


def _move(
    hand_over: HandOver, action: HandOverAction, *, actor: Actor, now: datetime, **values: Any
) -> None:
    """One action of the lifecycle table with its event. Raises AlreadyDone, saying who and when,
    where somebody was quicker (pitfall 5)."""
    _set_state(hand_over, action, **values)
    _record(Event(HAND_OVER_LIFECYCLE[action].event), hand_over, actor=actor, now=now)


def _set_state(hand_over: HandOver, action: HandOverAction, **values: Any) -> None:
    step = HAND_OVER_LIFECYCLE[action]
    db.session.flush()
    moved = cast(
        "CursorResult[Any]",
        db.session.execute(
            update(HandOver)
            .where(HandOver.id == hand_over.id, HandOver.state.in_(step.sources))
            .values(state=step.target, version=HandOver.version + 1, **values)
            .execution_options(synchronize_session=False)
        ),
    )
    db.session.refresh(hand_over)
    if not moved.rowcount:
        raise no_longer(hand_over)


def no_longer(hand_over: HandOver) -> AlreadyDone:
    """It came to another state than the one in which somebody saw it: who did that, and when."""
    taken = hand_over.state is HandOverState.TAKEN  # that is an event of the stint
    return overtaken(
        f"This hand-over is not where you saw it any more: {hand_over.state.label.lower()}.",
        case_id=hand_over.case_id,
        subject=(Assignment if taken else HandOver).__tablename__,
        subject_id=hand_over.assignment_id if taken else hand_over.id,
    )


def _record(event: Event, hand_over: HandOver, *, actor: Actor, now: datetime) -> None:
    audit.record(
        event,
        hand_over,
        actor=actor,
        now=now,
        case_id=hand_over.case_id,
        specialist_id=hand_over.to_specialist_id,
    )


def _parents(assignment: Assignment) -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .join(AssignedParent, AssignedParent.person_id == Person.id)
        .where(AssignedParent.assignment_id == assignment.id, AssignedParent.released_at.is_(None))
        .order_by(Person.id)
    ).all()


def _referral_of(assignment: Assignment) -> Referral | None:
    return db.session.get(Referral, assignment.referral_id) if assignment.referral_id else None


def _today(now: datetime) -> date:
    return local_day(now, programme_zone())
