"""What is to be done for a family, by whom and by when."""

from datetime import datetime

from sqlalchemy import func, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.advocates.lifecycle import CARRIED
from parents_partners.advocates.models import Assignment, Task
from parents_partners.advocates.queries.tasks import owners_of
from parents_partners.advocates.services.transitions import overtaken
from parents_partners.advocates.types import TaskCommand, TaskState
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case
from parents_partners.cases.services.consents import hold_case
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.local_time import local_day

MOST_OPEN = 50
"""Open tasks of one family. More is no list that anybody works through."""


def add(case: Case, command: TaskCommand, *, actor: Actor, now: datetime) -> Task:
    """The same again, while it is open, gives the task that is there: a second press (pitfall 2).
    Raises Refused for an owner who may not see the family, a day that is over, or where the
    family has too many open tasks."""
    hold_case(case.id)
    owner = _judge(case, None, command, actor=actor, now=now)
    for known in _open_of(case.id, owner):
        if (known.what, known.due_on) == (command.what, command.due_on):
            return known
    _refuse_too_many(case)
    task = Task(
        case_id=case.id,
        owner_id=owner,
        what=command.what,
        due_on=command.due_on,
        added_at=now,
        added_by_id=actor.id,
    )
    db.session.add(task)
    db.session.flush()
    _write_down(Event.TASK_ADDED, task, actor=actor, now=now)
    db.session.flush()
    return task


def change(task: Task, command: TaskCommand, *, version: int, actor: Actor, now: datetime) -> None:
    """`version` is what the person had before them. Raises AlreadyDone if somebody changed, did or
    dropped it since, else Refused as `add` does; a day that stays may be over."""
    _hold(task)
    if task.state is not TaskState.OPEN or task.version != version:
        raise _overtaken(task)
    owner = _judge(task.case, task, command, actor=actor, now=now)
    task.owner_id = owner
    task.what = command.what
    task.due_on = command.due_on
    _write_down(Event.TASK_CHANGED, task, actor=actor, now=now)
    db.session.flush()


def finish(task: Task, *, actor: Actor, now: datetime) -> None:
    """It is done. Raises AlreadyDone if it was done or dropped before."""
    _hold(task)
    _close(task, TaskState.DONE, Event.TASK_DONE, actor=actor, now=now)


def drop(task: Task, *, actor: Actor, now: datetime) -> None:
    """It need not be done any more. Raises AlreadyDone if it was done or dropped before."""
    _hold(task)
    _close(task, TaskState.DROPPED, Event.TASK_DROPPED, actor=actor, now=now)


def reopen(task: Task, *, actor: Actor, now: datetime) -> None:
    """A wrong press is taken back, or it turned out not to be done. Raises AlreadyDone if it is
    open, Refused where the family has too many open tasks."""
    _hold(task)
    if task.state is TaskState.OPEN:
        raise _overtaken(task)
    _refuse_too_many(task.case)
    task.state = TaskState.OPEN
    task.closed_at = task.closed_by_id = None
    _write_down(Event.TASK_REOPENED, task, actor=actor, now=now)
    db.session.flush()


def pass_on(case: Case, from_user: User, to_user: User, *, actor: Actor, now: datetime) -> int:
    """Give what is open of one colleague's tasks with this family to another, as part of a
    hand-over. Gives how many."""
    hold_case(case.id)
    tasks = _open_of(case.id, from_user.id)
    for task in tasks:
        task.owner_id = to_user.id
        _write_down(Event.TASK_CHANGED, task, actor=actor, now=now)
    db.session.flush()
    return len(tasks)


def drop_of_stopped_support(stopped: Assignment, *, actor: Actor, now: datetime) -> None:
    """ADV-05: contact stops with the consent, and so does what the specialist meant to do, unless
    another stint of theirs with this family goes on."""
    carried = select(Assignment.id).where(
        Assignment.case_id == stopped.case_id,
        Assignment.specialist_id == stopped.specialist_id,
        Assignment.state.in_(CARRIED),
    )
    if db.session.scalar(carried.limit(1)) is not None:
        return
    for task in _open_of(stopped.case_id, stopped.specialist_id):
        _close(task, TaskState.DROPPED, Event.TASK_DROPPED, actor=actor, now=now)


def _hold(task: Task) -> None:
    """Hold the case, then look again: somebody may have changed it while we waited."""
    hold_case(task.case_id)
    db.session.refresh(task)


def _judge(
    case: Case, known: Task | None, command: TaskCommand, *, actor: Actor, now: datetime
) -> int:
    """The owner's id. Raises Refused for all that is wrong at once."""
    problems = {}
    if not command.what:
        problems["what"] = "Write what is to be done."
    owners = {owner.public_id: owner.id for owner in owners_of(actor, case)}
    if command.owner not in owners:
        problems["owner"] = "Choose who does it: somebody who works with this family."
    stays = known is not None and known.due_on == command.due_on
    if not stays and command.due_on < local_day(now, programme_zone()):
        problems["due_on"] = "This day is over. Give today or a later day."
    if problems:
        raise Refused(problems)
    return owners[command.owner]


def _refuse_too_many(case: Case) -> None:
    open_ones = db.session.scalar(
        select(func.count()).where(Task.case_id == case.id, Task.state == TaskState.OPEN)
    )
    if (open_ones or 0) >= MOST_OPEN:
        raise Refused(f"This family has {MOST_OPEN} open tasks. Finish or drop some of them first.")


def _open_of(case_id: int, owner_id: int) -> list[Task]:
    return list(
        db.session.scalars(
            select(Task)
            .where(
                Task.case_id == case_id,
                Task.owner_id == owner_id,
                Task.state == TaskState.OPEN,
            )
            .order_by(Task.id)
            .execution_options(populate_existing=True)
        )
    )


def _close(task: Task, state: TaskState, event: Event, *, actor: Actor, now: datetime) -> None:
    if task.state is not TaskState.OPEN:
        raise _overtaken(task)
    task.state = state
    task.closed_at = now
    task.closed_by_id = actor.id
    _write_down(event, task, actor=actor, now=now)
    db.session.flush()


def _overtaken(task: Task) -> AlreadyDone:
    what = {
        TaskState.OPEN: "This task was changed, or opened again.",
        TaskState.DONE: "This task is done.",
        TaskState.DROPPED: "This task was dropped.",
    }
    return overtaken(
        what[task.state],
        case_id=task.case_id,
        subject=Task.__tablename__,
        subject_id=task.id,
    )


def _write_down(event: Event, task: Task, *, actor: Actor, now: datetime) -> None:
    audit.record(event, task, actor=actor, now=now, case_id=task.case_id)
