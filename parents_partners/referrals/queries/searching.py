"""What the search finds. For whoever may not open a family it says only that it is known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, false, not_, or_, select

from parents_partners.accounts.types import Actor
from parents_partners.cases.models import Case
from parents_partners.cases.names import name_key
from parents_partners.cases.policies import CARRIED_STATES, unassigned
from parents_partners.core.db import db
from parents_partners.core.text import case_number_key, phone_e164
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import Referral, ReferralKey
from parents_partners.referrals.policies import in_conflict
from parents_partners.referrals.types import KeyKind, ReferralState

MOST_HITS = 20
MOST_KEYS = 1000
"""A name that very many bear tells nothing; the newest are looked at."""


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
    """Is the family known? By any of case number, name and phone: those with most in common first,
    then the newest; 20 at most. Nothing of a family that the viewer must never see."""
    wanted = {
        KeyKind.NUMBER: case_number_key(number),
        KeyKind.NAME: name_key(name, ""),
        KeyKind.PHONE: phone_e164(phone) if phone else None,
    }
    found: dict[int, set[KeyKind]] = {}
    for referral_id, kind in db.session.execute(
        select(ReferralKey.referral_id, ReferralKey.kind)
        .where(
            or_(
                false(),
                *(
                    and_(ReferralKey.kind == kind, ReferralKey.value == value)
                    for kind, value in wanted.items()
                    if value
                ),
            )
        )
        .order_by(ReferralKey.id.desc())
        .limit(MOST_KEYS)
    ).tuples():
        found.setdefault(referral_id, set()).add(kind)
    return _hits(viewer, found)


@dataclass(frozen=True)
class _Found:
    """A referral of a family: of several the newest is shown."""

    id: int
    public_id: str
    reference: str
    received_at: datetime
    state: ReferralState
    case_id: int | None


def _hits(viewer: Actor, found: Mapping[int, set[KeyKind]]) -> Hits:
    families: dict[tuple[str, int], set[KeyKind]] = {}
    newest: dict[tuple[str, int], _Found] = {}
    family_of = _family_of(viewer, found)
    for referral_id, family in family_of.items():
        families.setdefault(family, set()).update(found[referral_id])
    for family, row in _referrals_of(families):
        known = newest.get(family)
        if known is None or (row.received_at, row.id) > (known.received_at, known.id):
            newest[family] = row
    ranked = sorted(
        families,
        key=lambda one: (len(families[one]), newest[one].received_at, newest[one].id),
        reverse=True,
    )
    shown = ranked[:MOST_HITS]
    carried, over = _support_of([row.case_id for row in newest.values() if row.case_id])
    rows = [
        Hit(
            public_id=newest[family].public_id,
            reference=newest[family].reference,
            fields=tuple(kind.label for kind in KeyKind if kind in families[family]),
            status=_status(newest[family], carried, over),
            has_specialist=newest[family].case_id in carried,
        )
        for family in shown
    ]
    return Hits(tuple(rows), more=len(ranked) > MOST_HITS)


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
) -> list[tuple[tuple[str, int], _Found]]:
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
        (("case", row.case_id) if row.case_id else ("referral", row.id), _Found(*row))
        for row in rows
    ]


def _support_of(case_ids: Collection[int]) -> tuple[set[int], set[int]]:
    """The families that a Family Specialist carries, and those whose support is over."""
    waits = Case.metadata.tables["waiting"]
    carried = or_(*(Case.assignments.any(state=state) for state in CARRIED_STATES))
    waiting = select(waits.c.id).where(waits.c.case_id == Case.id, waits.c.ended_at.is_(None))
    over = and_(unassigned(), not_(waiting.exists()))
    found = db.session.execute(
        select(Case.id, carried.label("carried"), over.label("over")).where(Case.id.in_(case_ids))
    ).all()
    return {row.id for row in found if row.carried}, {row.id for row in found if row.over}


def _status(row: _Found, carried: Collection[int], over: Collection[int]) -> str:
    if row.state in AWAITING_DECISION:
        return "Waiting for a decision"
    if row.case_id in carried:
        return "Has a Family Specialist"
    if row.case_id is None or row.case_id in over:
        return "Closed"
    return "Waits for a Family Specialist"
