from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from parents_partners.accounts.types import Actor
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Membership, Person
from parents_partners.cases.types import MembershipRole
from parents_partners.core.db import db
from parents_partners.referrals.keys import SearchKey, search_keys
from parents_partners.referrals.models import Referral, ReferralKey
from parents_partners.referrals.policies import visible_to
from parents_partners.referrals.submission import Submission
from parents_partners.referrals.types import KeyKind, KeyOf, ReferralState

MOST_POSSIBLE = 20
MOST_KEYS = 1000
"""A name that very many bear tells nothing; the newest are looked at."""

Keys: TypeAlias = Mapping[tuple[KeyKind, str], SearchKey]
"""What a referral can be known by. The key bears what was typed, for the words beside a match."""


@dataclass(frozen=True)
class Match:
    """What two referrals, or a referral and a family, have in common. `shown` is as typed in the
    referral at hand."""

    words: str
    shown: str


@dataclass(frozen=True)
class PossibleReferral:
    """A referral that may be of the same family."""

    id: int
    public_id: str
    reference: str
    case_name: str
    case_number: str | None
    organisation: str | None
    received_at: datetime
    state: ReferralState
    case_id: int | None
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class PossibleCase:
    """A family that the programme knows and that this referral may be of. `referrals` are the
    references of earlier ones that were filed there."""

    public_id: str
    name: str
    number: str | None
    agency: str
    parents: tuple[str, ...]
    children: tuple[str, ...]
    referrals: tuple[str, ...]
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class LookAlikes:
    """What may be of the same family: referrals, newest first, and families that the programme
    knows, those with most in common first; 20 of each at most."""

    referrals: Sequence[PossibleReferral]
    families: Sequence[PossibleCase]


def look_alikes_of(viewer: Actor, referral: Referral, submission: Submission) -> LookAlikes:
    """By case number, names and phones. A family is found also through a referral that was filed
    there."""
    keys = {(key.kind, key.value): key for key in search_keys(submission)}
    earlier = _earlier_referrals(viewer, referral, keys)
    return LookAlikes(earlier, _known_families(viewer, earlier, keys))


def _earlier_referrals(viewer: Actor, referral: Referral, keys: Keys) -> list[PossibleReferral]:
    if not keys:
        return []
    found: dict[int, set[tuple[KeyKind, str]]] = {}
    for other_id, kind, value in db.session.execute(
        select(ReferralKey.referral_id, ReferralKey.kind, ReferralKey.value)
        .join(Referral, Referral.id == ReferralKey.referral_id)
        .where(
            Referral.id != referral.id,
            visible_to(viewer),
            tuple_(ReferralKey.kind, ReferralKey.value).in_(keys),
        )
        .order_by(ReferralKey.id.desc())
        .limit(MOST_KEYS)
    ).tuples():
        found.setdefault(other_id, set()).add((kind, value))
    others = db.session.scalars(
        select(Referral)
        .where(Referral.id.in_(found))
        .order_by(Referral.received_at.desc(), Referral.id.desc())
        .limit(MOST_POSSIBLE)
        .options(joinedload(Referral.organisation), joinedload(Referral.submission))
    )
    return [
        PossibleReferral(
            id=other.id,
            public_id=other.public_id,
            reference=other.reference,
            case_name=other.case_name,
            case_number=other.submission.document["case"].get("number"),
            organisation=other.organisation.name if other.organisation else None,
            received_at=other.received_at,
            state=other.state,
            case_id=other.case_id,
            matches=_matches(keys, found[other.id]),
        )
        for other in others
    ]


def _known_families(
    viewer: Actor, earlier: Sequence[PossibleReferral], keys: Keys
) -> list[PossibleCase]:
    found: dict[int, set[tuple[KeyKind, str]]] = {}
    for case_id, kind, value in _known_by(keys):
        found.setdefault(case_id, set()).add((kind, value))
    references: dict[int, list[str]] = {}
    for other in earlier:
        if other.case_id is not None:
            found.setdefault(other.case_id, set())
            references.setdefault(other.case_id, []).append(other.reference)
    visible = db.session.scalars(
        select(Case.id).where(Case.id.in_(found), cases.visible_to(viewer))
    ).all()
    nearest = sorted(visible, key=lambda case_id: (-len(found[case_id]), -case_id))
    nearest = nearest[:MOST_POSSIBLE]
    known = db.session.scalars(
        select(Case)
        .where(Case.id.in_(nearest))
        .options(selectinload(Case.memberships).joinedload(Membership.person))
    )
    return [
        PossibleCase(
            public_id=case.public_id,
            name=case.name,
            number=case.number,
            agency=case.agency,
            parents=_names(case, MembershipRole.PARENT),
            children=_names(case, MembershipRole.CHILD),
            referrals=tuple(references.get(case.id, ())),
            matches=_matches(keys, found[case.id]),
        )
        for case in sorted(known, key=lambda case: nearest.index(case.id))
    ]


def _known_by(keys: Keys) -> list[tuple[int, KeyKind, str]]:
    """(case, kind, key) of the known families that share a key, of each kind the newest."""

    def values(kind: KeyKind) -> list[str]:
        return [value for found, value in keys if found is kind]

    def of_members(column: Any, kind: KeyKind) -> Any:
        return (
            select(Membership.case_id, column)
            .join(Person, Person.id == Membership.person_id)
            .where(column.in_(values(kind)))
            .order_by(Membership.id.desc())
        )

    queries: dict[KeyKind, Any] = {
        KeyKind.NUMBER: select(Case.id, Case.number_key)
        .where(Case.number_key.in_(values(KeyKind.NUMBER)))
        .order_by(Case.id.desc()),
        KeyKind.NAME: of_members(Person.name_key, KeyKind.NAME),
        KeyKind.PHONE: of_members(Person.phone_e164, KeyKind.PHONE),
    }
    return [
        (case_id, kind, value)
        for kind, query in queries.items()
        for case_id, value in db.session.execute(query.limit(MOST_KEYS))
    ]


_MATCH_WORDS = {
    (KeyKind.NUMBER, KeyOf.CASE): "Same case number",
    (KeyKind.NAME, KeyOf.PARENT): "Same name as the parent",
    (KeyKind.NAME, KeyOf.CHILD): "Same name as the child",
    (KeyKind.PHONE, KeyOf.PARENT): "Same phone number",
}


def _matches(keys: Keys, found: set[tuple[KeyKind, str]]) -> tuple[Match, ...]:
    """In the order of the form, whatever order the database gave."""
    return tuple(
        Match(_MATCH_WORDS[key.kind, key.of], key.shown)
        for place, key in keys.items()
        if place in found
    )


def _names(case: Case, role: MembershipRole) -> tuple[str, ...]:
    return tuple(
        membership.person.name for membership in case.memberships if membership.role is role
    )
