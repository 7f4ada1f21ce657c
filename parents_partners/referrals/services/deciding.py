from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope, HeardFrom
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import choices_of, setting
from parents_partners.core.text import clean, problem_with_text
from parents_partners.referrals.lifecycle import GOES_ON, REFERRAL_LIFECYCLE
from parents_partners.referrals.models import FiledParent, Message, Question, Referral
from parents_partners.referrals.types import LONGEST_QUESTION, ReferralAction, ReferralState


def hold(*referrals: Referral) -> None:
    """Let nobody else decide about these, or say anything of them, until the transaction ends, and
    look again. In one order, and before any family is held (docs/decisions/0025). Not the key
    itself: whoever only refers to a referral need not wait."""
    for one in sorted(referrals, key=lambda one: one.id):
        db.session.refresh(one, with_for_update={"key_share": True})


def ask(referral: Referral, text: str, *, actor: Actor, now: datetime) -> Question:
    """Ask the referrer what is needed before a decision. Raises Refused at `text`."""
    text = _words(text, field="text", what="The question", missing="Write your question.")
    perform(ReferralAction.ASK, referral, actor=actor, now=now)
    question = Question(referral_id=referral.id, text=text, asked_at=now, asked_by_id=actor.id)
    db.session.add(question)
    db.session.flush()
    db.session.expire(referral, ["questions"])
    return question


def answer(referral: Referral, text: str, *, actor: Actor, now: datetime) -> Question:
    """Answer the open question; the referral goes back to the queue. Raises Refused at `text`."""
    text = _words(text, field="text", what="The answer", missing="Write your answer.")
    perform(ReferralAction.ANSWER, referral, actor=actor, now=now)
    question = db.session.scalars(
        select(Question)
        .where(Question.referral_id == referral.id, Question.answered_at.is_(None))
        .order_by(Question.id.desc())
        .limit(1)
    ).one()
    question.answer, question.answered_at, question.answered_by_id = text, now, actor.id
    db.session.flush()
    return question


def decline(referral: Referral, reason: str, *, actor: Actor, now: datetime) -> None:
    """Close the referral with a reason of the list `decline_reason`. Raises Refused at
    `reason` for a code that cannot be chosen today."""
    today = local_day(now, programme_zone())
    if reason not in {code for code, _label in choices_of("decline_reason", today=today)}:
        raise Refused({"reason": "Choose why the referral is declined."})
    perform(
        ReferralAction.DECLINE,
        referral,
        actor=actor,
        now=now,
        values={"decline_reason": reason, "decided_at": now, "decided_by_id": actor.id},
        reason=reason,
    )


def mark_duplicate(referral: Referral, original: Referral, *, actor: Actor, now: datetime) -> None:
    """Close the referral as a second one of `original`, which goes on. Its own duplicates become
    those of `original`, so that whoever asks for a duplicate's family looks one step and no
    further; the messages about it wait for whoever supports the family of `original`.

    Raises Refused at `original` for itself and for one with which nothing goes on."""
    if original.id == referral.id:
        raise Refused({"original": "A referral is no duplicate of itself. Choose another one."})
    _hold_with_duplicates(referral, original)
    if original.state is ReferralState.DUPLICATE:
        raise Refused(
            {"original": "That referral is itself a duplicate. Choose the one it was marked with."}
        )
    if original.state not in GOES_ON:
        raise Refused(
            {
                "original": "That referral was closed, so nobody would see to this family. Choose"
                " one that waits for a decision or was filed, or decide about this one."
            }
        )
    perform(
        ReferralAction.MARK_DUPLICATE,
        referral,
        actor=actor,
        now=now,
        values={"duplicate_of_id": original.id, "decided_at": now, "decided_by_id": actor.id},
        original=original.reference,
    )
    db.session.execute(
        update(Referral)
        .where(Referral.duplicate_of_id == referral.id)
        .values(duplicate_of_id=original.id, version=Referral.version + 1)
    )
    db.session.execute(
        update(Message).where(Message.referral_id == referral.id).values(referral_id=original.id)
    )


def _hold_with_duplicates(referral: Referral, original: Referral) -> None:
    """As `hold`, both and every duplicate of the first: two who mark each as the other's duplicate
    do not wait for each other for ever."""
    of_both = Referral.id.in_((referral.id, original.id))
    db.session.scalars(
        select(Referral)
        .where(or_(of_both, Referral.duplicate_of_id == referral.id))
        .order_by(Referral.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def withdraw(
    referral: Referral,
    *,
    actor: Actor,
    now: datetime,
    positions: Collection[int] | None = None,
) -> tuple[str, ...]:
    """Record that the parents no longer want it, whoever heard it first (ADV-05). Before a
    decision it closes the referral; once it is filed it withdraws all that its parents had
    allowed, or those at these `positions` among its agreeing parents. Gives what that stops, in
    words."""
    hold(referral)
    if referral.state is not ReferralState.FILED:
        perform(
            ReferralAction.WITHDRAW,
            referral,
            actor=actor,
            now=now,
            values={"withdrawn_at": now, "withdrawn_by_id": actor.id},
        )
        return ()
    return _withdraw_consents_of(referral, positions, actor=actor, now=now)


def perform(
    action: ReferralAction,
    referral: Referral,
    *,
    actor: Actor,
    now: datetime,
    values: dict[str, Any] | None = None,
    **detail: Any,
) -> None:
    """One action of the lifecycle: state, version and event in one transaction.

    The state is asked and changed in one statement, so that of two people at once exactly one
    wins (pitfall 5). Raises AlreadyDone for the other."""
    transition = REFERRAL_LIFECYCLE[action]
    values = values or {}
    changed = db.session.scalars(
        update(Referral)
        .where(Referral.id == referral.id, Referral.state.in_(transition.sources))
        .values(state=transition.target, version=Referral.version + 1, **values)
        .returning(Referral.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    db.session.refresh(referral)
    if changed is None:
        raise _already_done(referral, actor)
    audit.record(
        Event(transition.event),
        referral,
        actor=actor,
        now=now,
        referral_id=referral.id,
        case_id=referral.case_id,
        **detail,
    )
    db.session.flush()


_DONE = {
    ReferralState.SUBMITTED: "This question was already answered.",
    ReferralState.QUESTION_ASKED: "The referrer was already asked a question about this referral.",
    ReferralState.FILED: "This referral was already filed.",
    ReferralState.DECLINED: "This referral was already declined.",
    ReferralState.DUPLICATE: "This referral was already marked as a duplicate.",
    ReferralState.WITHDRAWN: "This referral was already withdrawn.",
}


def _already_done(referral: Referral, actor: Actor) -> AlreadyDone:
    by: User | None
    if referral.state is ReferralState.WITHDRAWN:
        by, at = referral.withdrawn_by, referral.withdrawn_at
    elif referral.decided_at is not None:
        by, at = referral.decided_by, referral.decided_at
    else:
        last = referral.questions[-1] if referral.questions else None
        by = (last.answered_by or last.asked_by) if last else None
        at = (last.answered_at or last.asked_at) if last else None
    # An agency learns the name of the family's specialist and of nobody else here (REF-07).
    hidden = actor.role is Role.REFERRER and (
        by is None or by.organisation_id != actor.organisation_id
    )
    what = _DONE[referral.state]
    if actor.role is Role.REFERRER and referral.state is ReferralState.DUPLICATE:
        # Of what: perhaps of another agency's referral. Its parents may be supported all the same,
        # so that a withdrawal must not end here (ADV-05).
        what = (
            "This referral was already closed. If a parent changed their mind, tell us by phone:"
            f" {setting('helpline_phone')}."
        )
    if hidden and referral.state is ReferralState.WITHDRAWN:
        # The parent said so to us, and perhaps not to them.
        what = "This referral was already closed."
    if by is None or hidden:
        return AlreadyDone(what, by=None, at=at)
    return AlreadyDone(what, by=by.name, by_id=by.id, at=at)


def _withdraw_consents_of(
    referral: Referral, positions: Collection[int] | None, *, actor: Actor, now: datetime
) -> tuple[str, ...]:
    stopped: list[str] = []
    heard_from = HeardFrom.REFERRER if actor.role is Role.REFERRER else HeardFrom.PARENT
    parents = db.session.scalars(
        select(FiledParent)
        .where(FiledParent.referral_id == referral.id)
        .order_by(FiledParent.position)
    ).all()
    for parent in parents:
        if positions is not None and parent.position not in positions:
            continue
        stopped += withdraw_consents(
            db.session.get_one(Case, parent.case_id),
            parent.person,
            frozenset(ConsentScope),
            actor=actor,
            now=now,
            heard_from=heard_from,
        )
    return tuple(dict.fromkeys(stopped))


def _words(text: str, *, field: str, what: str, missing: str) -> str:
    problem = problem_with_text(text, multiline=True, max_length=LONGEST_QUESTION, what=what)
    text = clean(text) if problem is None else ""
    if not text:
        raise Refused({field: problem or missing})
    return text
