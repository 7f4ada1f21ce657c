"""What the search of staff finds: the families and referrals that one may open; for the helpline
also that a family is known which it may not open (security.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.queries.families import FamilyHead, heads_of
from parents_partners.core.db import db, rows
from parents_partners.referrals.looking_for import looked_for
from parents_partners.referrals.models import Referral
from parents_partners.referrals.policies import known_to, visible_to
from parents_partners.referrals.queries.finding import Found, Scope, find
from parents_partners.referrals.queries.searching import (
    MOST_ROWS,
    Hits,
    fields_of,
    hits_of,
)
from parents_partners.referrals.types import Matched, ReferralState

NOT_KNOWN = Hits((), more=False)


@dataclass(frozen=True)
class FoundFamily:
    """`matched` says in words by what it was found."""

    family: FamilyHead
    matched: tuple[str, ...]


@dataclass(frozen=True)
class FoundReferral:
    public_id: str
    reference: str
    case_name: str
    received_at: datetime
    state: ReferralState
    matched: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """`known` is all that is said of a family that one may not open. `more`: there are more than
    are shown here."""

    families: tuple[FoundFamily, ...] = ()
    referrals: tuple[FoundReferral, ...] = ()
    known: Hits = NOT_KNOWN
    more: bool = False

    def __len__(self) -> int:
        return len(self.families) + len(self.referrals) + len(self.known.rows)


def search(viewer: Actor, text: str) -> Results:
    """What the viewer may learn of whom `text` names: 20 of a kind at most, those with most in
    common first, then the newest."""
    if viewer.role is Role.HELPLINE:
        return _for_helpline(viewer, text)
    # A specialist carries a few families: they are looked at one by one.
    scope = Scope(viewer, visible_to, few=viewer.role is Role.SPECIALIST)
    found = find(looked_for(text), scope)
    families: dict[int, set[Matched]] = {}
    referrals: list[Any] = []
    for row in _lines(found):
        if row.case_id is None:
            referrals.append(row)
        else:
            families.setdefault(row.case_id, set()).update(found.matched[row.id])
    return Results(
        families=_families(families),
        referrals=_referrals(referrals, found),
        more=found.more or len(families) > MOST_ROWS or len(referrals) > MOST_ROWS,
    )


def _for_helpline(viewer: Actor, text: str) -> Results:
    found = find(looked_for(text), Scope(viewer, known_to))
    may_open = set(
        db.session.scalars(
            select(Referral.id).where(Referral.id.in_(found.matched), visible_to(viewer))
        )
    )
    rest = Found(more=found.more)
    for referral_id, matched in found.matched.items():
        if referral_id not in may_open:
            rest.matched[referral_id] = matched
    lines = [row for row in _lines(found) if row.id in may_open]
    known = hits_of(viewer, rest)
    return Results(
        referrals=_referrals(lines, found),
        known=known,
        more=known.more or len(lines) > MOST_ROWS,
    )


def _lines(found: Found) -> list[Any]:
    """The referrals that were found, in the order in which they were."""
    lines = {row.id: row for row in rows(_referrals_found(), {"ids": list(found.matched)})}
    return [lines[referral_id] for referral_id in found.matched]


@cache
def _referrals_found() -> Select[*tuple[Any, ...]]:
    return select(
        Referral.id,
        Referral.public_id,
        Referral.reference,
        Referral.case_name,
        Referral.received_at,
        Referral.state,
        Referral.case_id,
    ).where(Referral.id.in_(bindparam("ids", expanding=True)))


def _families(matched: Mapping[int, set[Matched]]) -> tuple[FoundFamily, ...]:
    shown = sorted(matched, key=lambda one: -len(matched[one] - {Matched.ALIKE}))[:MOST_ROWS]
    return tuple(FoundFamily(head, fields_of(matched[head.id])) for head in heads_of(shown))


def _referrals(lines: Sequence[Any], found: Found) -> tuple[FoundReferral, ...]:
    shown = sorted(lines, key=lambda row: -len(found.matched[row.id] - {Matched.ALIKE}))
    return tuple(
        FoundReferral(
            public_id=row.public_id,
            reference=row.reference,
            case_name=row.case_name,
            received_at=row.received_at,
            state=row.state,
            matched=fields_of(found.matched[row.id]),
        )
        for row in shown[:MOST_ROWS]
    )
