"""What supervisors said of those who look alike, as far as it still counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from parents_partners.accounts.types import Actor
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.referrals.models import LookAlike, Referral
from parents_partners.referrals.policies import visible_to
from parents_partners.referrals.types import KeyOf, Likeness


@dataclass(frozen=True)
class Said:
    """One act, with who and when."""

    public_id: str
    act: Likeness
    by: str
    at: datetime


@dataclass(frozen=True)
class SaidOfPerson:
    """Of a person of the referral (`of` and their place there) and a known one."""

    of: KeyOf
    position: int
    person_id: int
    said: Said


@dataclass(frozen=True)
class Sayings:
    """What was said of a referral's family, by the id of the other referral or case, and of its
    people, by the id of the case."""

    referrals: Mapping[int, Said]
    cases: Mapping[int, Said]
    people: Mapping[int, Collection[SaidOfPerson]]


def sayings_about(referral: Referral) -> Sayings:
    """From either side: what was said of two referrals stands on both."""
    of_referrals: dict[int, Said] = {}
    of_cases: dict[int, Said] = {}
    of_people: dict[int, list[SaidOfPerson]] = {}
    for row in db.session.scalars(
        select(LookAlike)
        .where(
            or_(LookAlike.referral_id == referral.id, LookAlike.other_referral_id == referral.id),
            LookAlike.undone_at.is_(None),
        )
        .order_by(LookAlike.id)
        .options(joinedload(LookAlike.said_by))
    ):
        said = Said(row.public_id, row.said, row.said_by.name, row.said_at)
        if row.other_referral_id is not None:
            first = row.referral_id == referral.id
            of_referrals[row.other_referral_id if first else row.referral_id] = said
        elif row.other_case_id is not None and row.of is None:
            of_cases[row.other_case_id] = said
        elif row.other_case_id and row.of and row.position is not None and row.person_id:
            of_people.setdefault(row.other_case_id, []).append(
                SaidOfPerson(row.of, row.position, row.person_id, said)
            )
    return Sayings(of_referrals, of_cases, of_people)


@dataclass(frozen=True)
class SaidOfPeople:
    """Whom the people of a referral were said to be in one family, and whom not: ids of persons by
    the role and the place in the referral."""

    same: Mapping[tuple[KeyOf, int], int]
    not_same: Mapping[tuple[KeyOf, int], Collection[int]]


def said_of_people(referral: Referral, case: Case) -> SaidOfPeople:
    same: dict[tuple[KeyOf, int], int] = {}
    not_same: dict[tuple[KeyOf, int], set[int]] = {}
    for one in sayings_about(referral).people.get(case.id, ()):
        if one.said.act is Likeness.SAME_PERSON:
            same[one.of, one.position] = one.person_id
        else:
            not_same.setdefault((one.of, one.position), set()).add(one.person_id)
    return SaidOfPeople(same, not_same)


@dataclass(frozen=True)
class SaidBeside:
    """What was said of a referral, and of whom: ids for the page on which the two stand beside
    each other, one of them None."""

    said: Said
    name: str
    family_id: str | None
    other_id: str | None


def said_about(viewer: Actor, referral: Referral) -> list[SaidBeside]:
    """All that counts still, of families and of people, where the viewer may see the other side."""
    sayings = sayings_about(referral)
    families = {
        case.id: case
        for case in db.session.scalars(
            select(Case).where(
                Case.id.in_({*sayings.cases, *sayings.people}), cases.visible_to(viewer)
            )
        )
    }
    others = db.session.scalars(
        select(Referral).where(Referral.id.in_(sayings.referrals), visible_to(viewer))
    )
    found = [
        SaidBeside(sayings.referrals[one.id], one.case_name, None, one.public_id) for one in others
    ]
    for case_id, case in families.items():
        of_people = [one.said for one in sayings.people.get(case_id, ())]
        of_family = [sayings.cases[case_id]] if case_id in sayings.cases else []
        found += [
            SaidBeside(said, case.name, case.public_id, None) for said in (*of_family, *of_people)
        ]
    return sorted(found, key=lambda one: one.said.at)


def look_alike_for(viewer: Actor, public_id: str) -> LookAlike:
    """Raises Absent where there is none, or where the viewer may not see both sides of it."""
    row = db.session.scalar(select(LookAlike).where(LookAlike.public_id == public_id))
    if row is None:
        raise Absent
    sides = {row.referral_id, row.other_referral_id} - {None}
    seen = db.session.scalars(select(Referral.id).where(Referral.id.in_(sides), visible_to(viewer)))
    if set(seen) != sides:
        raise Absent
    if row.other_case_id is not None:
        case = select(Case.id).where(Case.id == row.other_case_id, cases.visible_to(viewer))
        if db.session.scalar(case) is None:
            raise Absent
    return row
