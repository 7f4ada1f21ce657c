from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    not_,
    or_,
    select,
    true,
)

from parents_partners.accounts.policies import named_like, said_of, stand_in
from parents_partners.accounts.types import Actor, Role
from parents_partners.cases.types import COURT
from parents_partners.core.db import Instant, db, rows
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.reference import labels_of
from parents_partners.referrals.models import Referral, ReferralConference
from parents_partners.referrals.policies import answered_by, visible_to
from parents_partners.referrals.queries.standings import is_open, standings_of
from parents_partners.referrals.standing import Standing
from parents_partners.referrals.types import ReferralState, Shown

_MOST_QUESTIONS = 5


class ReferralRow(NamedTuple):
    """A line of the list. `next_conference` is the kind in words and when it begins."""

    id: int
    public_id: str
    reference: str
    case_name: str
    received_at: datetime
    standing: Standing
    next_conference: tuple[str, datetime] | None


def referrals_for(
    viewer: Actor, key: str | None, *, shown: Shown = Shown.OPEN, now: datetime
) -> Page[ReferralRow]:
    """The referrals that the viewer may see, newest first, each with where it stands (REF-07)."""
    values: dict[str, Any] = {**said_of(viewer), "now": now}
    match read_key(key):
        case (datetime() as at, int() as last) if at.tzinfo is not None and 0 < last < 2**63:
            values |= {"at": at, "last": last}
    if (sender := _only_sender(viewer)) is not None:
        values["sender"] = sender
    query = _referrals(viewer.role, shown, "last" in values, "sender" in values)
    found = rows(query, values).all()
    kinds = labels_of("conference_kind")
    standings = standings_of(found, now=now)
    lines = [
        ReferralRow(
            id=row.id,
            public_id=row.public_id,
            reference=row.reference,
            case_name=row.case_name,
            received_at=row.received_at,
            standing=standings[row.id],
            next_conference=(
                (kinds.get(row.conference_kind, row.conference_kind), row.conference_at)
                if row.conference_at
                else None
            ),
        )
        for row in found
    ]
    return page_of(lines, lambda row: (row.received_at, row.id), PAGE_SIZE)


@cache
def _referrals(
    role: Role | None, shown: Shown, goes_on: bool, of_one_sender: bool
) -> Select[*tuple[Any, ...]]:
    """Built once for each kind of reader: building it costs more than its answer."""
    query: Select[*tuple[Any, ...]] = (
        select(
            Referral.id,
            Referral.public_id,
            Referral.reference,
            Referral.case_name,
            Referral.received_at,
            Referral.state,
            Referral.removed_at,
            Referral.placed_at,
            Referral.opened_on,
            Referral.decided_at,
            Referral.decline_reason,
            *_next_conference(),
        )
        .where(visible_to(stand_in(role)), _condition(shown))
        .order_by(Referral.received_at.desc(), Referral.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if of_one_sender:
        query = query.where(Referral.organisation_id == bindparam("sender", type_=Integer))
    if goes_on:
        at, last = bindparam("at", type_=Instant()), bindparam("last", type_=Integer)
        query = query.where(
            or_(Referral.received_at < at, and_(Referral.received_at == at, Referral.id < last))
        )
    return query


def _only_sender(viewer: Actor) -> int | None:
    """The organisation of a referrer, where no other spelling of its name is known: its referrals
    lie in the order of the list, and the first page need not sort them all. It lets nobody see
    more: `visible_to` is asked all the same."""
    if viewer.role is not Role.REFERRER:
        return None
    spellings = rows(_spellings(viewer.role), said_of(viewer)).scalars().all()
    return spellings[0] if len(spellings) == 1 else None


@cache
def _spellings(role: Role) -> Select[int]:
    return named_like(stand_in(role).organisation_id)


def _next_conference() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """When the next one begins, and its kind. A court date is no conference (REF-04d)."""
    first = (
        select(ReferralConference)
        .where(
            ReferralConference.referral_id == Referral.id,
            ReferralConference.starts_at >= bindparam("now", type_=Instant()),
            ReferralConference.kind != COURT,
        )
        .order_by(ReferralConference.starts_at, ReferralConference.id)
        .limit(1)
        .correlate(Referral)
    )
    return (
        first.with_only_columns(ReferralConference.starts_at)
        .scalar_subquery()
        .label("conference_at"),
        first.with_only_columns(ReferralConference.kind).scalar_subquery().label("conference_kind"),
    )


@dataclass(frozen=True)
class OpenQuestion:
    """A referral about which a supervisor asked something that nobody answered yet."""

    public_id: str
    reference: str
    case_name: str


def open_questions(viewer: Actor) -> list[OpenQuestion]:
    """What waits for the viewer's answer, longest first, as many as a reader takes in."""
    query = (
        select(Referral.public_id, Referral.reference, Referral.case_name)
        .where(
            visible_to(viewer),
            answered_by(viewer),
            Referral.state == ReferralState.QUESTION_ASKED,
        )
        .order_by(Referral.received_at, Referral.id)
        .limit(_MOST_QUESTIONS)
    )
    return [OpenQuestion(*row) for row in db.session.execute(query)]


def _condition(shown: Shown) -> ColumnElement[bool]:
    if shown is Shown.ALL:
        return true()
    return is_open() if shown is Shown.OPEN else not_(is_open())
