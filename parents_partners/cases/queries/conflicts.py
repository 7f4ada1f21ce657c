"""The conflict list as those see it who keep it. Nobody sees an entry about themself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.cases.models import Case, Conflict
from parents_partners.cases.policies import (
    CARRIED_STATES,
    conflicts_visible_to,
    numbers_of,
    same_family,
    visible_to,
)
from parents_partners.cases.queries.families import Family
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key

KEPT_OUT = (Role.HELPLINE, Role.SPECIALIST, Role.SUPERVISOR)
"""Roles that read about families of others at all."""


@dataclass(frozen=True)
class ConflictRow:
    """An entry in force. `number` is the case number as it is compared, without signs; None of a
    family that has none. `family` and `family_id` only where the viewer sees the family."""

    id: int
    public_id: str
    person: str
    role: Role
    number: str | None
    family: str | None
    family_id: str | None
    recorded_at: datetime
    recorded_by: str | None


def conflicts(viewer: Actor, *, after: str | None = None) -> Page[ConflictRow]:
    """The entries in force that the viewer may see, the latest first."""
    query = _entries(viewer).limit(PAGE_SIZE + 1)
    match read_key(after):
        case (int() as conflict_id,):
            query = query.where(Conflict.id < conflict_id)
    return page_of(_rows(query), lambda row: (row.id,))


def conflicts_of_family(viewer: Actor, case: Case) -> Sequence[ConflictRow]:
    """Those in force for a family that the viewer sees: by its case or by any number of it."""
    return _rows(_entries(viewer).where(_of_family(case)).limit(PAGE_SIZE))


def conflict_for(viewer: Actor, public_id: str) -> Conflict:
    """An entry that the viewer may end, ended or not. Raises Absent."""
    conflict = db.session.scalar(
        select(Conflict).where(Conflict.public_id == public_id, conflicts_visible_to(viewer))
    )
    if conflict is None:
        raise Absent
    return conflict


def colleagues() -> list[tuple[str, str]]:
    """(public id, name and role) of everybody who could meet a family, by name."""
    return [
        (public_id, f"{name}, {role.label}")
        for public_id, name, role in db.session.execute(
            select(User.public_id, User.name, User.role)
            .where(User.active, User.role.in_(KEPT_OUT))
            .order_by(User.name, User.id)
        ).tuples()
    ]


def colleague(public_id: str) -> User:
    """Raises Absent."""
    user = db.session.scalar(
        select(User).where(User.public_id == public_id, User.active, User.role.in_(KEPT_OUT))
    )
    if user is None:
        raise Absent
    return user


def kept_out_carriers(viewer: Actor, case: Family) -> list[str]:
    """The names of those who carry the family and do not see it any more, being kept out of it or
    not let in at all: somebody has to go on with it. Nobody of them is told here about themself."""
    stint = Case.metadata.tables["assignment"]
    carriers = select(stint.c.specialist_id).where(
        stint.c.case_id == case.id, stint.c.state.in_(CARRIED_STATES)
    )
    kept_out = select(Conflict.user_id).where(Conflict.ended_at.is_(None), _of_family(case))
    return list(
        db.session.scalars(
            select(User.name)
            .where(
                User.id.in_(carriers),
                or_(User.id.in_(kept_out), not_(User.active)),
                User.id != viewer.id,
            )
            .order_by(User.name)
        )
    )


def _of_family(case: Family) -> ColumnElement[bool]:
    families = same_family(case.id, case.number_key)
    return or_(Conflict.case_id == case.id, Conflict.number_key.in_(numbers_of(families)))


def _entries(viewer: Actor) -> Any:
    recorder = aliased(User)
    return (
        select(
            Conflict.id,
            Conflict.public_id,
            User.name,
            User.role,
            Conflict.number_key,
            Case.name,
            Case.public_id,
            Conflict.recorded_at,
            recorder.name,
        )
        .join(User, User.id == Conflict.user_id)
        .outerjoin(Case, and_(Case.id == Conflict.case_id, visible_to(viewer)))
        .outerjoin(recorder, recorder.id == Conflict.recorded_by_id)
        .where(Conflict.ended_at.is_(None), conflicts_visible_to(viewer))
        .order_by(Conflict.id.desc())
    )


def _rows(query: Any) -> list[ConflictRow]:
    return [ConflictRow(*row) for row in db.session.execute(query).tuples()]
