from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlalchemy.orm import selectinload

from parents_partners.cases.models import Consent
from parents_partners.cases.types import CONTACT_SCOPES
from parents_partners.core.clock import programme_zone
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import public_labels_of, setting, setting_days
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


def standing_of(referral: Referral, *, now: datetime) -> Standing:
    """Where one referral stands, with what happens next (REF-07)."""
    return standings(now)(referral)


def standings(now: datetime) -> Callable[[Referral], Standing]:
    """A function that knows the programme's words and settings, and says where a referral
    stands."""
    zone = programme_zone()
    decline_reasons, outcomes = public_labels_of("decline_reason"), public_labels_of("outcome")
    routed_by = routing().routed_by
    first_contact_days = setting_days("first_contact_days")
    helpline_phone = setting("helpline_phone")

    def deadlines_of(referral: Referral) -> Deadlines:
        return Deadlines(
            routed_by=routed_by(
                referral.received_at,
                removed_at=referral.removed_at,
                placed_at=referral.placed_at,
                opened_on=referral.opened_on,
            ),
            first_contact_days=first_contact_days,
            today=local_day(now, zone),
            helpline_phone=helpline_phone,
        )

    def support_of(parent: FiledParent) -> ParentSupport:
        stints = [
            Stint(
                state=stint.state,
                offered_at=stint.offered_at,
                over_at=stint.ended_at or stint.closed_unaccepted_at,
                specialist=stint.specialist.user.name,
                first_contact_on=(
                    local_day(stint.first_contact_at, zone) if stint.first_contact_at else None
                ),
                outcome=stint.outcome,
            )
            for stint in (support.assignment for support in parent.supports)
        ]
        return ParentSupport(
            may_be_contacted=any(consent.scope in CONTACT_SCOPES for consent in parent.consents),
            waits=bool(parent.waits),
            stints=tuple(stints),
        )

    def standing_of_one(referral: Referral) -> Standing:
        declined = referral.state is ReferralState.DECLINED
        return standing(
            Decided(referral.state, referral.decided_at, referral.decline_reason),
            [support_of(parent) for parent in referral.filed_parents],
            public_reasons=decline_reasons if declined else outcomes,
            deadlines=deadlines_of(referral),
        )

    return standing_of_one


def loaded_for_standing() -> list[Any]:
    """Loader options for all that `standings` looks at: as many statements for fifty referrals
    as for one."""
    assigned_parent, assignment = _stints()
    parents = selectinload(Referral.filed_parents)
    return [
        parents.selectinload(FiledParent.consents),
        parents.selectinload(FiledParent.waits),
        parents.selectinload(FiledParent.supports)
        .joinedload(assigned_parent.assignment)
        .joinedload(assignment.specialist)
        .joinedload(assignment.specialist.property.mapper.class_.user),
    ]


def is_open() -> ColumnElement[bool]:
    """The condition on `Referral` under which its standing is not a closed one."""
    return or_(
        Referral.state.in_(AWAITING_DECISION),
        and_(
            Referral.state == ReferralState.FILED,
            Referral.filed_parents.any(
                and_(
                    FiledParent.consents.any(Consent.scope.in_(CONTACT_SCOPES)),
                    not_(_support_is_over()),
                )
            ),
        ),
    )


def _support_is_over() -> ColumnElement[bool]:
    """The condition on `FiledParent`, within one on `Referral`."""
    assigned_parent, assignment = _stints()
    ended_for_this_referral = and_(
        assignment.state == "ended", assignment.ended_at >= Referral.decided_at
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
