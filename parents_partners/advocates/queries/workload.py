"""What `advocates.workload` is told: the stints of a supervisor's unit and who works in it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates import policies
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import Activity, Assignment, Away, Specialist, Task
from parents_partners.advocates.types import TaskState
from parents_partners.advocates.workload import (
    Figure,
    Figures,
    OverdueTask,
    Period,
    Rules,
    Work,
    WorkRow,
    figures_of,
    rows_behind,
)
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case
from parents_partners.core.clock import end_of_day, programme_zone, start_of_day
from parents_partners.core.db import Instant, db
from parents_partners.core.errors import Absent
from parents_partners.core.local_time import local_day
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.reference import setting_days

Row = TypeVar("Row")


@dataclass(frozen=True)
class SpecialistLine:
    """One Family Specialist's figures. `capacity` None: not of the unit any more, with families of
    it all the same. `away` are the first and last day of an absence that goes on or comes."""

    public_id: str
    name: str
    capacity: int | None
    away: tuple[date, date] | None
    figures: Figures


@dataclass(frozen=True)
class Workload:
    lines: tuple[SpecialistLine, ...]
    total: Figures
    capacity: int
    rules: Rules


@dataclass(frozen=True)
class _Unit:
    """All that the page and its lists are made of, read once."""

    people: Sequence[tuple[int, str, str, int | None]]
    works: Sequence[Work]
    tasks: Sequence[OverdueTask]
    rules: Rules


def workload_of(viewer: Actor, period: Period, *, now: datetime) -> Workload:
    """The unit's figures, one line a Family Specialist, in a constant number of statements. Only
    for the unit's supervisors."""
    unit = _unit(viewer, period, now=now)
    away = _away([user_id for user_id, *_ in unit.people], unit.rules.today)
    lines = tuple(
        SpecialistLine(
            public_id=public_id,
            name=name,
            capacity=capacity,
            away=away.get(user_id),
            figures=figures_of(
                [work for work in unit.works if work.specialist_id == user_id],
                [task for task in unit.tasks if task.specialist_id == user_id],
                unit.rules,
            ),
        )
        for user_id, public_id, name, capacity in unit.people
    )
    return Workload(
        lines=lines,
        total=figures_of(unit.works, unit.tasks, unit.rules),
        capacity=sum(line.capacity or 0 for line in lines),
        rules=unit.rules,
    )


def families_behind(
    viewer: Actor,
    figure: Figure,
    period: Period,
    *,
    now: datetime,
    specialist: str | None = None,
    after: str | None = None,
) -> tuple[Page[WorkRow], str | None]:
    """The list that a figure opens: of the whole unit, or of the specialist with this public id,
    whose name comes with it. Raises Absent for one who does not stand on the page."""
    unit = _unit(viewer, period, now=now)
    user_id = _chosen(unit, specialist)
    works = [work for work in unit.works if user_id in (None, work.specialist_id)]
    rows = rows_behind(figure, works, unit.rules)
    return _page(rows, lambda row: row.work.stint_id, after), _name_of(unit, user_id)


def tasks_behind(
    viewer: Actor, *, now: datetime, specialist: str | None = None, after: str | None = None
) -> tuple[Page[OverdueTask], str | None]:
    """The tasks that are overdue, as `families_behind`."""
    unit = _unit(viewer, Period.THIS_MONTH, now=now)
    user_id = _chosen(unit, specialist)
    rows = [task for task in unit.tasks if user_id in (None, task.specialist_id)]
    return _page(rows, lambda row: row.task_id, after), _name_of(unit, user_id)


def _unit(viewer: Actor, period: Period, *, now: datetime) -> _Unit:
    zone = programme_zone()
    today = local_day(now, zone)
    first, last = period.days(today)
    rules = Rules(
        first_contact_days=setting_days("first_contact_days"),
        no_contact_days=setting_days("no_contact_days"),
        first=first,
        last=last,
        today=today,
        zone=zone,
    )
    works = _works(viewer, rules)
    people = _people(viewer, {work.specialist_id for work in works})
    tasks = _overdue_tasks(viewer, [user_id for user_id, *_ in people], today)
    return _Unit(people, works, tasks, rules)


def _works(viewer: Actor, rules: Rules) -> list[Work]:
    """The unit's open stints, and those accepted in the period."""
    last_contact = (
        select(func.max(Activity.happened_at, type_=Instant()))
        .where(Activity.assignment_id == Assignment.id, Activity.made)
        .correlate(Assignment)
        .scalar_subquery()
    )
    accepted_in_period = (Assignment.accepted_at >= start_of_day(rules.first, rules.zone)) & (
        Assignment.accepted_at < end_of_day(rules.last, rules.zone)
    )
    stints: Select[*tuple[Any, ...]] = (
        select(
            Assignment.id,
            Assignment.specialist_id,
            User.name,
            Case.id,
            Case.public_id,
            Case.name,
            Assignment.state,
            Assignment.offered_at,
            Assignment.answer_by,
            Assignment.accepted_at,
            Assignment.first_contact_at,
            Assignment.ended_at,
            last_contact,
        )
        .join(Case, Case.id == Assignment.case_id)
        .join(User, User.id == Assignment.specialist_id)
        .where(
            policies.visible_to(viewer),
            cases.visible_to(viewer),
            or_(Assignment.state.in_(OPEN), accepted_in_period),
        )
    )
    return [Work(*row) for row in db.session.execute(stints)]


def _people(viewer: Actor, working: Collection[int]) -> list[tuple[int, str, str, int | None]]:
    """(id, public id, name, capacity) of the unit's active Family Specialists, and of those who
    left it and stand in its work."""
    of_unit = User.active & (User.role == Role.SPECIALIST) & (User.unit_id == viewer.unit_id)
    return [
        (user_id, public_id, name, capacity if belongs else None)
        for user_id, public_id, name, capacity, belongs in db.session.execute(
            select(User.id, User.public_id, User.name, Specialist.capacity, of_unit)
            .join(Specialist, Specialist.user_id == User.id)
            .where(or_(of_unit, User.id.in_(working)))
            .order_by(func.lower(User.name), User.id)
        ).tuples()
    ]


def _away(user_ids: Collection[int], today: date) -> dict[int, tuple[date, date]]:
    """The absence of each that goes on or comes next."""
    found = db.session.execute(
        select(Away.specialist_id, Away.from_on, Away.until_on)
        .where(Away.specialist_id.in_(user_ids), Away.until_on >= today)
        .order_by(Away.from_on.desc(), Away.id.desc())
    ).tuples()
    return {user_id: (first, last) for user_id, first, last in found}


def _overdue_tasks(viewer: Actor, user_ids: Collection[int], today: date) -> list[OverdueTask]:
    return [
        OverdueTask(*row)
        for row in db.session.execute(
            select(
                Task.id, Task.owner_id, User.name, Case.public_id, Case.name, Task.what, Task.due_on
            )
            .join(Case, Case.id == Task.case_id)
            .join(User, User.id == Task.owner_id)
            .where(
                Task.owner_id.in_(user_ids),
                Task.state == TaskState.OPEN,
                Task.due_on < today,
                cases.visible_to(viewer),
            )
            .order_by(Task.due_on, Task.id)
        ).tuples()
    ]


def _chosen(unit: _Unit, specialist: str | None) -> int | None:
    if specialist is None:
        return None
    for user_id, public_id, *_ in unit.people:
        if public_id == specialist:
            return user_id
    raise Absent


def _name_of(unit: _Unit, user_id: int | None) -> str | None:
    return next((name for one, _, name, _ in unit.people if one == user_id), None)


def _page(rows: Sequence[Row], id_of: Callable[[Row], int], after: str | None) -> Page[Row]:
    """The rows are at hand whole: a page goes on after the row whose id the key names."""
    ids = [id_of(row) for row in rows]
    start = 0
    match read_key(after):
        case (int() as row_id,) if row_id in ids:
            start = ids.index(row_id) + 1
    return page_of(rows[start : start + PAGE_SIZE + 1], lambda row: (id_of(row),))
