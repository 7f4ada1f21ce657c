"""Two who were filed as one person, and are not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from parents_partners.accounts.types import Actor
from parents_partners.cases.models import Case, Consent, Person, Placement
from parents_partners.cases.services.consents import hold_case
from parents_partners.cases.services.filing import FamilyMembers, record_agreement
from parents_partners.cases.types import ConsentScope, MembershipRole
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.referrals.models import FiledParent, LookAlike, Referral
from parents_partners.referrals.queries import submission_of
from parents_partners.referrals.services.filing import child_of, parent_of
from parents_partners.referrals.submission import AgreeingParent
from parents_partners.referrals.types import KeyOf, Likeness


@dataclass(frozen=True)
class Parted:
    """`own` is the referral's person, who was taken for `known`."""

    case: Case
    referral: Referral
    known: Person
    own: Person


def part(
    look_alike: LookAlike, referral: Referral, *, actor: Actor, now: datetime
) -> Parted | None:
    """Give the referral's person a record of their own, made from what the referral says, and
    what the referral brought for them: their place among its parents, the consents that came with
    it, a child's placement. What was done with the known person stays theirs: stints, contacts.
    None where filing did not go by it.

    Raises Refused while an open stint or offer of a known parent rests on such a consent."""
    if look_alike.said is not Likeness.SAME_PERSON or referral.case_id is None:
        return None
    if referral.case_id != look_alike.other_case_id:
        return None
    assert look_alike.position is not None, "person_iff_position"  # noqa: S101
    hold_case(referral.case_id)
    case = db.session.get_one(Case, referral.case_id)
    known = db.session.get_one(Person, look_alike.person_id)
    if look_alike.of is KeyOf.PARENT:
        said = submission_of(referral).agreeing_parents[look_alike.position]
        own = _part_parent(case, known, said, referral, actor=actor, now=now)
    else:
        child = submission_of(referral).children[look_alike.position]
        own = FamilyMembers(case).add(
            child_of(child), MembershipRole.CHILD, referral_id=referral.id
        )
        _move(Placement, known, own, referral)
    db.session.expire(case, ["memberships"])
    return Parted(case, referral, known, own)


def _part_parent(
    case: Case,
    known: Person,
    said: AgreeingParent,
    referral: Referral,
    *,
    actor: Actor,
    now: datetime,
) -> Person:
    _refuse_if_stint_rests_on(case, known, referral)
    own = FamilyMembers(case).add(
        parent_of(said),
        MembershipRole.PARENT,
        referral_id=referral.id,
        relationship_to_child=said.relationship,
    )
    db.session.execute(
        update(FiledParent)
        .where(FiledParent.referral_id == referral.id, FiledParent.person_id == known.id)
        .values(person_id=own.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(referral, ["filed_parents"])
    _move(Consent, known, own, referral)
    # What the known person allowed before was not asked again of this one, who said it too.
    record_agreement(
        case,
        own,
        said.scope - _withdrawn_since(case, known, referral),
        asked_by=said.asked_by,
        asked_on=said.asked_on,
        how=said.how,
        said_at=referral.received_at,
        referral_id=referral.id,
        actor=actor,
        now=now,
    )
    return own


def _refuse_if_stint_rests_on(case: Case, known: Person, referral: Referral) -> None:
    """REF-03: nobody works with a parent on the strength of what another one said."""
    filed = db.session.scalars(
        select(FiledParent).where(
            FiledParent.referral_id == referral.id, FiledParent.person_id == known.id
        )
    ).first()
    is_open = filed is not None and any(one.released_at is None for one in filed.supports)
    rests = select(Consent.id).where(
        Consent.case_id == case.id,
        Consent.person_id == known.id,
        Consent.source_referral_id == referral.id,
        Consent.withdrawn_at.is_(None),
    )
    if is_open and db.session.scalar(rests.limit(1)) is not None:
        raise Refused(
            f"{known.name} has a Family Specialist, or an offer, on the strength of what this"
            " referral says was agreed to. End that support or take the offer back first; then"
            " take this back."
        )


def _withdrawn_since(case: Case, known: Person, referral: Referral) -> frozenset[ConsentScope]:
    """Whoever of the two took it back: it was heard as both's, and stays so (ADV-05)."""
    return frozenset(
        db.session.scalars(
            select(Consent.scope).where(
                Consent.case_id == case.id,
                Consent.person_id == known.id,
                Consent.withdrawn_at >= referral.received_at,
            )
        )
    )


def _move(
    facts: type[Consent] | type[Placement], known: Person, own: Person, referral: Referral
) -> None:
    db.session.execute(
        update(facts)
        .where(facts.person_id == known.id, facts.source_referral_id == referral.id)
        .values(person_id=own.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
