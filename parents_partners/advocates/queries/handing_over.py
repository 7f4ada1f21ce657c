"""Hand-overs, for those who take part in one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, not_, select
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, Role, ViewerKind
from parents_partners.advocates.lifecycle import CARRIED, TO_BE_CLOSED
from parents_partners.advocates.models import (
    Assignment,
    HandOver,
    HandOverWords,
)
from parents_partners.advocates.policies import visible_to
from parents_partners.advocates.queries.stints import (
    children_in_words,
    drafted_cases,
    parents_of_stints,
)
from parents_partners.advocates.types import HandOverState
from parents_partners.cases.models import Case
from parents_partners.cases.policies import in_conflict
from parents_partners.cases.policies import visible_to as family_visible_to
from parents_partners.cases.queries import ConferenceRow, Family, ParentRow, next_conferences
from parents_partners.cases.types import Borough
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db, rows
from parents_partners.core.errors import Absent
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import setting_days

LONGEST_LIST = 50

LATELY = timedelta(days=14)
"""For how long a supervisor still sees that a hand-over was declined."""


@dataclass(frozen=True)
class HandOverRow:
    """A hand-over that somebody works on, or that was declined. `since` is when it came to its
    state; `late`: it has waited for `hand_over_days`. `drafted`: who gives has begun an entry."""

    id: int
    public_id: str
    assignment_id: int
    family_id: str
    family: str
    parents: tuple[ParentRow, ...]
    state: HandOverState
    giver: str
    taker: str
    since: datetime
    late: bool
    drafted: bool
    decline_reason: str | None

    @property
    def is_open(self) -> bool:
        return self.state in TO_BE_CLOSED

    @property
    def waits_for(self) -> str:
        return self.taker if self.state is HandOverState.GIVEN else self.giver


@dataclass(frozen=True)
class FamilyToTake:
    """What a specialist learns before they take a family over: no name of the case and no note."""

    public_id: str
    assignment_id: int
    case_id: int
    referral_id: int | None
    giver: str
    given_at: datetime
    parents: tuple[ParentRow, ...]
    borough: Borough | None
    children: str
    next_conference: ConferenceRow | None


@dataclass(frozen=True)
class HandOvers:
    """What Today says of hand-overs. `given` are those that wait for the other's answer."""

    to_give: tuple[HandOverRow, ...]
    given: tuple[HandOverRow, ...]
    to_take: tuple[FamilyToTake, ...]

    @property
    def rows(self) -> int:
        """How many name a family."""
        return len(self.to_give) + len(self.given)


@dataclass(frozen=True)
class FamilyHandOver:
    """A hand-over on the family's page: one that is open, or one that was taken. `unit_id` is the
    unit whose supervisor may take it back. `words` are what the one wrote for the other, where the
    viewer may read them."""

    public_id: str
    stint_id: str
    unit_id: int
    state: HandOverState
    giver_id: int
    giver: str
    taker: str
    since: datetime
    words: str | None

    @property
    def is_open(self) -> bool:
        return self.state in TO_BE_CLOSED

    @property
    def waits_for(self) -> str:
        return self.taker if self.state is HandOverState.GIVEN else self.giver


def asked_of(viewer: Actor, public_id: str) -> HandOver:
    """The hand-over that this specialist was asked to prepare, whatever became of it. Raises
    Absent."""
    return _hand_over(public_id, Assignment.specialist_id == viewer.id, not_(in_conflict(viewer)))


def given_to(viewer: Actor, public_id: str) -> HandOver:
    """The hand-over that was ready for this specialist to take, whatever became of it. Raises
    Absent."""
    return _hand_over(
        public_id,
        HandOver.to_specialist_id == viewer.id,
        HandOver.given_at.is_not(None),
        not_(in_conflict(viewer)),
    )


def hand_over_of_unit(viewer: Actor, public_id: str) -> HandOver:
    """The hand-over with this id, of a stint of the supervisor's unit. Raises Absent."""
    return _hand_over(public_id, visible_to(viewer), family_visible_to(viewer))


def hand_overs_of(viewer: Actor, case: Family) -> list[FamilyHandOver]:
    """Those of this family that are open or were taken, the latest first, in one statement. The
    words are for the unit's supervisors and for the specialist who took it over."""
    values = {**said_of(viewer), "case": case.id}
    return [FamilyHandOver(*row) for row in rows(_of_family(viewer.kind), values)]


@cache
def _of_family(kind: ViewerKind) -> Select[*tuple[Any, ...]]:
    """The fields of `FamilyHandOver`, in its order."""
    viewer = stand_in(kind)
    giver, taker = aliased(User), aliased(User)
    return (
        select(
            HandOver.public_id,
            Assignment.public_id,
            Assignment.unit_id,
            HandOver.state,
            giver.id,
            giver.name,
            taker.name,
            func.coalesce(HandOver.closed_at, HandOver.given_at, HandOver.asked_at),
            HandOverWords.text,
        )
        .join(Assignment, Assignment.id == HandOver.assignment_id)
        .join(giver, giver.id == Assignment.specialist_id)
        .join(taker, taker.id == HandOver.to_specialist_id)
        .outerjoin(
            HandOverWords,
            (HandOverWords.hand_over_id == HandOver.id)
            & (HandOver.state == HandOverState.TAKEN)
            & (
                HandOver.to_specialist_id == viewer.id
                if kind.role is Role.SPECIALIST
                else visible_to(viewer)
            ),
        )
        .where(
            HandOver.case_id == bindparam("case", type_=Integer),
            HandOver.closed_at.is_(None) | (HandOver.state == HandOverState.TAKEN),
        )
        .order_by(HandOver.asked_at.desc(), HandOver.id.desc())
        .limit(LONGEST_LIST)
    )


def hand_overs_of_unit(viewer: Actor, *, now: datetime) -> list[HandOverRow]:
    """What a supervisor has to see to: those that are open, and who said no lately; those that
    wait longest first."""
    lately = now - LATELY
    declined = (HandOver.state == HandOverState.DECLINED) & (HandOver.closed_at > lately)
    return _rows(
        HandOver.closed_at.is_(None) | declined,
        visible_to(viewer),
        family_visible_to(viewer),
        now=now,
    )


def hand_overs_today(viewer: Actor, *, now: datetime) -> HandOvers:
    """What waits for this specialist, and what they wait for."""
    mine = _rows(
        HandOver.closed_at.is_(None),
        Assignment.specialist_id == viewer.id,
        Assignment.state.in_(CARRIED),
        not_(in_conflict(viewer)),
        now=now,
        drafts_of=viewer,
    )
    return HandOvers(
        to_give=tuple(row for row in mine if row.state is HandOverState.ASKED),
        given=tuple(row for row in mine if row.state is HandOverState.GIVEN),
        to_take=families_to_take(viewer, now=now),
    )


def families_to_take(
    viewer: Actor, *, now: datetime, public_id: str | None = None
) -> tuple[FamilyToTake, ...]:
    """What is ready for this specialist to take over, the oldest first; with `public_id` only
    that one."""
    giver = aliased(User)
    query = (
        select(HandOver, Assignment, Case, giver.name)
        .join(Assignment, Assignment.id == HandOver.assignment_id)
        .join(Case, Case.id == HandOver.case_id)
        .join(giver, giver.id == Assignment.specialist_id)
        .where(
            HandOver.to_specialist_id == viewer.id,
            HandOver.state == HandOverState.GIVEN,
            not_(in_conflict(viewer)),
        )
        .order_by(HandOver.given_at, HandOver.id)
    )
    if public_id is not None:
        query = query.where(HandOver.public_id == public_id)
    found = list(db.session.execute(query).tuples())
    if not found:
        return ()
    parents = parents_of_stints([stint.id for _, stint, _, _ in found])
    case_ids = [case.id for _, _, case, _ in found]
    children = children_in_words(case_ids, today=local_day(now, programme_zone()))
    conferences = next_conferences(case_ids, now)
    return tuple(
        FamilyToTake(
            public_id=hand_over.public_id,
            assignment_id=stint.id,
            case_id=case.id,
            referral_id=stint.referral_id,
            giver=name,
            given_at=hand_over.given_at or hand_over.asked_at,
            parents=parents.get(stint.id, ()),
            borough=case.borough,
            children=children.get(case.id, "No children named"),
            next_conference=conferences.get(case.id),
        )
        for hand_over, stint, case, name in found
    )


def _hand_over(public_id: str, *conditions: ColumnElement[bool]) -> HandOver:
    hand_over = db.session.scalar(
        select(HandOver)
        .join(Assignment, Assignment.id == HandOver.assignment_id)
        .join(Case, Case.id == HandOver.case_id)
        .where(HandOver.public_id == public_id, *conditions)
    )
    if hand_over is None:
        raise Absent
    return hand_over


def _rows(
    *conditions: ColumnElement[bool], now: datetime, drafts_of: Actor | None = None
) -> list[HandOverRow]:
    giver, taker = aliased(User), aliased(User)
    found = list(
        db.session.execute(
            select(HandOver, Case, giver.name, taker.name)
            .join(Assignment, Assignment.id == HandOver.assignment_id)
            .join(Case, Case.id == HandOver.case_id)
            .join(giver, giver.id == Assignment.specialist_id)
            .join(taker, taker.id == HandOver.to_specialist_id)
            .where(*conditions)
            .order_by(HandOver.asked_at, HandOver.id)
            .limit(LONGEST_LIST)
        ).tuples()
    )
    if not found:
        return []
    zone = programme_zone()
    late = local_day(now, zone) - timedelta(days=setting_days("hand_over_days"))
    parents = parents_of_stints([hand_over.assignment_id for hand_over, *_ in found])
    drafted = drafted_cases(drafts_of, [case.id for _, case, *_ in found]) if drafts_of else ()
    return [
        HandOverRow(
            id=hand_over.id,
            public_id=hand_over.public_id,
            assignment_id=hand_over.assignment_id,
            family_id=case.public_id,
            family=case.name,
            parents=parents.get(hand_over.assignment_id, ()),
            state=hand_over.state,
            giver=gives,
            taker=takes,
            since=_since(hand_over),
            late=hand_over.closed_at is None and local_day(_since(hand_over), zone) <= late,
            drafted=case.id in drafted,
            decline_reason=hand_over.decline_reason,
        )
        for hand_over, case, gives, takes in found
    ]


def _since(hand_over: HandOver) -> datetime:
    return hand_over.closed_at or hand_over.given_at or hand_over.asked_at
