"""Which families a person may see. Every query of families goes through `visible_to`."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    column,
    false,
    literal,
    not_,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.cases.models import Case, Conflict
from parents_partners.core.permissions import Policy, role_rules
from parents_partners.core.sql import is_one_of

POLICY: Policy = {
    "family:read": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
    "family:list": role_rules(Role.SUPERVISOR),
    "family:search": role_rules(Role.HELPLINE, Role.SPECIALIST, Role.SUPERVISOR),
    "family:readers": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
    "consent:withdraw": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
    "consent:confirm": role_rules(Role.SPECIALIST),
    "consent:record": role_rules(Role.SPECIALIST),
    "conference:change": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
    "conflict:keep": role_rules(Role.SUPERVISOR, Role.ADMIN),
    "conflict:keep_for_family": role_rules(Role.SUPERVISOR),
    "conflict:keep_oneself": role_rules(Role.SPECIALIST),
}

# In letters: what a stint is, is known further up (`advocates.lifecycle`). A test compares them.
CARRIED_STATES = ("accepted", "in_contact")
OPEN_STATES = ("offered", *CARRIED_STATES)
ENDED_STATE = "ended"


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Case` under which `viewer` may see the family (security.md).

    A specialist: the families they carry (an offer alone opens nothing). A supervisor: families
    that somebody of their unit carries or is offered, or supported last, and those that are
    anybody's to route: what their unit did once opens nothing of a family that another unit
    carries now. The conflict list takes away from everybody."""
    if viewer.role is Role.SPECIALIST:
        allowed: ColumnElement[bool] = _has_stint(*CARRIED_STATES, specialist_id=viewer.id)
    elif viewer.role is Role.SUPERVISOR:
        allowed = or_(
            _has_stint(*OPEN_STATES, unit_id=viewer.unit_id),
            and_(
                unassigned(),
                or_(
                    _has_stint(ENDED_STATE, unit_id=viewer.unit_id),
                    not_(_has_stint(ENDED_STATE)),
                    _somebody_waits(),
                ),
            ),
        )
    elif viewer.role is None:
        return true()
    else:
        return false()
    return and_(allowed, not_(in_conflict(viewer)))


def unassigned() -> ColumnElement[bool]:
    """Nobody carries the family or is asked to."""
    return not_(_has_stint(*OPEN_STATES))


def carried() -> ColumnElement[bool]:
    """A Family Specialist has accepted the family, and can still read of it: signs in, and is not
    kept out of it since."""
    stint = Case.metadata.tables["assignment"].alias()
    specialist = aliased(User)
    return (
        select(stint.c.id)
        .join(specialist, specialist.id == stint.c.specialist_id)
        .where(
            stint.c.case_id == Case.id,
            is_one_of(stint.c.state, CARRIED_STATES),
            specialist.active,
            not_(is_kept_out(stint.c.specialist_id, stint.c.case_id, of=stint)),
        )
        .correlate(Case)
        .exists()
    )


def _has_stint(*states: str, **of: int | None) -> ColumnElement[bool]:
    """The family has one in any of these states, and `of` this specialist or unit."""
    stint = Case.metadata.tables["assignment"].alias()
    return (
        select(stint.c.id)
        .where(
            stint.c.case_id == Case.id,
            is_one_of(stint.c.state, states),
            *(stint.c[column] == value for column, value in of.items()),
        )
        .correlate(Case)
        .exists()
    )


def _somebody_waits() -> ColumnElement[bool]:
    """A parent of the family is in the queue for a specialist, which is everybody's to route."""
    waiting = Case.metadata.tables["waiting"]
    return (
        select(waiting.c.id)
        .where(waiting.c.case_id == Case.id, waiting.c.ended_at.is_(None))
        .correlate(Case)
        .exists()
    )


def in_conflict(viewer: Actor, case_id: Any = Case.id) -> ColumnElement[bool]:
    """The viewer stands on the conflict list for this family: by case, or by any case number under
    which the programme knows it."""
    if not viewer.has_conflicts:
        return false()
    condition: ColumnElement[bool] = case_id.in_(families_in_conflict(viewer))
    return condition


def is_kept_out(user_id: Any, case_id: Any, *, of: FromClause) -> ColumnElement[bool]:
    """The conflict list keeps the person of a row, whoever it is, out of the family of that row.
    Both are columns of the table `of`. By case, or by any of the family's numbers."""
    entry = Conflict.__table__.alias()
    own, filed, second, first = _family_and_referrals()
    numbers = [
        select(own.c.number_key).where(own.c.id == case_id).correlate(of),
        select(filed.c.number_key).where(filed.c.case_id == case_id).correlate(of),
        select(second.c.number_key)
        .join(first, second.c.duplicate_of_id == first.c.id)
        .where(first.c.case_id == case_id)
        .correlate(of),
    ]
    return (
        select(entry.c.id)
        .where(
            entry.c.user_id == user_id,
            entry.c.ended_at.is_(None),
            or_(entry.c.case_id == case_id, *(entry.c.number_key.in_(some) for some in numbers)),
        )
        .correlate(of)
        .exists()
    )


def families_in_conflict(viewer: Actor) -> CompoundSelect[Any]:
    """The ids of the families that the viewer must never see."""
    by_case = select(Conflict.case_id).where(_in_force(viewer), Conflict.case_id.is_not(None))
    return by_case.union(*_families_known_by(numbers_in_conflict(viewer)))


def numbers_in_conflict(viewer: Actor) -> Select[Any]:
    """The case numbers on the viewer's entries of the conflict list."""
    return select(Conflict.number_key).where(_in_force(viewer), Conflict.number_key.is_not(None))


def conflicts_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Conflict` under which `viewer` may see an entry, and end it.

    An administrator: every entry, by its number; they see no family. A supervisor: entries about
    people of their unit, about families they see, and those they made. Nobody: an entry about
    themself, or about a family they are kept out of themselves."""
    if viewer.role is None:
        return true()
    if viewer.role is Role.ADMIN:
        return Conflict.user_id != viewer.id
    if viewer.role is not Role.SUPERVISOR:
        return false()
    hidden = families_in_conflict(viewer)
    return and_(
        Conflict.user_id != viewer.id,
        or_(
            Conflict.recorded_by_id == viewer.id,
            Conflict.user_id.in_(select(User.id).where(User.unit_id == viewer.unit_id)),
            Conflict.case_id.in_(select(Case.id).where(visible_to(viewer))),
        ),
        or_(Conflict.case_id.is_(None), Conflict.case_id.not_in(hidden)),
        or_(
            Conflict.number_key.is_(None),
            and_(
                Conflict.number_key.not_in(numbers_in_conflict(viewer)),
                Conflict.number_key.not_in(numbers_of(hidden)),
            ),
        ),
    )


def same_family(
    case_id: int | ColumnElement[int] | None, number: str | ColumnElement[str] | None
) -> CompoundSelect[Any]:
    """The ids of this case and of every family that is known by this number."""
    own = literal(case_id) if isinstance(case_id, int | None) else case_id
    numbers = [number] if isinstance(number, ColumnElement) or number else []
    return select(own).union(*_families_known_by(numbers))


def numbers_of(families: CompoundSelect[Any]) -> CompoundSelect[Any]:
    """Every case number under which the programme knows these families, given by their ids."""
    own, filed, second, first = _family_and_referrals()
    return (
        select(own.c.number_key)
        .where(own.c.id.in_(families), own.c.number_key.is_not(None))
        .union(
            select(filed.c.number_key).where(
                filed.c.case_id.in_(families), filed.c.number_key.is_not(None)
            ),
            select(second.c.number_key)
            .join(first, second.c.duplicate_of_id == first.c.id)
            .where(first.c.case_id.in_(families), second.c.number_key.is_not(None)),
        )
    )


def _families_known_by(numbers: Any) -> list[Select[Any]]:
    """Those whose own number is one of these, or in a referral of whom one of these was written,
    be it a duplicate. Flat: SQLite reads queries inside queries only so deep."""
    own, filed, second, first = _family_and_referrals()
    return [
        select(own.c.id).where(own.c.number_key.in_(numbers)),
        select(filed.c.case_id).where(
            filed.c.number_key.in_(numbers), filed.c.case_id.is_not(None)
        ),
        select(first.c.case_id)
        .join(second, second.c.duplicate_of_id == first.c.id)
        .where(second.c.number_key.in_(numbers), first.c.case_id.is_not(None)),
    ]


def _in_force(viewer: Actor) -> ColumnElement[bool]:
    return and_(Conflict.user_id == viewer.id, Conflict.ended_at.is_(None))


CASE = table("case", column("id", Integer), column("number_key", String))
REFERRAL = table(
    "referral",
    *(column(name, Integer) for name in ("id", "case_id", "duplicate_of_id")),
    column("number_key", String),
)
"""No more of the two tables than these conditions ask about. They are part of nearly every query,
and naming all columns anew each time cost more than the queries themselves."""


def _family_and_referrals() -> tuple[FromClause, FromClause, FromClause, FromClause]:
    """A family, a referral filed under it, and a duplicate with its original: each under a name of
    its own, so that a query inside another never means the other's row."""
    return CASE.alias(), REFERRAL.alias(), REFERRAL.alias(), REFERRAL.alias()
