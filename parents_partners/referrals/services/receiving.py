from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, String, bindparam, select, text
from sqlalchemy.exc import IntegrityError

from parents_partners.accounts.models import Organisation
from parents_partners.accounts.policies import named_like
from parents_partners.accounts.services import known_or_new_organisation
from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import add_rows, db, only_row
from parents_partners.core.errors import Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.secret import secret_key
from parents_partners.core.text import case_number_key
from parents_partners.referrals import models
from parents_partners.referrals.keys import own_keys, search_keys, sounds
from parents_partners.referrals.models import (
    NameSound,
    Referral,
    ReferralConference,
    ReferralKey,
)
from parents_partners.referrals.submission import Problem, Submission, keyed_hash, redacted
from parents_partners.referrals.types import ReferralState

SELF = "self"
ID_IN_USE = (
    "This id was already used for a different referral, which stays as it is. Send this one with"
    " an id of its own."
)

# One statement, so that two referrals at once never take the same number. Both engines know it.
_TAKE_NUMBER = text(
    "INSERT INTO reference_counter (year, last_number) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET last_number = reference_counter.last_number + 1"
    " RETURNING last_number"
)


@dataclass(frozen=True)
class Receipt:
    """What the sender gets. `created` is False where the referral had come before. `notes` say
    what was assumed (a local time that came twice)."""

    referral: Referral
    created: bool
    notes: tuple[Problem, ...] = ()


def receive(
    submission: Submission,
    document: Mapping[str, object],
    *,
    sender: Organisation | None,
    actor: Actor,
    now: datetime,
    submission_key: str | None = None,
    notes: Iterable[Problem] = (),
) -> Receipt:
    """Take a referral in. `document` is what the submission was read from, as sent; `sender` is
    None where the parent asked for themself.

    A second arrival, known by its submission key or by the sender's external id, gives the
    referral that exists, also where the sender was spelled in another way the first time and the
    two spellings are linked now. Raises Refused at `external_id` if the sender used the id for
    another content."""
    arrival = _Arrival(
        sender_key=_sender_key(sender),
        # Asked only for what can have come under another spelling: the online form gives no id.
        other_keys=_other_keys(sender) if submission.external_id else (),
        external_id=submission.external_id,
        submission_key=submission_key,
        body_hash=keyed_hash(document, secret_key()),
    )
    known = arrival.came_before()
    if known is not None:
        return known
    try:
        with db.session.begin_nested():
            referral = _store(submission, arrival, sender, tuple(notes), actor=actor, now=now)
    except IntegrityError:
        # Somebody sent the same at the same moment and was quicker: theirs is the answer.
        known = arrival.came_before()
        if known is None:
            raise
        return known
    return Receipt(referral, created=True, notes=tuple(notes))


def sender_named(name: str | None, *, actor: Actor, now: datetime) -> Organisation | None:
    """The organisation of this name, however it is spelled; a new one, without accounts and of
    a kind still to be sorted, where none is known. None for no name: the parent themself."""
    if not name:
        return None
    try:
        with db.session.begin_nested():
            return known_or_new_organisation(name, actor=actor, now=now)
    except IntegrityError:
        # Two referrals of a new agency at one moment: the other one made it.
        return known_or_new_organisation(name, actor=actor, now=now)


@dataclass(frozen=True)
class _Arrival:
    """By what a referral is known when it comes a second time."""

    sender_key: str
    other_keys: tuple[str, ...]
    """Of the other spellings of the sender's name."""
    external_id: str | None
    submission_key: str | None
    body_hash: str

    def came_before(self) -> Receipt | None:
        if self.submission_key is not None:
            found = only_row(_under_submission_key(), {"key": self.submission_key})
            if found is not None:
                return _receipt_again(db.session.get_one(Referral, found.id))
        if self.external_id is None:
            return None
        used = db.session.scalars(
            select(Referral)
            .where(
                Referral.sender_key.in_((self.sender_key, *self.other_keys)),
                Referral.external_id == self.external_id,
            )
            .order_by(Referral.id)
        ).all()
        if not used:
            return None
        # Two spellings may each have used the id before anybody knew that they are one sender.
        known = next((one for one in used if one.body_hash == self.body_hash), None)
        if known is None:
            raise Refused({"external_id": ID_IN_USE})
        return _receipt_again(known)


@cache
def _under_submission_key() -> Select[int]:
    return select(Referral.id).where(Referral.submission_key == bindparam("key", type_=String))


def _sender_key(sender: Organisation | None) -> str:
    """As named: what arrived once stays known under the name it came with, whatever is linked or
    undone later."""
    return SELF if sender is None else f"organisation:{sender.name_key}"


def _other_keys(sender: Organisation | None) -> tuple[str, ...]:
    if sender is None:
        return ()
    others = db.session.scalars(
        select(Organisation).where(
            Organisation.id.in_(named_like(sender.same_as_id or sender.id)),
            Organisation.id != sender.id,
        )
    )
    return tuple(_sender_key(other) for other in others)


def _receipt_again(known: Referral) -> Receipt:
    notes = tuple(Problem(note["path"], note["message"]) for note in known.submission.notes)
    return Receipt(known, created=False, notes=notes)


def _store(
    submission: Submission,
    arrival: _Arrival,
    sender: Organisation | None,
    notes: tuple[Problem, ...],
    *,
    actor: Actor,
    now: datetime,
) -> Referral:
    case = submission.case
    removals = [child.removed_at for child in submission.children if child.removed_at is not None]
    placements = [child.placed_at for child in submission.children if child.placed_at is not None]
    languages = [parent.preferred_language for parent in submission.agreeing_parents]
    referral = Referral(
        reference=_next_reference(submission.received_at),
        channel=submission.channel,
        state=ReferralState.SUBMITTED,
        organisation_id=sender.id if sender is not None else None,
        sender_key=arrival.sender_key,
        external_id=arrival.external_id,
        submission_key=arrival.submission_key,
        body_hash=arrival.body_hash,
        submitted_by_id=actor.id,
        received_at=submission.received_at,
        recorded_at=now,
        case_name=case.name,
        number_key=(case_number_key(case.number) or None) if case.number else None,
        stage=case.stage,
        borough=case.borough,
        language=next((language for language in languages if language), None),
        opened_on=case.opened_on,
        removed_at=min(removals, default=None),
        placed_at=max(placements, default=None),
    )
    db.session.add(referral)
    db.session.flush()
    keys = (*search_keys(submission), *own_keys(submission))
    its = {"referral_id": referral.id}
    said = [{"path": note.path, "message": note.message} for note in notes]
    add_rows(models.Submission, [its | {"document": redacted(submission), "notes": said}])
    add_rows(
        ReferralKey, [its | {"kind": key.kind, "of": key.of, "value": key.value} for key in keys]
    )
    sound = sounds((key.kind, key.value) for key in keys)
    add_rows(NameSound, [its | {"value": value} for value in sound])
    add_rows(
        ReferralConference,
        [its | {"kind": one.kind, "starts_at": one.starts_at} for one in submission.conferences],
    )
    audit.record(
        Event.REFERRAL_SUBMITTED,
        referral,
        actor=actor,
        now=now,
        referral_id=referral.id,
        channel=submission.channel.value,
    )
    db.session.flush()
    return referral


def _next_reference(received_at: datetime) -> str:
    """`PP-2026-000123`: the year is that of the day of receipt in the programme's zone."""
    year = local_day(received_at, programme_zone()).year
    number = only_row(_TAKE_NUMBER, {"year": year}).last_number
    return f"PP-{year}-{number:06d}"
