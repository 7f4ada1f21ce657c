"""What a supervisor looks at beside the queue, and while deciding about one family."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from statistics import mean
from typing import Any

from sqlalchemy import (
    Select,
    bindparam,
    exists,
    func,
    not_,
    select,
)
from sqlalchemy.orm import aliased, joinedload

from parents_partners.accounts.models import Organisation, User
from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, ViewerKind
from parents_partners.advocates import policies
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import Assignment, Waiting
from parents_partners.advocates.types import AssignmentState, WaitingSince
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Concern, Placement
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import Instant, db, rows
from parents_partners.core.errors import AlreadyDone
from parents_partners.core.local_time import local_day
from parents_partners.core.public_id import PublicIdConverter
from parents_partners.core.reference import labels_of
from parents_partners.core.sql import elapsed, is_one_of, so_many, written_out
from parents_partners.referrals import policies as referrals
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import Referral
from parents_partners.referrals.types import ReferralState

MEASURED_DAYS = 90


LONGEST_OVERDUE_LIST = 50


@dataclass(frozen=True)
class OverdueOffer:
    public_id: str
    case_name: str
    specialist: str
    offered_at: datetime
    answer_by: datetime


@dataclass(frozen=True)
class FirstContactMeasure:
    """Days from removal to first contact in the last MEASURED_DAYS; `median_days` None where no
    first contact of these days came after a removal. `supports`: how many did."""

    median_days: float | None
    supports: int


def overdue_offers(viewer: Actor, *, now: datetime) -> list[OverdueOffer]:
    """The offers of the viewer's unit that were not answered in time, the oldest first."""
    values = {**said_of(viewer), "now": now}
    return [OverdueOffer(*row) for row in rows(_overdue(viewer.kind), values)]


@cache
def _overdue(kind: ViewerKind) -> Select[*tuple[Any, ...]]:
    """Built once for each kind of viewer: building it costs more than its answer."""
    viewer = stand_in(kind)
    return (
        select(
            Assignment.public_id,
            Case.name,
            User.name,
            Assignment.offered_at,
            Assignment.answer_by,
        )
        .join(Assignment.case)
        .join(User, User.id == Assignment.specialist_id)
        .where(
            Assignment.state == written_out(AssignmentState.OFFERED),
            Assignment.answer_by <= bindparam("now", type_=Instant()),
            policies.visible_to(viewer),
            cases.visible_to(viewer),
        )
        .order_by(Assignment.answer_by, Assignment.id)
        .limit(so_many(LONGEST_OVERDUE_LIST))
    )


def first_contact_measure(viewer: Actor, *, now: datetime) -> FirstContactMeasure:
    """Median days from a family's removal to its first contact, over the supports of the
    viewer's unit whose first contact lies in the last MEASURED_DAYS (REF-06)."""
    zone = programme_zone()
    values = {**said_of(viewer), "after": now - timedelta(days=MEASURED_DAYS)}
    middle = rows(_middle_of_first_contacts(viewer.kind), values)
    if not middle:
        return FirstContactMeasure(None, 0)
    days = [
        (local_day(row.first_contact_at, zone) - local_day(row.removed_at, zone)).days
        for row in middle
    ]
    return FirstContactMeasure(mean(days), middle[0].supports)


@cache
def _middle_of_first_contacts(kind: ViewerKind) -> Select[*tuple[Any, ...]]:
    """Removal and first contact of the support in the middle, or of the two, by the time between
    them; and how many there are. Built once for each kind of viewer."""
    viewer = stand_in(kind)
    earlier = aliased(Assignment)
    removed_at = (
        select(func.min(Placement.removed_at, type_=Instant()))
        .where(Placement.case_id == Assignment.case_id)
        .correlate(Assignment)
        .scalar_subquery()
    )
    supports = (
        select(removed_at.label("removed_at"), Assignment.first_contact_at)
        .where(
            Assignment.first_contact_at > bindparam("after", type_=Instant()),
            policies.visible_to(viewer),
            not_(cases.in_conflict(viewer, Assignment.case_id)),
            # A family's second specialist is no first contact.
            not_(
                exists().where(
                    earlier.case_id == Assignment.case_id,
                    earlier.first_contact_at < Assignment.first_contact_at,
                )
            ),
        )
        .cte("supports")
        .prefix_with("MATERIALIZED")
    )
    in_order = (
        select(
            supports,
            func.row_number()
            .over(order_by=elapsed(supports.c.removed_at, supports.c.first_contact_at))
            .label("place"),
            func.count().over().label("supports"),
        )
        .where(supports.c.removed_at <= supports.c.first_contact_at)
        .subquery("in_order")
    )
    return select(in_order).where(
        in_order.c.place.between((in_order.c.supports + 1) // 2, (in_order.c.supports + 2) // 2)
    )


@dataclass(frozen=True)
class WaitingParent:
    """A parent of a filed family who has no specialist. `language` is in words."""

    public_id: str
    name: str
    language: str | None
    why: WaitingSince
    since: datetime


@dataclass(frozen=True)
class EarlierOffer:
    """To whom this family was offered before, and what came of it: never why it was declined."""

    specialist: str
    offered_at: datetime
    state: AssignmentState


def waiting_in(case: Case) -> list[WaitingParent]:
    languages = labels_of("language")
    return [
        WaitingParent(
            public_id=waiting.person.public_id,
            name=waiting.person.name,
            language=languages.get(waiting.person.preferred_language or ""),
            why=waiting.why,
            since=waiting.since,
        )
        for waiting in db.session.scalars(
            select(Waiting)
            .where(Waiting.case_id == case.id, Waiting.ended_at.is_(None))
            .order_by(Waiting.id)
            .options(joinedload(Waiting.person))
        )
    ]


def earlier_offers_of(case: Case) -> list[EarlierOffer]:
    """Newest first."""
    return [
        EarlierOffer(*row)
        for row in db.session.execute(
            select(User.name, Assignment.offered_at, Assignment.state)
            .join(User, User.id == Assignment.specialist_id)
            .where(Assignment.case_id == case.id)
            .order_by(Assignment.offered_at.desc(), Assignment.id.desc())
        ).tuples()
    ]


def concerns_of(case: Case) -> list[str]:
    """The codes that are ticked."""
    return list(
        db.session.scalars(
            select(Concern.code).where(Concern.case_id == case.id).order_by(Concern.code)
        )
    )


def known_case(viewer: Actor, public_id: str | None) -> Case | None:
    """The family that was chosen among the possible ones; None for a new one."""
    if public_id is None:
        return None
    return db.session.scalar(
        select(Case).where(Case.public_id == public_id, cases.visible_to(viewer))
    )


def referral_called(viewer: Actor, reference: str) -> Referral | None:
    """By the reference that people use."""
    return db.session.scalar(
        select(Referral).where(Referral.reference == reference, referrals.visible_to(viewer))
    )


def decided_meanwhile(viewer: Actor, public_id: str) -> AlreadyDone | None:
    """Who filed a referral that the viewer read while it was open, and that has gone out of
    their sight with it: to another unit's family. None where they never saw it."""
    decided = db.session.execute(
        select(User.name, Referral.decided_at)
        .join(User, User.id == Referral.decided_by_id)
        .where(
            Referral.public_id == public_id,
            not_(referrals.in_conflict(viewer)),
            exists().where(
                AuditEvent.referral_id == Referral.id,
                AuditEvent.event == Event.REFERRAL_READ,
                AuditEvent.actor_id == viewer.id,
                AuditEvent.at <= Referral.decided_at,
            ),
        )
    ).first()
    if decided is None:
        return None
    return AlreadyDone("This referral was already filed.", by=decided.name, at=decided.decided_at)


def offered_meanwhile(viewer: Actor, public_id: str) -> AlreadyDone | None:
    """The same for a family that waited when the viewer read it."""
    offered = db.session.execute(
        select(User.name, Assignment.offered_at)
        .join(User, User.id == Assignment.offered_by_id)
        .join(Assignment.case)
        .where(
            Case.public_id == public_id,
            Assignment.state.in_(OPEN),
            not_(cases.in_conflict(viewer)),
            exists().where(
                AuditEvent.case_id == Case.id,
                AuditEvent.event == Event.FAMILY_READ,
                AuditEvent.actor_id == viewer.id,
                AuditEvent.at <= Assignment.offered_at,
            ),
        )
        .order_by(Assignment.offered_at.desc())
        .limit(1)
    ).first()
    if offered is None:
        return None
    return AlreadyDone(
        "This family was already offered to a Family Specialist.",
        by=offered.name,
        at=offered.offered_at,
    )


def specialist_called(viewer: Actor, public_id: str) -> str | None:
    """The name of a Family Specialist of the viewer's unit; None for what is no id at all."""
    if not re.fullmatch(PublicIdConverter.regex, public_id):
        return None
    return db.session.scalar(
        select(User.name).where(User.public_id == public_id, User.unit_id == viewer.unit_id)
    )


def organisations_in_queue() -> list[tuple[str, str]]:
    """(name_key, name) of those with a referral that awaits a decision or a filed family, under
    whichever spelling it came."""
    return [(key, name) for key, name in rows(_organisations())]


@cache
def _organisations() -> Select[*tuple[Any, ...]]:
    spelled = aliased(Organisation)
    # One look at an index for each spelling, never "exists": PostgreSQL would join every referral.
    first = (
        select(Referral.id)
        .where(
            Referral.organisation_id == spelled.id,
            is_one_of(Referral.state, {*AWAITING_DECISION, ReferralState.FILED}),
        )
        # In the order of that index: or it reads the table until one is met, which may be never.
        .order_by(Referral.received_at.desc(), Referral.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    meant = select(func.coalesce(spelled.same_as_id, spelled.id)).where(first.is_not(None))
    return (
        select(Organisation.name_key, Organisation.name)
        .where(Organisation.id.in_(meant))
        .order_by(Organisation.name)
    )
