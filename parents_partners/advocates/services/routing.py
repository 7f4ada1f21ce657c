"""Who works with whom: offers to Family Specialists, and the queue of parents without one."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from parents_partners.accounts.models import User
from parents_partners.accounts.types import CLOCK, Actor
from parents_partners.advocates.models import (
    AssignedParent,
    Assignment,
    Specialist,
    Waiting,
)
from parents_partners.advocates.queries.suggestions import (
    suggestions_for_case,
    suggestions_for_referral,
)
from parents_partners.advocates.services.suitability import (
    NOT_AVAILABLE,
    consenting,
    refuse_unsuitable,
    refuse_without_consent,
)
from parents_partners.advocates.services.transitions import move, overtaken, release
from parents_partners.advocates.suggestions import why_another
from parents_partners.advocates.types import (
    LONGEST_CHOICE_REASON,
    AssignmentAction,
    AssignmentState,
    FamilyOfferCommand,
    OfferCommand,
    WaitingSince,
)
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Person
from parents_partners.cases.services.concerns import tick_concerns
from parents_partners.cases.services.consents import hold_consents
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.reference import setting_days
from parents_partners.referrals import services as referral_services
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries import submission_of


def offer(
    case: Case,
    persons: Sequence[Person],
    specialist: Specialist,
    *,
    actor: Actor,
    now: datetime,
    referral: Referral | None = None,
    choice_reason: str | None = None,
) -> Assignment:
    """Offer these parents of a case to a Family Specialist, who has `offer_unanswered_days` to
    answer. Ends the parents' places in the queue.

    Raises Refused where a parent's consent (REF-03, ADV-05), the specialist's profile (PP-04),
    their absence or the conflict list forbid it, and AlreadyDone where a parent already has an
    offer or a specialist: the database has the last word about that (pitfall 5)."""
    if not persons:
        raise Refused({"parents": "Choose at least one parent for this offer."})
    if choice_reason and len(choice_reason) > LONGEST_CHOICE_REASON:
        raise Refused(
            {"choice_reason": f"Write the reason in at most {LONGEST_CHOICE_REASON} characters."}
        )
    refuse_without_consent(case, persons)
    refuse_unsuitable(specialist, case, referral, actor, now)
    unit_id = specialist.user.unit_id
    assert unit_id is not None, "unit_for_unit_staff"  # noqa: S101
    assignment = Assignment(
        case_id=case.id,
        referral_id=referral.id if referral else None,
        specialist_id=specialist.user_id,
        unit_id=unit_id,
        offered_at=now,
        offered_by_id=actor.id,
        choice_reason=choice_reason or None,
        answer_by=_days_later(now, setting_days("offer_unanswered_days")),
        parents=[AssignedParent(person_id=person.id, case_id=case.id) for person in persons],
    )
    try:
        with db.session.begin_nested():
            db.session.add(assignment)
    except IntegrityError:
        raise _already_offered(case, persons) from None
    _leave_queue(case, persons, now)
    audit.record(
        Event.OFFERED,
        assignment,
        actor=actor,
        now=now,
        case_id=case.id,
        referral_id=assignment.referral_id,
        specialist_id=specialist.user_id,
        parents=len(persons),
    )
    db.session.flush()
    return assignment


def file_and_offer(
    referral: Referral, command: OfferCommand, *, actor: Actor, now: datetime
) -> Assignment | None:
    """The triage decision, in one step: file the referral, tick the family's concerns, offer
    the chosen parents to a specialist. Agreeing parents beyond the offer wait; without a
    specialist all of them do, and None is given.

    Raises AlreadyDone where another supervisor was quicker, or changed the referral since the
    page was opened; Refused as `offer` does."""
    _refuse_stale(referral, command.version)
    chosen = command.specialist_public_id
    specialist = None if chosen is None else _specialist(chosen)
    case = referral_services.file(
        referral, case=_known_case(command.case_public_id, actor), actor=actor, now=now
    )
    tick_concerns(case, command.concerns, actor=actor, now=now)
    filed = {parent.position: parent.person for parent in referral.filed_parents}
    assignment = None
    if chosen is not None and specialist is not None:
        suggestions = suggestions_for_referral(
            actor,
            referral,
            submission_of(referral),
            concerns=command.concerns,
            case=case if command.case_public_id else None,
            now=now,
        )
        assignment = offer(
            case,
            [person for position, person in filed.items() if position in command.parents],
            specialist,
            actor=actor,
            now=now,
            referral=referral,
            choice_reason=why_another(suggestions, chosen, command.choice_reason),
        )
    for person in filed.values():
        wait(case, person, WaitingSince.FILED, actor=actor, now=now, referral=referral)
    return assignment


def offer_waiting(
    case: Case, command: FamilyOfferCommand, *, actor: Actor, now: datetime
) -> Assignment:
    """Tick the concerns of a filed family and offer its waiting parents, in one step.

    Raises AlreadyDone where another supervisor was quicker, Refused as `offer` does."""
    hold_consents(case.id)
    db.session.refresh(case)
    if case.version != command.version:
        raise overtaken("This family was changed after you opened it.", case_id=case.id)
    specialist = _specialist(command.specialist_public_id)
    parents = db.session.scalars(
        select(Person)
        .join(Waiting, Waiting.person_id == Person.id)
        .where(
            Waiting.case_id == case.id,
            Waiting.ended_at.is_(None),
            Person.public_id.in_(command.parents),
        )
        .order_by(Waiting.id)
    ).all()
    tick_concerns(case, command.concerns, actor=actor, now=now)
    suggestions = suggestions_for_case(actor, case, concerns=command.concerns, now=now)
    return offer(
        case,
        parents,
        specialist,
        actor=actor,
        now=now,
        choice_reason=why_another(suggestions, command.specialist_public_id, command.choice_reason),
    )


def wait(
    case: Case,
    person: Person,
    why: WaitingSince,
    *,
    actor: Actor,
    now: datetime,
    referral: Referral | None = None,
) -> Waiting | None:
    """Give a parent a place in the queue. None where there is nothing to wait for: they withdrew
    their consent, or somebody has them already. Waiting already: the place they have."""
    waiting = db.session.scalar(
        select(Waiting).where(
            Waiting.case_id == case.id,
            Waiting.person_id == person.id,
            Waiting.ended_at.is_(None),
        )
    )
    if waiting or person.id not in consenting(case) or _open_stints(case, [person]):
        return waiting
    waiting = Waiting(
        case_id=case.id,
        person_id=person.id,
        referral_id=referral.id if referral else None,
        since=now,
        why=why,
    )
    db.session.add(waiting)
    db.session.flush()
    return waiting


def take_back(assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    """Take back an offer that nobody answered; its parents go back into the queue."""
    _close_unaccepted(
        assignment,
        AssignmentAction.TAKE_BACK,
        WaitingSince.OFFER_TAKEN_BACK,
        actor=actor,
        now=now,
    )


def lapse_unanswered(*, now: datetime) -> int:
    """Let every offer lapse whose time to answer has passed. Gives how many; running it twice
    does no more than once."""
    overdue = db.session.scalars(
        select(Assignment)
        .where(Assignment.state == AssignmentState.OFFERED, Assignment.answer_by <= now)
        # In the order in which families are held everywhere, so that nobody waits for ever.
        .order_by(Assignment.case_id, Assignment.id)
    ).all()
    lapsed = 0
    for assignment in overdue:
        try:
            _close_unaccepted(
                assignment,
                AssignmentAction.LAPSE,
                WaitingSince.OFFER_LAPSED,
                actor=CLOCK,
                now=now,
            )
        except AlreadyDone:
            continue  # answered in this very moment: the answer stands
        lapsed += 1
    return lapsed


def _close_unaccepted(
    assignment: Assignment,
    action: AssignmentAction,
    why: WaitingSince,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    hold_consents(assignment.case_id)
    move(assignment, action, actor=actor, now=now, closed_unaccepted_at=now)
    release(assignment, now=now)
    referral = db.session.get(Referral, assignment.referral_id) if assignment.referral_id else None
    for parent in assignment.parents:
        wait(assignment.case, parent.person, why, actor=actor, now=now, referral=referral)


def _refuse_stale(referral: Referral, version: int) -> None:
    """A question or an answer since the page was opened may change the decision, and none comes
    between this look and the act. (A decision since then is refused by `file`, in words of its
    own.)"""
    referral_services.hold(referral)
    if referral.version != version and referral.state in AWAITING_DECISION:
        raise overtaken(
            "A question was asked or answered after you opened this referral.",
            referral_id=referral.id,
        )


def _specialist(public_id: str) -> Specialist:
    specialist = db.session.scalar(
        select(Specialist).join(Specialist.user).where(User.public_id == public_id)
    )
    if specialist is None:
        raise Refused({"specialist": NOT_AVAILABLE})
    return specialist


def _known_case(public_id: str | None, actor: Actor) -> Case | None:
    if public_id is None:
        return None
    case = db.session.scalar(
        select(Case).where(Case.public_id == public_id, cases.visible_to(actor))
    )
    if case is None:
        raise Refused({"case": "Choose one of the families shown, or a new one."})
    return case


def _already_offered(case: Case, persons: Sequence[Person]) -> AlreadyDone:
    other = next(iter(_open_stints(case, persons)), None)
    if other is None:
        return AlreadyDone("This family was just offered by somebody else.", by=None, at=None)
    by = db.session.scalar(select(User.name).where(User.id == other.offered_by_id))
    return AlreadyDone(
        "A Family Specialist was already offered for this family.",
        by=by,
        by_id=other.offered_by_id,
        at=other.offered_at,
    )


def _open_stints(case: Case, persons: Collection[Person]) -> Sequence[Assignment]:
    return db.session.scalars(
        select(Assignment)
        .join(AssignedParent)
        .where(
            AssignedParent.case_id == case.id,
            AssignedParent.person_id.in_([person.id for person in persons]),
            AssignedParent.released_at.is_(None),
        )
        .order_by(Assignment.offered_at.desc(), Assignment.id)
    ).all()


def _leave_queue(case: Case, persons: Sequence[Person], now: datetime) -> None:
    db.session.execute(
        update(Waiting)
        .where(
            Waiting.case_id == case.id,
            Waiting.person_id.in_([person.id for person in persons]),
            Waiting.ended_at.is_(None),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _days_later(instant: datetime, days: int) -> datetime:
    """The same time of day in the programme's zone, also across a change of the clocks."""
    return (instant.astimezone(programme_zone()) + timedelta(days=days)).astimezone(UTC)
