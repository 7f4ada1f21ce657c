"""The verbs of a call to the helpline: take, change, call back, begin a referral (REF-01)."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import setting_days
from parents_partners.core.text import case_number_key
from parents_partners.intake.models import Call, CallBack, CallNote, Draft
from parents_partners.intake.services.drafts import start
from parents_partners.intake.types import (
    CallBackOutcome,
    Caller,
    CallKind,
    CallLine,
    ChangedCall,
    Document,
    NotedOtherwise,
    StaleCall,
    TakenCall,
)
from parents_partners.referrals.models import Referral
from parents_partners.referrals.services.messages import leave
from parents_partners.referrals.types import MessageCommand

NOT_TO_JAIL = (
    "A parent in jail cannot be called back. Agree when they call collect again, and choose another"
    " kind of call."
)

_SAID = (
    "kind",
    "line",
    "through_interpreter",
    "language",
    "caller",
    "first_name",
    "last_name",
    "organisation",
    "phone",
    "may_leave_voicemail",
    "safe_contact_note",
    "case_number",
    "handed_to",
)
"""What of `TakenCall` stands in the call's own row, under the same name."""


def take_call(
    taken: TakenCall,
    *,
    about: Referral | None = None,
    submission_key: str,
    actor: Actor,
    now: datetime,
) -> Call:
    """Note a call. With `about`, a referral that is known, what was said is left as a message for
    the family's specialist in the same go. The same key again gives the call that is there.

    Raises Refused at `kind`, `phone`, `referral` or `note`, and NotedOtherwise if the call under
    this key says something else."""
    said = {name: getattr(taken, name) for name in _SAID}
    if (known := _taken_before(submission_key, actor)) is not None:
        return _the_same(known, said, taken, about)
    _refuse_what_cannot_be(taken, about)
    call = Call(
        **said,
        taken_at=now,
        taken_by_id=actor.id,
        number_key=case_number_key(taken.case_number or "") or None,
        call_back_on=_call_back_on(taken.kind, now),
        submission_key=submission_key,
        note=CallNote(text=taken.note) if taken.note else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(call)
            db.session.flush()
    except IntegrityError:
        # The same page, sent twice at one moment.
        if (known := _taken_before(submission_key, actor)) is not None:
            return _the_same(known, said, taken, about)
        raise Refused("Somebody else used this page. Open a new one and try again.") from None
    if about is not None:
        call.referral_id = about.id
        call.message_id = leave(about, _message(taken), actor=actor, now=now).id
    _write_down(Event.CALL_TAKEN, call, actor=actor, now=now, kind=taken.kind.value)
    return call


def change_call(call: Call, changed: ChangedCall, *, actor: Actor, now: datetime) -> None:
    """Mend what a call was for and what was said.

    Raises StaleCall if somebody changed the call since the form was opened, and Refused."""
    db.session.refresh(call, with_for_update=True)
    if changed.version != call.version:
        raise StaleCall(call.kind, call.note.text if call.note else "")
    if call.call_back_done_at is not None and changed.kind is not CallKind.CALL_BACK_WANTED:
        raise Refused({"kind": "Somebody called back already, so it stays what it was."})
    if changed.kind is CallKind.CALL_BACK_WANTED:
        _refuse_call_back(call.line, changed.phone or call.phone)
    if changed.kind is CallKind.UPDATE and call.referral_id is None:
        raise Refused({"kind": "This call names no referral that we have. Choose another kind."})
    if changed.kind is not call.kind:
        call.call_back_on = _call_back_on(changed.kind, call.taken_at)
    call.kind = changed.kind
    call.phone = changed.phone or call.phone
    if call.note is None:
        call.note = CallNote(text=changed.note) if changed.note else None
    elif changed.note:
        call.note.text = changed.note
    else:
        db.session.delete(call.note)
        call.note = None
    flag_modified(call, "kind")  # a new version, though only the note may have changed
    db.session.flush()
    _write_down(Event.CALL_CHANGED, call, actor=actor, now=now, kind=changed.kind.value)


def record_call_back(
    call: Call, outcome: CallBackOutcome, *, tries: int, actor: Actor, now: datetime
) -> None:
    """What came of calling back. Reached, or no longer wanted, it is done with; where nobody
    answered it stays due. `tries` is how many stood on the page. Raises AlreadyDone, with whoever
    was quicker, if the call-back is done or somebody tried since, and Refused if none is wanted."""
    db.session.refresh(call, with_for_update=True)
    if call.call_back_on is None:
        raise Refused("Nobody asked to be called back.")
    if call.call_back_done_at is not None:
        raise AlreadyDone(
            "This call-back is done with.",
            by=call.call_back_done_by.name if call.call_back_done_by else None,
            by_id=call.call_back_done_by_id,
            at=call.call_back_done_at,
        )
    if call.call_backs and tries != len(call.call_backs):
        last = call.call_backs[-1]
        raise AlreadyDone(
            "Somebody called this number in the meantime and reached nobody. It is still due.",
            by=last.by.name,
            by_id=last.by_id,
            at=last.at,
        )
    reached = outcome is CallBackOutcome.REACHED
    if outcome is not CallBackOutcome.NO_LONGER_WANTED:
        call.call_backs.append(CallBack(at=now, by_id=actor.id, reached=reached))
    if outcome is not CallBackOutcome.NOBODY_ANSWERED:
        call.call_back_done_at, call.call_back_done_by_id = now, actor.id
    flag_modified(call, "kind")  # whoever looked at it before is told
    db.session.flush()
    event = {
        CallBackOutcome.REACHED: Event.CALLED_BACK,
        CallBackOutcome.NOBODY_ANSWERED: Event.CALL_BACK_FAILED,
        CallBackOutcome.NO_LONGER_WANTED: Event.CALL_CHANGED,
    }[outcome]
    _write_down(event, call, actor=actor, now=now, outcome=outcome.value)


def start_referral(
    call: Call,
    user: User,
    *,
    taken: TakenCall | None = None,
    actor: Actor,
    now: datetime,
) -> str:
    """Begin a referral with all that was noted in the call, so that nothing is typed twice. `taken`
    also says what the call does not keep: the parent of whom somebody else spoke. Gives the public
    id of the draft, which is the one that was begun before if there is one. Raises AlreadyDone if a
    colleague began it."""
    db.session.refresh(call, with_for_update=True)
    if call.draft_key is not None and _goes_on(call.draft_key, actor):
        return call.draft_key
    draft = start(user, actor=actor, now=now)
    draft.document = {**draft.document, **_said(call, taken)}
    call.draft_key = draft.submission_key
    db.session.flush()
    return draft.public_id


def _taken_before(submission_key: str, actor: Actor) -> Call | None:
    return db.session.scalar(
        select(Call).where(Call.submission_key == submission_key, Call.taken_by_id == actor.id)
    )


def _the_same(known: Call, said: dict[str, Any], taken: TakenCall, about: Referral | None) -> Call:
    """Whoever goes back to the page and types the next call there must not lose it."""
    note = known.note.text if known.note else ""
    is_same = all(getattr(known, name) == value for name, value in said.items())
    if not is_same or note != taken.note or known.referral_id != (about.id if about else None):
        raise NotedOtherwise
    return known


def _goes_on(draft_key: str, actor: Actor) -> bool:
    """Whether the draft of this key, or the referral that it became, is there and the actor's. A
    draft that was deleted is begun anew."""
    owner = (
        db.session.execute(
            select(Draft.owner_id, User.name, Draft.created_at)
            .join(User, User.id == Draft.owner_id)
            .where(Draft.submission_key == draft_key)
        ).first()
        or db.session.execute(
            select(Referral.submitted_by_id, User.name, Referral.received_at)
            .join(User, User.id == Referral.submitted_by_id)
            .where(Referral.submission_key == draft_key)
        ).first()
    )
    if owner is None:
        return False
    if owner[0] != actor.id:
        raise AlreadyDone("A referral was already begun from this call.", by=owner[1], at=owner[2])
    return True


def _said(call: Call, taken: TakenCall | None) -> Document:
    """The call in the shape of the referral schema."""
    document: Document = {}
    case: Document = {"number": call.case_number}
    if call.caller is Caller.PARENT:
        voicemail = {"voicemail": call.may_leave_voicemail, "note": call.safe_contact_note}
        document["parents"] = [
            _given(
                first_name=call.first_name,
                last_name=call.last_name,
                phone=call.phone,
                preferred_language=call.language,
                interpreter_needed=call.through_interpreter or None,
                safe_contact=_given(**voicemail),
            )
        ]
    else:
        if taken and (parent := _parent_spoken_of(taken)):
            document["parents"] = [parent]
        if call.caller is Caller.WORKER:
            case["agency"] = call.organisation
            case["caseworker"] = _given(
                name=" ".join(filter(None, (call.first_name, call.last_name))),
                organization=call.organisation,
                phone=call.phone,
            )
    document["case"] = _given(**case)
    if call.note:
        document["history"] = {"issues": call.note.text}
    return _given(**document)


def _parent_spoken_of(taken: TakenCall) -> Document:
    first_name, last_name = taken.family or (None, None)
    return _given(first_name=first_name, last_name=last_name, phone=taken.family_phone)


def _given(**values: object) -> Document:
    return {name: value for name, value in values.items() if value not in (None, "", {}, [])}


def _message(taken: TakenCall) -> MessageCommand:
    caller = taken.caller.label if taken.caller else None
    return MessageCommand(
        text=taken.note,
        caller=", ".join(filter(None, (taken.name, taken.organisation, caller))) or None,
        phone=taken.phone,
        may_leave_voicemail=taken.may_leave_voicemail,
        safe_contact_note=taken.safe_contact_note,
    )


def _refuse_what_cannot_be(taken: TakenCall, about: Referral | None) -> None:
    if taken.kind is CallKind.CALL_BACK_WANTED:
        _refuse_call_back(taken.line, taken.phone)
    if taken.kind is CallKind.UPDATE and about is None:
        raise Refused(
            {
                "referral": "Search for the family and choose what was found. If nothing is found,"
                " choose another kind of call."
            }
        )
    if about is not None and not taken.note:
        raise Refused({"note": "Write what was said: it becomes the message."})


def _refuse_call_back(line: CallLine, phone: str | None) -> None:
    if line is CallLine.COLLECT:
        raise Refused({"kind": NOT_TO_JAIL})
    if not any(sign.isdigit() for sign in phone or ""):
        raise Refused(
            {"phone": "Write the number, in digits, at which they want to be called back."}
        )


def _call_back_on(kind: CallKind, taken_at: datetime) -> date | None:
    """The local day by which somebody is called back."""
    if kind is not CallKind.CALL_BACK_WANTED:
        return None
    return local_day(taken_at, programme_zone()) + timedelta(days=setting_days("call_back_days"))


def _write_down(event: Event, call: Call, *, actor: Actor, now: datetime, **detail: str) -> None:
    audit.record(
        event,
        call,
        actor=actor,
        now=now,
        referral_id=call.referral_id,
        case_id=call.referral.case_id if call.referral else None,
        **detail,
    )
    db.session.flush()
