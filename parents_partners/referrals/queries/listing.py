from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    not_,
    select,
    true,
    tuple_,
    union_all,
)

from parents_partners.accounts.policies import other_spellings_of, said_of, stand_in
from parents_partners.accounts.types import Actor, Role, ViewerKind
from parents_partners.cases.types import COURT
from parents_partners.core.db import Instant, db, rows
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.reference import labels_of
from parents_partners.core.sql import so_many
from parents_partners.referrals.models import Question, Referral, ReferralConference
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
    found = rows(_referrals(viewer.kind, shown, "last" in values), values)
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


NEWEST_FIRST = (Referral.received_at.desc(), Referral.id.desc())


@cache
def _referrals(kind: ViewerKind, shown: Shown, goes_on: bool) -> Select[*tuple[Any, ...]]:
    """Built once for each kind of reader: building it costs more than its answer."""
    viewer = stand_in(kind)
    conditions = [visible_to(viewer), _condition(shown)]
    if goes_on:
        place = bindparam("at", type_=Instant()), bindparam("last", type_=Integer)
        conditions.append(tuple_(Referral.received_at, Referral.id) < tuple_(*place))
    query: Select[*tuple[Any, ...]] = select(
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
    if kind.role is Role.REFERRER:
        query = query.where(Referral.id.in_(_of_each_spelling(viewer, conditions)))
    else:
        query = query.where(*conditions)
    return query.order_by(*NEWEST_FIRST).limit(so_many(PAGE_SIZE + 1))


def _of_each_spelling(viewer: Actor, conditions: Sequence[ColumnElement[bool]]) -> Select[int]:
    """The newest that an organisation sent under its own name, and those under other spellings of
    it: apart, so that the first, nearly always all of them, are met in the order of an index and
    not sorted. It lets nobody see more: `visible_to` is among the conditions."""
    own, others = (
        select(Referral.id)
        .where(sent, *conditions)
        .order_by(*NEWEST_FIRST)
        .limit(so_many(PAGE_SIZE + 1))
        .subquery()
        for sent in (
            Referral.organisation_id == viewer.organisation_id,
            Referral.organisation_id.in_(other_spellings_of(viewer.organisation_id)),
        )
    )
    return select(union_all(select(own.c.id), select(others.c.id)).subquery().c.id)


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
        .join(Referral.questions)
        .where(
            visible_to(viewer),
            answered_by(viewer),
            Referral.state == ReferralState.QUESTION_ASKED,
            Question.answered_at.is_(None),
        )
        .order_by(Question.asked_at, Question.id)
        .limit(_MOST_QUESTIONS)
    )
    return [OpenQuestion(*row) for row in db.session.execute(query)]


def _condition(shown: Shown) -> ColumnElement[bool]:
    if shown is Shown.ALL:
        return true()
    return is_open() if shown is Shown.OPEN else not_(is_open())
