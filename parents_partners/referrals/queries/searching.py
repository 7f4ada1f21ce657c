"""What the search finds. For whoever may not open a family it says only that it is known."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, not_, or_, select

from parents_partners.accounts.types import Actor
from parents_partners.cases.models import Case
from parents_partners.cases.policies import carried, unassigned
from parents_partners.core.db import db
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.looking_for import LONGEST_SEARCH, LookedFor, words_of
from parents_partners.referrals.models import Referral
from parents_partners.referrals.policies import in_conflict, known_to
from parents_partners.referrals.queries.finding import (
    Found,
    Scope,
    find_by_name,
    find_by_number,
    find_by_phone,
)
from parents_partners.referrals.types import Matched, ReferralState

MOST_ROWS = 20


@dataclass(frozen=True)
class Hit:
    """All that helpline staff learn of a family that is known (REF-01). `fields` say what
    matched; `public_id` is the referral's, for leaving a message."""

    public_id: str
    reference: str
    fields: tuple[str, ...]
    status: str
    has_specialist: bool


@dataclass(frozen=True)
class Hits:
    rows: tuple[Hit, ...]
    more: bool


def known_families(
    viewer: Actor, *, number: str = "", name: str = "", phone: str = "", now: datetime
) -> Hits:
    """Is the family known? By any of case number or reference, name, phone: those with most in
    common first, then the newest; 20 at most. Nothing of a family that the viewer must never
    see."""
    scope = Scope(viewer, known_to)
    found = find_by_number(LookedFor(number=number[:LONGEST_SEARCH]), scope)
    found.add(find_by_name(words_of(name), scope))
    found.add(find_by_phone(LookedFor(number=phone[:LONGEST_SEARCH]), scope))
    return hits_of(viewer, found)


@dataclass(frozen=True)
class _Referral:
    """A referral of a family: of several the newest is shown."""

    id: int
    public_id: str
    reference: str
    received_at: datetime
    state: ReferralState
    case_id: int | None


def hits_of(viewer: Actor, found: Found) -> Hits:
    """What was found, one line a family."""
    families: dict[tuple[str, int], set[Matched]] = {}
    newest: dict[tuple[str, int], _Referral] = {}
    family_of = _family_of(viewer, found.matched)
    # In the order in which they were found: the closest first, then the newest.
    for referral_id, matched in found.matched.items():
        if family := family_of.get(referral_id):
            families.setdefault(family, set()).update(matched)
    for family, row in _referrals_of(families):
        known = newest.get(family)
        if known is None or (row.received_at, row.id) > (known.received_at, known.id):
            newest[family] = row
    ranked = sorted(families, key=lambda one: -len(families[one] - {Matched.ALIKE}))
    shown = ranked[:MOST_ROWS]
    carried, over = _support_of([row.case_id for row in newest.values() if row.case_id])
    rows = [
        Hit(
            public_id=newest[family].public_id,
            reference=newest[family].reference,
            fields=fields_of(families[family]),
            status=_status(newest[family], carried, over),
            has_specialist=newest[family].case_id in carried,
        )
        for family in shown
    ]
    return Hits(tuple(rows), more=found.more or len(ranked) > MOST_ROWS)


def fields_of(matched: Collection[Matched]) -> tuple[str, ...]:
    return tuple(one.label for one in Matched if one in matched)


def _family_of(viewer: Actor, ids: Collection[int]) -> dict[int, tuple[str, int]]:
    """Each referral's family: the case that it, or the referral that it repeats, is filed under;
    else the referral itself."""
    referral = Referral.metadata.tables["referral"]
    original = referral.alias()
    return {
        row.id: ("case", row.case_id or row.first_case_id)
        if row.case_id or row.first_case_id
        else ("referral", row.duplicate_of_id or row.id)
        for row in db.session.execute(
            select(
                Referral.id,
                Referral.case_id,
                Referral.duplicate_of_id,
                original.c.case_id.label("first_case_id"),
            )
            .outerjoin(original, original.c.id == Referral.duplicate_of_id)
            .where(Referral.id.in_(ids), not_(in_conflict(viewer)))
        )
    }


def _referrals_of(
    families: Collection[tuple[str, int]],
) -> list[tuple[tuple[str, int], _Referral]]:
    cases = [row_id for kind, row_id in families if kind == "case"]
    alone = [row_id for kind, row_id in families if kind == "referral"]
    rows: list[Any] = list(
        db.session.execute(
            select(
                Referral.id,
                Referral.public_id,
                Referral.reference,
                Referral.received_at,
                Referral.state,
                Referral.case_id,
            ).where(or_(Referral.case_id.in_(cases), Referral.id.in_(alone)))
        )
    )
    return [
        (("case", row.case_id) if row.case_id else ("referral", row.id), _Referral(*row))
        for row in rows
    ]


def _support_of(case_ids: Collection[int]) -> tuple[set[int], set[int]]:
    """The families that a Family Specialist carries, and those whose support is over."""
    waits = Case.metadata.tables["waiting"]
    waiting = select(waits.c.id).where(waits.c.case_id == Case.id, waits.c.ended_at.is_(None))
    over = and_(unassigned(), not_(waiting.exists()))
    found = db.session.execute(
        select(Case.id, carried().label("carried"), over.label("over")).where(Case.id.in_(case_ids))
    ).all()
    return {row.id for row in found if row.carried}, {row.id for row in found if row.over}


def _status(row: _Referral, carried: Collection[int], over: Collection[int]) -> str:
    if row.state in AWAITING_DECISION:
        return "Waiting for a decision"
    if row.case_id in carried:
        return "Has a Family Specialist"
    if row.case_id is None or row.case_id in over:
        return "Closed"
    return "Waits for a Family Specialist"
