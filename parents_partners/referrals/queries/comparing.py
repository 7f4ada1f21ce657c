"""A referral beside another one, or beside a family that the programme knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from parents_partners.accounts.types import Actor
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Membership, Person
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.likeness import (
    Likeness,
    Pair,
    Somebody,
    likeness,
    sketch_of,
)
from parents_partners.referrals.models import LookAlike, Referral
from parents_partners.referrals.queries.possible import sketch_of_case
from parents_partners.referrals.queries.said import Said, SaidOfPerson, Sayings, sayings_about
from parents_partners.referrals.queries.submitted import referral_for
from parents_partners.referrals.types import KeyOf
from parents_partners.referrals.types import Likeness as Act


@dataclass(frozen=True)
class PairBeside:
    """Two people beside each other, or one alone, and what was said of the two."""

    pair: Pair
    said: Said | None = None


@dataclass(frozen=True)
class SetApart:
    """Two who were said not to be the same person."""

    left: Somebody
    right: Somebody
    said: Said


@dataclass(frozen=True)
class Beside:
    """All that one compares. One of `other` and `family` is None. `undecided`: something can
    still be said; later it can only be taken back."""

    referral: Referral
    other: Referral | None
    family: Case | None
    likeness: Likeness
    pairs: Sequence[PairBeside]
    apart: Sequence[SetApart]
    said: Said | None
    undecided: bool

    def alone(self, of: KeyOf) -> list[Somebody]:
        """Those of the other side with nobody beside them: one of them may be meant after all."""
        return [
            one.pair.right
            for one in self.pairs
            if one.pair.right and not one.pair.left and one.pair.right.of is of
        ]


def beside_referral(viewer: Actor, public_id: str, other_public_id: str) -> Beside:
    """Raises Absent where the viewer may not see one of the two, and for a referral and itself."""
    referral, other = referral_for(viewer, public_id), referral_for(viewer, other_public_id)
    if referral is other:
        raise Absent
    alike = likeness(sketch_of(referral.submission.document), sketch_of(other.submission.document))
    return Beside(
        referral=referral,
        other=other,
        family=None,
        likeness=alike,
        pairs=[PairBeside(pair) for pair in alike.pairs],
        apart=[],
        said=sayings_about(referral).referrals.get(other.id),
        undecided=referral.state in AWAITING_DECISION,
    )


def beside_family(viewer: Actor, public_id: str, family_public_id: str) -> Beside:
    """Raises Absent where the viewer may not see one of the two."""
    referral = referral_for(viewer, public_id)
    case = db.session.scalar(
        select(Case)
        .where(Case.public_id == family_public_id, cases.visible_to(viewer))
        .options(selectinload(Case.memberships).joinedload(Membership.person))
    )
    if case is None:
        raise Absent
    sayings = sayings_about(referral)
    keys = {member.person_id: member.person.public_id for member in case.memberships}
    of_people = {
        (one.of, str(one.position), keys[one.person_id]): one
        for one in sayings.people.get(case.id, ())
        if one.person_id in keys
    }
    apart = {place for place, one in of_people.items() if one.said.act is Act.NOT_SAME}
    mine, known = sketch_of(referral.submission.document), sketch_of_case(case)
    alike = likeness(mine, known, together=of_people.keys() - apart, apart=apart)
    people = {(person.of, person.key): person for person in (*mine.people, *known.people)}
    return Beside(
        referral=referral,
        other=None,
        family=case,
        likeness=alike,
        pairs=[PairBeside(pair, _said_of(pair, of_people)) for pair in alike.pairs],
        apart=[
            SetApart(people[of, left], people[of, right], of_people[of, left, right].said)
            for of, left, right in sorted(apart)
            if (of, left) in people and (of, right) in people
        ],
        said=sayings.cases.get(case.id) or _said_of_filed(case, sayings),
        undecided=referral.state in AWAITING_DECISION,
    )


def _said_of_filed(case: Case, sayings: Sayings) -> Said | None:
    """What was said of another referral before it was filed here, was said of this family."""
    if not sayings.referrals:
        return None
    filed = db.session.scalars(
        select(Referral.id)
        .where(Referral.id.in_(sayings.referrals), Referral.case_id == case.id)
        .order_by(Referral.id)
    ).first()
    return sayings.referrals[filed] if filed else None


def beside_of(viewer: Actor, row: LookAlike) -> Beside:
    """The page on which this was said. Raises Absent as those do."""
    referral = db.session.get_one(Referral, row.referral_id)
    if row.other_case_id is not None:
        case = db.session.get_one(Case, row.other_case_id)
        return beside_family(viewer, referral.public_id, case.public_id)
    other = db.session.get_one(Referral, row.other_referral_id)
    return beside_referral(viewer, referral.public_id, other.public_id)


def person_in(beside: Beside, public_id: str) -> Person | None:
    """Somebody of the known family."""
    members = beside.family.memberships if beside.family else []
    return next((one.person for one in members if one.person.public_id == public_id), None)


def _said_of(pair: Pair, people: dict[tuple[KeyOf, str, str], SaidOfPerson]) -> Said | None:
    if pair.left is None or pair.right is None:
        return None
    found = people.get((pair.left.of, pair.left.key, pair.right.key))
    return found.said if found else None
