"""With whom a referral is worth comparing at all: look-ups on indexes, each cut off at the newest,
so that it costs the same however long the tables grow."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Float, func, literal, select, union_all

from parents_partners.cases.models import Case, Membership, Person
from parents_partners.core.db import db
from parents_partners.referrals.keys import search_keys, sounds
from parents_partners.referrals.likeness.families import COMMON
from parents_partners.referrals.models import NameSound, ReferralKey
from parents_partners.referrals.submission import Submission
from parents_partners.referrals.types import KeyKind

MOST_KEYS = 2000
"""A name that very many bear tells nothing; the newest are looked at."""

MOST_CANDIDATES = 200
MOST_OF_RECORD = 50

WEIGHTS = {KeyKind.NUMBER: 10.0, KeyKind.PHONE: 8.0, KeyKind.NAME: 5.0, KeyKind.BORN: 4.0}
SOUND = 1.0
ENOUGH = 2.0
"""One word that sounds like another is too little; a first and a last name are enough."""


def referrals_sharing_keys(referral_id: int, submission: Submission) -> Mapping[int, float]:
    """Other referrals by how much they share with this one, in one statement: those that share
    most, 200 at most. Not yet asked who may see them."""
    keys = {(key.kind, key.value) for key in search_keys(submission)}
    shared = [
        _newest(ReferralKey, WEIGHTS[kind], ReferralKey.kind == kind, ReferralKey.value == value)
        for kind, value in sorted(keys)
    ]
    shared += [_newest(NameSound, SOUND, NameSound.value == sound) for sound in sounds(keys)]
    if not shared:
        return {}
    found = union_all(*shared).subquery("shared")
    weight = func.sum(found.c.weight)
    return dict(
        db.session.execute(
            select(found.c.referral_id, weight)
            .where(found.c.referral_id != referral_id)
            .group_by(found.c.referral_id)
            .having(weight >= ENOUGH)
            .order_by(weight.desc(), found.c.referral_id.desc())
            .limit(MOST_CANDIDATES)
        )
        .tuples()
        .all()
    )


def _newest(table: Any, weight: float, *conditions: Any) -> Any:
    newest = (
        select(table.referral_id).where(*conditions).order_by(table.id.desc()).limit(MOST_KEYS)
    ).subquery()
    return select(newest.c.referral_id, literal(weight, Float).label("weight"))


def bearers_of(submission: Submission) -> Mapping[str, int]:
    """How many referrals bear each name of this one, by name key; nobody counts beyond those that
    make it a common one."""
    names = sorted({key.value for key in search_keys(submission) if key.kind is KeyKind.NAME})
    if not names:
        return {}
    counted = union_all(
        *(
            select(
                select(ReferralKey.value)
                .where(ReferralKey.kind == KeyKind.NAME, ReferralKey.value == name)
                .limit(COMMON + 2)
                .subquery()
            )
            for name in names
        )
    ).subquery()
    value = counted.c[0]
    return dict(db.session.execute(select(value, func.count()).group_by(value)).tuples().all())


def families_sharing_a_key(submission: Submission) -> set[int]:
    """The ids of known families whose own record has this case number, or somebody of this name
    or with this phone: what was changed there since stands in no referral."""
    keys = search_keys(submission)

    def values(kind: KeyKind) -> list[str]:
        return [key.value for key in keys if key.kind is kind]

    def of_members(column: Any, kind: KeyKind) -> Any:
        return (
            select(Membership.case_id)
            .join(Person, Person.id == Membership.person_id)
            .where(column.in_(values(kind)))
            .order_by(Membership.id.desc())
            .limit(MOST_OF_RECORD)
        ).subquery()

    numbers = (
        select(Case.id.label("case_id"))
        .where(Case.number_key.in_(values(KeyKind.NUMBER)))
        .order_by(Case.id.desc())
        .limit(MOST_OF_RECORD)
    ).subquery()
    of = (
        numbers,
        of_members(Person.name_key, KeyKind.NAME),
        of_members(Person.phone_e164, KeyKind.PHONE),
    )
    return set(db.session.scalars(union_all(*(select(one.c.case_id) for one in of))))
