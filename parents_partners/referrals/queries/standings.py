from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, false, not_, select, true

from parents_partners.accounts.models import User
from parents_partners.cases.models import Consent
from parents_partners.cases.types import CONTACT_SCOPES
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import rows
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import public_labels_of, setting, setting_days
from parents_partners.core.sql import is_one_of, written_out
from parents_partners.referrals.deadlines import routing
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import FiledParent, Referral
from parents_partners.referrals.standing import (
    Deadlines,
    Decided,
    ParentSupport,
    Standing,
    Stint,
    standing,
)
from parents_partners.referrals.types import ReferralState


class Followed(Protocol):
    """What of a referral says where it stands: the referral itself, or a row of a list."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> ReferralState: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def removed_at(self) -> datetime | None: ...
    @property
    def placed_at(self) -> datetime | None: ...
    @property
    def opened_on(self) -> date | None: ...
    @property
    def decided_at(self) -> datetime | None: ...
    @property
    def decline_reason(self) -> str | None: ...


def standing_of(referral: Referral, *, now: datetime) -> Standing:
    """Where one referral stands, with what happens next (REF-07)."""
    return standings_of([referral], now=now)[referral.id]


def standings_of(referrals: Collection[Followed], *, now: datetime) -> dict[int, Standing]:
    """Where each of these stands, by its id: as many statements for fifty as for one."""
    declined_for = public_labels_of("decline_reason")
    ended_with = public_labels_of("outcome")
    routed_by = routing().routed_by
    deadlines = Deadlines(
        first_contact_days=setting_days("first_contact_days"),
        today=local_day(now, programme_zone()),
        helpline_phone=setting("helpline_phone"),
    )
    supports = _supports_of([referral.id for referral in referrals])

    def standing_of_one(referral: Followed) -> Standing:
        decide_by = None
        if referral.state is ReferralState.SUBMITTED:
            decide_by = routed_by(
                referral.received_at,
                removed_at=referral.removed_at,
                placed_at=referral.placed_at,
                opened_on=referral.opened_on,
            )
        return standing(
            Decided(referral.state, referral.decided_at, referral.decline_reason, decide_by),
            supports[referral.id],
            public_reasons=(
                declined_for if referral.state is ReferralState.DECLINED else ended_with
            ),
            deadlines=deadlines,
        )

    return {referral.id: standing_of_one(referral) for referral in referrals}


def _supports_of(referral_ids: Sequence[int]) -> defaultdict[int, list[ParentSupport]]:
    """The parents of each referral in the order in which it names them, with their stints."""
    zone = programme_zone()
    parents: dict[tuple[int, int], tuple[bool, bool, list[Stint]]] = {}
    for row in rows(_supports(), {"referrals": list(referral_ids)}):
        of_parent = parents.setdefault(
            (row.referral_id, row.person_id), (bool(row.contactable), bool(row.waits), [])
        )
        if row.state is not None:
            contact_at = row.first_contact_at
            of_parent[2].append(
                Stint(
                    state=row.state,
                    offered_at=row.offered_at,
                    over_at=row.ended_at or row.closed_unaccepted_at,
                    specialist=row.specialist,
                    first_contact_on=local_day(contact_at, zone) if contact_at else None,
                    outcome=row.outcome,
                )
            )
    supports: defaultdict[int, list[ParentSupport]] = defaultdict(list)
    for (referral_id, _), (contactable, waits, stints) in parents.items():
        supports[referral_id].append(
            ParentSupport(may_be_contacted=contactable, waits=waits, stints=tuple(stints))
        )
    return supports


@cache
def _supports() -> Select[*tuple[Any, ...]]:
    """A row a stint of each parent of `referrals`, one without a stint where there is none. Built
    once: it says nothing of who asks, and building it costs more than its answer."""
    assigned_parent, assignment = _stints()
    return (
        select(
            FiledParent.referral_id,
            FiledParent.person_id,
            FiledParent.consents.any(is_one_of(Consent.scope, CONTACT_SCOPES)).label("contactable"),
            FiledParent.waits.any().label("waits"),
            assignment.state,
            assignment.offered_at,
            assignment.ended_at,
            assignment.closed_unaccepted_at,
            assignment.first_contact_at,
            assignment.outcome,
            User.name.label("specialist"),
        )
        .outerjoin(FiledParent.supports)
        .outerjoin(assigned_parent.assignment)
        .outerjoin(User, User.id == assignment.specialist_id)
        .where(FiledParent.referral_id.in_(bindparam("referrals", expanding=True)))
        .order_by(FiledParent.referral_id, FiledParent.position, assignment.id)
    )


def is_open() -> ColumnElement[bool]:
    """The condition on `Referral` under which its standing is not a closed one. Case by case, not
    "or": SQLite would rather gather all that was ever filed than walk a list in its order."""
    goes_on = Referral.filed_parents.any(
        and_(
            FiledParent.consents.any(is_one_of(Consent.scope, CONTACT_SCOPES)),
            not_(_support_is_over()),
        )
    )
    return case(
        (is_one_of(Referral.state, AWAITING_DECISION), true()),
        (Referral.state == written_out(ReferralState.FILED), goes_on),
        else_=false(),
    )


def _support_is_over() -> ColumnElement[bool]:
    """The condition on `FiledParent`, within one on `Referral`."""
    assigned_parent, assignment = _stints()
    ended_for_this_referral = and_(
        assignment.state == written_out("ended"), assignment.ended_at >= Referral.decided_at
    )
    return and_(
        FiledParent.supports.any(assigned_parent.assignment.has(ended_for_this_referral)),
        not_(FiledParent.supports.any(assigned_parent.released_at.is_(None))),
        not_(FiledParent.waits.any()),
    )


def _stints() -> tuple[Any, Any]:
    """The upper slice's two classes, reached through the relationship that names them."""
    assigned_parent = FiledParent.supports.property.mapper.class_
    return assigned_parent, assigned_parent.assignment.property.mapper.class_
