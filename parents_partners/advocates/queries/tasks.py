"""What is to be done for families: on a family's page, in Today, and for supervisors."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    exists,
    literal,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.lifecycle import CARRIED, OPEN
from parents_partners.advocates.models import Assignment, Task
from parents_partners.advocates.types import TaskState
from parents_partners.cases.models import Case, Conflict
from parents_partners.cases.policies import is_kept_out, numbers_of, same_family, visible_to
from parents_partners.cases.queries import Family
from parents_partners.core.clock import programme_zone, start_of_day
from parents_partners.core.db import Instant, db, rows
from parents_partners.core.errors import Absent
from parents_partners.core.local_time import local_day
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.reference import setting_days

TaskSelect: TypeAlias = Select[*tuple[Any, ...]]

MOST_SHOWN = 100
CLOSED_SHOWN = timedelta(days=14)
"""How long a task that was done or dropped can still be opened again from the family's page."""


@dataclass(frozen=True)
class TaskRow:
    """`owned`: whose task it is still works with the family; otherwise it is nobody's."""

    id: int
    public_id: str
    family_id: str
    family: str
    what: str
    due_on: date
    state: TaskState
    owner_id: int
    owner: str
    owned: bool
    closed_at: datetime | None


@dataclass(frozen=True)
class Owner:
    """A colleague who can take on a task of a family."""

    id: int
    public_id: str
    name: str
    role: Role


def task_for(viewer: Actor, public_id: str) -> Task:
    """The task with this id, of a family that the viewer may see. Raises Absent."""
    task = db.session.scalar(
        select(Task)
        .join(Case, Case.id == Task.case_id)
        .where(Task.public_id == public_id, visible_to(viewer))
    )
    if task is None:
        raise Absent
    return task


def owners_of(viewer: Actor, case: Case) -> list[Owner]:
    """Who can be given a task of this family: the Family Specialists who carry it and the
    supervisors of their units (of the viewer's, where nobody has it), less who stands on the
    conflict list for it."""
    values = {"case": case.id, "number": case.number_key, "unit": viewer.unit_id}
    return [Owner(*row) for row in db.session.execute(_owners(), values)]


@cache
def _owners() -> Select[*tuple[Any, ...]]:
    case_id = bindparam("case", type_=Integer)
    carriers = select(Assignment.specialist_id).where(
        Assignment.case_id == case_id, Assignment.state.in_(CARRIED)
    )
    units = select(Assignment.unit_id).where(
        Assignment.case_id == case_id, Assignment.state.in_(OPEN)
    )
    # A family without a number is known by none: nothing equals NULL.
    families = same_family(case_id, bindparam("number", type_=String))
    kept_out = select(Conflict.user_id).where(
        Conflict.ended_at.is_(None),
        or_(Conflict.case_id.in_(families), Conflict.number_key.in_(numbers_of(families))),
    )
    supervises = and_(
        User.role == Role.SUPERVISOR,
        or_(
            User.unit_id.in_(units),
            and_(not_(units.exists()), User.unit_id == bindparam("unit", type_=Integer)),
        ),
    )
    return (
        select(User.id, User.public_id, User.name, User.role)
        .where(User.active, or_(User.id.in_(carriers), supervises), User.id.not_in(kept_out))
        .order_by(User.role, User.name, User.id)
    )


def tasks_of(case: Family, *, now: datetime) -> list[TaskRow]:
    """The family's open tasks, the most pressing first, then those that were done or dropped in
    the last days, the latest first."""
    return _rows(_tasks(), {"case": case.id, "since": now - CLOSED_SHOWN})


@cache
def _tasks() -> TaskSelect:
    """Built once: a family's page asks it each time."""
    closed_lately = Task.closed_at >= bindparam("since", type_=Instant())
    return (
        _select()
        .where(
            Task.case_id == bindparam("case", type_=Integer),
            or_(Task.state == TaskState.OPEN, and_(Task.state != TaskState.OPEN, closed_lately)),
        )
        .order_by(Task.closed_at.is_not(None), Task.closed_at.desc(), Task.due_on, Task.id)
        .limit(MOST_SHOWN)
    )


def tasks_today(viewer: Actor, case_ids: Collection[int], *, now: datetime) -> list[TaskRow]:
    """The viewer's own tasks of these families that are overdue, due today or in the coming days,
    then what they finished today."""
    zone = programme_zone()
    today = local_day(now, zone)
    last = today + timedelta(days=setting_days("upcoming_days"))
    return _rows(
        _select()
        .where(
            Task.owner_id == viewer.id,
            Task.case_id.in_(case_ids),
            or_(
                and_(Task.state == TaskState.OPEN, Task.due_on <= last),
                and_(Task.state == TaskState.DONE, Task.closed_at >= start_of_day(today, zone)),
            ),
        )
        .order_by(Task.closed_at.is_not(None), Task.due_on, Task.id)
        .limit(MOST_SHOWN)
    )


def own_tasks(viewer: Actor) -> list[TaskRow]:
    """The open tasks that a supervisor took on or was given, the most pressing first."""
    return _rows(
        _select()
        .where(Task.owner_id == viewer.id, Task.state == TaskState.OPEN, visible_to(viewer))
        .order_by(Task.due_on, Task.id)
        .limit(MOST_SHOWN)
    )


def stuck_tasks(
    viewer: Actor, *, today: date, after: str | None = None, size: int = PAGE_SIZE
) -> Page[TaskRow]:
    """What a supervisor has to look after: others' tasks that are overdue, and those whose owner
    does not work with the family any more."""
    query = (
        _select()
        .where(
            Task.owner_id != viewer.id,
            Task.state == TaskState.OPEN,
            or_(Task.due_on < today, not_(_owned())),
            visible_to(viewer),
        )
        .order_by(Task.due_on, Task.id)
        .limit(size + 1)
    )
    match read_key(after):
        case (str() as due_on, int() as row_id) if (day := _day(due_on)) is not None:
            query = query.where(
                tuple_(Task.due_on, Task.id) > tuple_(literal(day), literal(row_id))
            )
    return page_of(_rows(query), lambda row: (row.due_on.isoformat(), row.id), size)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _owned() -> ColumnElement[bool]:
    """Whose task it is may see the family: carries it, or supervises for it, and is not kept out
    of it."""
    stint = aliased(Assignment)
    of_family = and_(stint.case_id == Task.case_id, stint.state.in_(OPEN))
    carries = exists().where(
        of_family, stint.specialist_id == Task.owner_id, stint.state.in_(CARRIED)
    )
    of_unit = exists().where(of_family, stint.unit_id == User.unit_id)
    supervises = and_(User.role == Role.SUPERVISOR, or_(of_unit, not_(exists().where(of_family))))
    return and_(
        User.active,
        or_(carries, supervises),
        not_(is_kept_out(Task.owner_id, Task.case_id, of=Task.__table__)),
    )


def _select() -> TaskSelect:
    return (
        select(
            Task.id,
            Task.public_id,
            Case.public_id,
            Case.name,
            Task.what,
            Task.due_on,
            Task.state,
            Task.owner_id,
            User.name,
            _owned(),
            Task.closed_at,
        )
        .join(Case, Case.id == Task.case_id)
        .join(User, User.id == Task.owner_id)
    )


def _rows(query: TaskSelect, values: dict[str, Any] | None = None) -> list[TaskRow]:
    """The columns of `_select` are the fields of `TaskRow`, in its order."""
    return [TaskRow(*row) for row in rows(query, values)]
