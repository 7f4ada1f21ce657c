"""What supervisors say of those who look alike: the same family, the same person, not the same.
Each act is a row that names who and when, counts until it is taken back, and changes nothing by
itself: filing asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Membership, Person
from parents_partners.cases.types import MembershipRole
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import LookAlike, Referral
from parents_partners.referrals.queries import submission_of
from parents_partners.referrals.services.deciding import hold
from parents_partners.referrals.services.parting import Parted, part
from parents_partners.referrals.types import KeyOf, Likeness


@dataclass(frozen=True)
class SomeoneOf:
    """A person of a referral, by role and place (from 0; parents among the agreeing ones), and
    the known person whom they are compared with."""

    of: KeyOf
    position: int
    person: Person


def say_of_referrals(
    referral: Referral, other: Referral, said: Likeness, *, actor: Actor, now: datetime
) -> LookAlike:
    """Of the families of two referrals. It stands on both, whichever was looked at; the newer one
    bears the row. Raises AlreadyDone where something was said, or `referral` decided about."""
    if said is Likeness.SAME_PERSON or referral.id == other.id:
        raise Refused("Say of two different referrals whether they are of one family.")
    hold(referral, other)
    _refuse_decided(referral)
    first, second = sorted((referral, other), key=lambda one: -one.id)
    _refuse_said(_standing(first, LookAlike.other_referral_id == second.id))
    if other.case_id is not None:
        _refuse_said(_standing_of_family(referral, other.case_id))
    sides = {"referral_id": first.id, "other_referral_id": second.id}
    return _say(said, sides, about=referral, actor=actor, now=now)


def say_of_family(
    referral: Referral, case: Case, said: Likeness, *, actor: Actor, now: datetime
) -> LookAlike:
    """Of a referral and a known family. Raises AlreadyDone as above."""
    if said is Likeness.SAME_PERSON:
        raise Refused("Say of two families whether they are one.")
    hold(referral)
    _refuse_decided(referral)
    _refuse_said(_standing_of_family(referral, case.id))
    sides = {"referral_id": referral.id, "other_case_id": case.id}
    return _say(said, sides, about=referral, actor=actor, now=now)


def say_of_person(
    referral: Referral,
    case: Case,
    someone: SomeoneOf,
    said: Likeness,
    *,
    actor: Actor,
    now: datetime,
) -> LookAlike:
    """Of a person of a referral and somebody of a known family: filing there then takes the two
    for one, or not, whatever their names. Raises AlreadyDone as above, and Refused for people who
    are not there, and for a second "same person" of either."""
    if said is Likeness.SAME_FAMILY:
        raise Refused("Say of two people whether they are the same person.")
    hold(referral)
    _refuse_decided(referral)
    _refuse_strangers(referral, case, someone)
    standing = _standing(
        referral, and_(LookAlike.other_case_id == case.id, LookAlike.of == someone.of)
    )
    both = [one for one in standing if _is_of(one, someone)]
    _refuse_said(both)
    if said is Likeness.SAME_PERSON:
        _refuse_second(standing, someone)
    sides = {
        "referral_id": referral.id,
        "other_case_id": case.id,
        "of": someone.of,
        "position": someone.position,
        "person_id": someone.person.id,
    }
    return _say(said, sides, about=referral, actor=actor, now=now)


def take_back(look_alike: LookAlike, *, actor: Actor, now: datetime) -> Parted | None:
    """From now on it counts for nothing. Before the referral is filed that is all. A "same person"
    that filing went by is undone: the referral's person becomes one of their own, who is given;
    see `part`. Raises AlreadyDone where somebody took it back, and Refused as `part` does."""
    referral = db.session.get_one(Referral, look_alike.referral_id)
    hold(referral)
    db.session.refresh(look_alike, with_for_update={"key_share": True})
    if look_alike.undone_at is not None:
        by = db.session.get(User, look_alike.undone_by_id)
        raise AlreadyDone(
            "This was already taken back.",
            by=by.name if by else None,
            by_id=look_alike.undone_by_id,
            at=look_alike.undone_at,
        )
    look_alike.undone_at, look_alike.undone_by_id = now, actor.id
    db.session.flush()
    parted = part(look_alike, referral, actor=actor, now=now)
    _write_down(Event.LIKENESS_UNDONE, look_alike, referral, actor=actor, now=now)
    db.session.flush()
    return parted


def _refuse_decided(referral: Referral) -> None:
    if referral.state in AWAITING_DECISION:
        return
    decided = referral.decided_by or referral.withdrawn_by
    raise AlreadyDone(
        "This referral was already decided about.",
        by=decided.name if decided else None,
        by_id=decided.id if decided else None,
        at=referral.decided_at or referral.withdrawn_at,
    )


def _standing(referral: Referral, *conditions: ColumnElement[bool]) -> Sequence[LookAlike]:
    return db.session.scalars(
        select(LookAlike)
        .where(
            LookAlike.referral_id == referral.id,
            LookAlike.undone_at.is_(None),
            *conditions,
        )
        .order_by(LookAlike.id)
    ).all()


def _standing_of_family(referral: Referral, case_id: int) -> Sequence[LookAlike]:
    """Said of the family itself, or of a referral that is filed there by now."""
    filed = select(Referral.id).where(Referral.case_id == case_id)
    of_family = or_(LookAlike.other_case_id == case_id, LookAlike.other_referral_id.in_(filed))
    return db.session.scalars(
        select(LookAlike)
        .where(
            or_(
                and_(LookAlike.referral_id == referral.id, of_family),
                and_(LookAlike.other_referral_id == referral.id, LookAlike.referral_id.in_(filed)),
            ),
            LookAlike.of.is_(None),
            LookAlike.undone_at.is_(None),
        )
        .order_by(LookAlike.id)
    ).all()


def _refuse_said(standing: Sequence[LookAlike]) -> None:
    for one in standing:
        raise AlreadyDone(
            f"“{one.said.label}” was already said of these two.",
            by=one.said_by.name,
            by_id=one.said_by_id,
            at=one.said_at,
        )


def _refuse_strangers(referral: Referral, case: Case, someone: SomeoneOf) -> None:
    submission = submission_of(referral)
    parent = someone.of is KeyOf.PARENT
    people: Sequence[object] = submission.agreeing_parents if parent else submission.children
    role = MembershipRole.PARENT if parent else MembershipRole.CHILD
    member = select(Membership.id).where(
        Membership.case_id == case.id,
        Membership.person_id == someone.person.id,
        Membership.role == role,
    )
    known = someone.of is not KeyOf.CASE and db.session.scalar(member) is not None
    if not known or not 0 <= someone.position < len(people):
        raise Refused("Choose one of the people on this page.")


def _is_of(row: LookAlike, someone: SomeoneOf) -> bool:
    return row.position == someone.position and row.person_id == someone.person.id


def _refuse_second(standing: Sequence[LookAlike], someone: SomeoneOf) -> None:
    for one in standing:
        shares = one.position == someone.position or one.person_id == someone.person.id
        if one.said is Likeness.SAME_PERSON and shares:
            raise Refused(
                "One of the two was said to be the same person as somebody else."
                " Take that back first."
            )


def _say(
    said: Likeness, sides: Mapping[str, Any], *, about: Referral, actor: Actor, now: datetime
) -> LookAlike:
    row = LookAlike(said=said, said_at=now, said_by_id=actor.id, **sides)
    db.session.add(row)
    db.session.flush()
    _write_down(Event.LIKENESS_SAID, row, about, actor=actor, now=now)
    db.session.flush()
    return row


def _write_down(
    event: Event, row: LookAlike, about: Referral, *, actor: Actor, now: datetime
) -> None:
    audit.record(
        event,
        about,
        actor=actor,
        now=now,
        referral_id=about.id,
        case_id=row.other_case_id or about.case_id,
        said=row.said.value,
        of=row.of.value if row.of else None,
    )
