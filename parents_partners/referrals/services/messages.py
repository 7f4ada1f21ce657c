"""What the helpline heard about a family, for whoever carries it (REF-01), and a withdrawal that
was heard on the phone (ADV-05)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Consent, Membership, Person
from parents_partners.cases.names import name_key
from parents_partners.cases.services.consents import hold_case, withdraw_consents
from parents_partners.cases.types import ConsentScope, MembershipRole
from parents_partners.core.db import db, new_public_id
from parents_partners.core.errors import Refused
from parents_partners.core.text import clean, problem_with_text
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import Message, Referral
from parents_partners.referrals.queries.submitted import submission_of
from parents_partners.referrals.services.deciding import hold, withdraw
from parents_partners.referrals.types import (
    LONGEST_MESSAGE,
    MessageCommand,
    ReferralState,
    WithdrawalCommand,
)


def leave(referral: Referral, command: MessageCommand, *, actor: Actor, now: datetime) -> Message:
    """Leave a message about a family: for its Family Specialist, or for the supervisors while
    there is none. About a duplicate it hangs on the referral that goes on. The same key and words
    again give the message that is there. Raises Refused at `text`."""
    goes_on = _hold_that_goes_on(referral)
    said = {
        "referral_id": goes_on.id,
        "text": _words(command.text),
        "caller": command.caller,
        "phone": command.phone,
        "may_leave_voicemail": command.may_leave_voicemail,
        "safe_contact_note": command.safe_contact_note,
    }
    known = _left_before(command.key, actor)
    if known is not None and all(getattr(known, name) == value for name, value in said.items()):
        return known
    # The address of a message is its page's key. Other words under it, after the back button, are
    # another message.
    public_id = command.key if command.key and known is None else new_public_id()
    message = Message(public_id=public_id, **said, left_at=now, left_by_id=actor.id)
    try:
        with db.session.begin_nested():
            db.session.add(message)
            db.session.flush()
    except IntegrityError:
        # The same page, sent twice at one moment.
        if (known := _left_before(command.key, actor)) is not None:
            return known
        raise Refused("Somebody else used this page. Open a new one and try again.") from None
    _write_down(Event.MESSAGE_LEFT, message, goes_on, actor=actor, now=now)
    return message


def see(message: Message, *, actor: Actor, now: datetime) -> None:
    """Somebody whom it was left for has read it. Who saw it first stays; again changes nothing."""
    db.session.refresh(message, with_for_update={"key_share": True})
    if message.seen_at is not None:
        return
    message.seen_at, message.seen_by_id = now, actor.id
    _write_down(Event.MESSAGE_SEEN, message, message.referral, actor=actor, now=now)
    db.session.flush()


def hear_withdrawal(
    referral: Referral, command: WithdrawalCommand, *, actor: Actor, now: datetime
) -> Message:
    """Somebody at the helpline hears that a parent takes consent back (ADV-05).

    Where the name is that of one parent whose consent is in force, it is withdrawn at once; of a
    referral that nobody decided about, if that parent alone agreed and takes all of it back. In
    every case a message is left, the same one: what whoever took the call sees afterwards tells
    nothing about who is in the family. Raises Refused at `scopes` if nothing is taken back."""
    if not command.scopes:
        raise Refused({"scopes": "Choose which part the parent takes back."})
    goes_on = _hold_that_goes_on(referral)
    if goes_on.case_id is not None:
        _withdraw_in(goes_on.case_id, command, actor=actor, now=now)
    elif goes_on.state in AWAITING_DECISION and command.scopes == frozenset(ConsentScope):
        _withdraw_undecided(goes_on, command, actor=actor, now=now)
    return leave(goes_on, command.message, actor=actor, now=now)


def _withdraw_in(case_id: int, command: WithdrawalCommand, *, actor: Actor, now: datetime) -> None:
    hold_case(case_id)
    named = db.session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.case_id == case_id,
            Membership.role == MembershipRole.PARENT,
            Person.name_key == name_key(command.first_name, command.last_name),
            Person.id.in_(
                select(Consent.person_id).where(
                    Consent.case_id == case_id, Consent.withdrawn_at.is_(None)
                )
            ),
        )
    ).all()
    # Of two parents with one name nobody at the helpline can say which it is.
    if len(named) == 1:
        withdraw_consents(
            db.session.get_one(Case, case_id),
            named[0],
            command.scopes,
            actor=actor,
            now=now,
            heard_from=command.heard_from,
        )


def _withdraw_undecided(
    referral: Referral, command: WithdrawalCommand, *, actor: Actor, now: datetime
) -> None:
    agreeing = submission_of(referral).agreeing_parents
    if len(agreeing) != 1:
        return
    written = name_key(agreeing[0].first_name, agreeing[0].last_name)
    if written == name_key(command.first_name, command.last_name):
        withdraw(referral, actor=actor, now=now)


def _left_before(key: str | None, actor: Actor) -> Message | None:
    if key is None:
        return None
    return db.session.scalar(
        select(Message).where(Message.public_id == key, Message.left_by_id == actor.id)
    )


def _hold_that_goes_on(referral: Referral) -> Referral:
    """The original of a duplicate, held: what the page had looked at may have been filed, declined
    or marked as a duplicate since. A duplicate is not held with it. Whoever marks its original as
    one in turn holds that first, and the two would wait for each other."""
    with db.session.begin_nested() as savepoint:
        hold(referral)
        if referral.state is not ReferralState.DUPLICATE:
            return referral
        savepoint.rollback()
    return _hold_that_goes_on(db.session.get_one(Referral, referral.duplicate_of_id))


def _words(text: str) -> str:
    problem = problem_with_text(
        text, multiline=True, max_length=LONGEST_MESSAGE, what="The message"
    )
    text = clean(text) if problem is None else ""
    if not text:
        raise Refused({"text": problem or "Write what the caller said."})
    return text


def _write_down(
    event: Event, message: Message, referral: Referral, *, actor: Actor, now: datetime
) -> None:
    audit.record(
        event,
        message,
        actor=actor,
        now=now,
        referral_id=referral.id,
        case_id=referral.case_id,
    )
