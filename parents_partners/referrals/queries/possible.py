"""Which referrals and known families may be of the family that a referral speaks of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from parents_partners.accounts.models import Organisation
from parents_partners.accounts.types import Actor
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Membership
from parents_partners.cases.types import MembershipRole
from parents_partners.core.db import db
from parents_partners.referrals.likeness import (
    LIKELY_SAME,
    SHOWN,
    Likeness,
    Match,
    Sketch,
    Somebody,
    likeness,
    phones_of,
    sketch_of,
)
from parents_partners.referrals.models import Referral
from parents_partners.referrals.policies import visible_to
from parents_partners.referrals.queries.blocking import (
    bearers_of,
    families_sharing_a_key,
    referrals_sharing_keys,
)
from parents_partners.referrals.queries.said import Said, Sayings, sayings_about
from parents_partners.referrals.submission import Submission
from parents_partners.referrals.types import KeyOf, ReferralState
from parents_partners.referrals.types import Likeness as Act

MOST_POSSIBLE = 20
MOST_KNOWN = 200
MOST_COMPARED = 60
"""Of those that share a key, so many with most of them are compared person by person."""


@dataclass(frozen=True, kw_only=True)
class Possible:
    """What may be of the same family. `said` is what a supervisor said of the two."""

    matches: tuple[Match, ...]
    weight: float = 0.0
    said: Said | None = None

    @property
    def is_likely(self) -> bool:
        """It stands in sight; what is less likely is folded away."""
        return self.said is not None or self.weight >= LIKELY_SAME


@dataclass(frozen=True, kw_only=True)
class PossibleReferral(Possible):
    """A referral that may be of the same family. `organisation` is the one that is meant by the
    spelling which was sent."""

    id: int
    public_id: str
    reference: str
    case_name: str
    case_number: str | None
    organisation: str | None
    received_at: datetime
    state: ReferralState
    case_id: int | None


@dataclass(frozen=True, kw_only=True)
class PossibleCase(Possible):
    """A family that the programme knows and that this referral may be of. `referrals` are the
    references of earlier ones that were filed there."""

    id: int
    public_id: str
    name: str
    number: str | None
    agency: str
    parents: tuple[str, ...]
    children: tuple[str, ...]
    referrals: tuple[str, ...]


@dataclass(frozen=True)
class LookAlikes:
    """What may be of the same family: referrals, and families that the programme knows. First what
    was said to be, then those with most in common; 20 of each at most. `set_aside` was said not
    to be."""

    referrals: Sequence[PossibleReferral]
    families: Sequence[PossibleCase]
    set_aside: Sequence[PossibleReferral | PossibleCase] = ()

    @property
    def proposed(self) -> PossibleCase | None:
        """The family that was said to be the same, if there is one."""
        return next((family for family in self.families if family.said), None)


def look_alikes_of(viewer: Actor, referral: Referral, submission: Submission) -> LookAlikes:
    """By case number, names however spelt, phones and the children's birthdays. A family is found
    also through a referral that was filed there, and through one of which a supervisor said that
    the two are of one family."""
    mine = sketch_of(referral.submission.document)
    bearers = bearers_of(submission)
    sayings = sayings_about(referral)
    earlier = _earlier_referrals(viewer, referral, submission, mine, bearers, sayings)
    families = _known_families(viewer, submission, mine, bearers, earlier, sayings)
    not_same = [family for family in families if _is_not_same(family)]
    without = {family.id for family in not_same}
    others = [one for one in earlier if one.case_id not in without]
    return LookAlikes(
        _first(one for one in others if not _is_not_same(one)),
        _first(one for one in families if not _is_not_same(one)),
        (*not_same, *(one for one in others if _is_not_same(one))),
    )


def sketch_of_case(case: Case) -> Sketch:
    """A known family's, each person by their public id."""
    return Sketch(
        {case.number_key: case.number or ""} if case.number_key else {},
        tuple(_somebody(member) for member in case.memberships if member.role in _ROLES),
    )


_ROLES = {MembershipRole.PARENT: KeyOf.PARENT, MembershipRole.CHILD: KeyOf.CHILD}


def _somebody(member: Membership) -> Somebody:
    person, relationship = member.person, member.relationship_to_child
    return Somebody(
        of=_ROLES[member.role],
        key=person.public_id,
        first_name=person.first_name,
        last_name=person.last_name,
        born=person.date_of_birth,
        phones=phones_of(person.phone),
        relationship=relationship.label if relationship else None,
    )


def _earlier_referrals(
    viewer: Actor,
    referral: Referral,
    submission: Submission,
    mine: Sketch,
    bearers: Mapping[str, int],
    sayings: Sayings,
) -> list[PossibleReferral]:
    """Every one that is near enough, or of which something was said."""
    sharing = referrals_sharing_keys(referral.id, submission)
    wanted = {*sharing, *sayings.referrals}
    others = db.session.scalars(
        select(Referral)
        .where(Referral.id.in_(wanted), visible_to(viewer))
        .options(
            joinedload(Referral.organisation).joinedload(Organisation.same_as),
            joinedload(Referral.submission),
        )
    ).all()
    nearest = sorted(
        others,
        key=lambda one: (one.id not in sayings.referrals, -sharing.get(one.id, 0), -one.id),
    )
    found = []
    for other in nearest[:MOST_COMPARED]:
        alike = likeness(mine, sketch_of(other.submission.document), bearers)
        said = sayings.referrals.get(other.id)
        if said or alike.weight >= SHOWN:
            found.append(_possible_referral(other, alike, said))
    return found


def _possible_referral(other: Referral, alike: Likeness, said: Said | None) -> PossibleReferral:
    return PossibleReferral(
        id=other.id,
        public_id=other.public_id,
        reference=other.reference,
        case_name=other.case_name,
        case_number=other.submission.document["case"].get("number"),
        organisation=other.organisation.meant.name if other.organisation else None,
        received_at=other.received_at,
        state=other.state,
        case_id=other.case_id,
        matches=alike.matches,
        weight=alike.weight,
        said=said,
    )


def _known_families(
    viewer: Actor,
    submission: Submission,
    mine: Sketch,
    bearers: Mapping[str, int],
    earlier: Sequence[PossibleReferral],
    sayings: Sayings,
) -> list[PossibleCase]:
    filed: dict[int, list[PossibleReferral]] = {}
    for other in earlier:
        if other.case_id is not None:
            filed.setdefault(other.case_id, []).append(other)
    sharing = families_sharing_a_key(submission)
    known = db.session.scalars(
        select(Case)
        .where(Case.id.in_({*filed, *sharing, *sayings.cases}), cases.visible_to(viewer))
        .order_by(Case.id.desc())
        .limit(MOST_KNOWN)
        .options(selectinload(Case.memberships).joinedload(Membership.person))
    )
    families = []
    for case in known:
        referrals = filed.get(case.id, ())
        possible = _possible_case(case, likeness(mine, sketch_of_case(case), bearers), referrals)
        # What was said of one of its referrals was said of the family.
        said = sayings.cases.get(case.id) or next((one.said for one in referrals if one.said), None)
        if said or possible.weight >= SHOWN:
            families.append(replace(possible, said=said))
    return families


def _possible_case(
    case: Case, alike: Likeness, referrals: Collection[PossibleReferral]
) -> PossibleCase:
    """As near as the family itself, or as the nearest referral that was filed there: that may
    tell another number or an earlier phone."""
    nearest = max(referrals, key=lambda one: one.weight, default=None)
    told_more = nearest is not None and nearest.weight > alike.weight
    return PossibleCase(
        id=case.id,
        public_id=case.public_id,
        name=case.name,
        number=case.number,
        agency=case.agency,
        parents=_names(case, MembershipRole.PARENT),
        children=_names(case, MembershipRole.CHILD),
        referrals=tuple(sorted(one.reference for one in referrals)),
        matches=nearest.matches if nearest and told_more else alike.matches,
        weight=nearest.weight if nearest and told_more else alike.weight,
    )


def _is_not_same(one: PossibleReferral | PossibleCase) -> bool:
    return one.said is not None and one.said.act is Act.NOT_SAME


def _first(found: Any) -> list[Any]:
    return sorted(found, key=lambda one: (not one.said, -one.weight, -one.id))[:MOST_POSSIBLE]


def _names(case: Case, role: MembershipRole) -> tuple[str, ...]:
    return tuple(
        membership.person.name for membership in case.memberships if membership.role is role
    )
