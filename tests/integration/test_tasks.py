"""What is to be done for a family: whose it can be, by when, and what becomes of it when the
support ends or the consent is taken back (ADV-05)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Task
from parents_partners.advocates.queries.tasks import (
    own_tasks,
    owners_of,
    stuck_tasks,
    tasks_of,
    tasks_today,
)
from parents_partners.advocates.services import tasks
from parents_partners.advocates.services.support import end
from parents_partners.advocates.types import AssignmentState, TaskCommand, TaskState
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.services.conflicts import end_conflict, record_conflict
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.errors import AlreadyDone, Refused
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_family,
    make_filed_referral,
    make_parent,
    make_specialist,
    make_task,
    make_user,
    parents_of,
)

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def specialist():
    return make_specialist()


@pytest.fixture
def supervisor(specialist):
    return make_user(Role.SUPERVISOR, unit=specialist.unit)


@pytest.fixture
def stint(specialist, supervisor):
    return make_assignment(
        specialist=specialist, supervisor=supervisor, state=AssignmentState.IN_CONTACT
    )


@pytest.fixture
def command(specialist):
    return TaskCommand("Ask for the visiting hours", specialist.public_id, TODAY)


def add(stint, command, actor):
    return tasks.add(stint.case, command, actor=actor.as_actor(), now=NOW)


def names(rows):
    return [row.what for row in rows]


def events(session, kind):
    return session.scalars(select(AuditEvent).where(AuditEvent.event == kind)).all()


def test_a_task_can_be_the_specialists_or_their_supervisors(stint, command, specialist, supervisor):
    for owner in (specialist, supervisor):
        task = add(stint, replace(command, owner=owner.public_id), specialist)
        assert (task.owner_id, task.added_by_id, task.state) == (
            owner.id,
            specialist.id,
            TaskState.OPEN,
        )


def test_nobody_else_can_be_given_a_task(stint, command, specialist):
    colleague = make_specialist(unit=specialist.unit)
    other_unit = make_user(Role.SUPERVISOR)
    gone = make_user(Role.SUPERVISOR, unit=specialist.unit, active=False)
    for owner in (colleague, other_unit, gone):
        with pytest.raises(Refused) as refused:
            add(stint, replace(command, owner=owner.public_id), specialist)
        assert list(refused.value.problems) == ["owner"]


def test_whoever_stands_on_the_conflict_list_cannot_be_given_a_task(
    stint, command, specialist, supervisor
):
    record_conflict(
        supervisor.id, actor=specialist.as_actor(), now=NOW, number_key=stint.case.number_key
    )
    with pytest.raises(Refused):
        add(stint, replace(command, owner=supervisor.public_id), specialist)
    assert [owner.id for owner in owners_of(specialist.as_actor(), stint.case)] == [specialist.id]


def test_a_task_of_a_family_that_nobody_has_is_the_supervisors(command):
    supervisor = make_user(Role.SUPERVISOR)
    make_user(Role.SUPERVISOR)
    owners = owners_of(supervisor.as_actor(), make_family())
    assert [owner.id for owner in owners] == [supervisor.id]


def test_today_is_a_day_for_a_task_and_yesterday_is_not(stint, command, specialist):
    add(stint, command, specialist)
    with pytest.raises(Refused) as refused:
        add(stint, replace(command, due_on=TODAY - timedelta(days=1)), specialist)
    assert list(refused.value.problems) == ["due_on"]


def test_the_same_page_sent_twice_adds_one_task(session, stint, command, specialist):
    """Pitfall 2."""
    first = add(stint, command, specialist)
    assert add(stint, command, specialist) is first
    assert len(events(session, Event.TASK_ADDED)) == 1
    tasks.finish(first, actor=specialist.as_actor(), now=NOW)
    again = add(stint, command, specialist)
    assert again is not first, "What is done can be due again."
    assert add(stint, replace(command, due_on=TODAY + timedelta(days=7)), specialist) is not again


def test_a_task_without_words_is_refused(stint, command, specialist):
    with pytest.raises(Refused) as refused:
        add(stint, replace(command, what=""), specialist)
    assert list(refused.value.problems) == ["what"]


def test_a_family_has_only_so_many_open_tasks(stint, command, specialist):
    last = [make_task(stint) for _ in range(tasks.MOST_OPEN)][-1]
    with pytest.raises(Refused, match="open tasks"):
        add(stint, command, specialist)
    tasks.finish(last, actor=specialist.as_actor(), now=NOW)
    add(stint, command, specialist)
    with pytest.raises(Refused, match="open tasks"):
        tasks.reopen(last, actor=specialist.as_actor(), now=NOW)


def test_an_overdue_task_is_changed_without_a_new_day(stint, command, specialist):
    late = TODAY - timedelta(days=2)
    task = make_task(stint, due_on=late)
    changed = replace(command, what="Ask again", due_on=late)
    tasks.change(task, changed, version=task.version, actor=specialist.as_actor(), now=NOW)
    assert (task.what, task.due_on) == ("Ask again", late)


def test_a_stale_change_is_refused_with_who_was_quicker(stint, command, specialist, supervisor):
    task = make_task(stint)
    seen = task.version
    tasks.change(task, command, version=seen, actor=specialist.as_actor(), now=NOW)
    late = replace(command, what="Something else")
    with pytest.raises(AlreadyDone) as already:
        tasks.change(task, late, version=seen, actor=supervisor.as_actor(), now=NOW)
    assert already.value.by == specialist.name
    assert task.what == command.what


def test_a_task_that_was_done_is_not_changed_from_a_page_that_was_opened_later(
    stint, command, specialist
):
    actor = specialist.as_actor()
    task = make_task(stint, what="Call the school")
    tasks.finish(task, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone):
        tasks.change(task, command, version=task.version, actor=actor, now=NOW)
    assert task.what == "Call the school"


def test_what_is_done_or_dropped_is_not_done_again_but_can_be_opened(session, stint, specialist):
    actor = specialist.as_actor()
    for close in (tasks.finish, tasks.drop):
        task = make_task(stint)
        close(task, actor=actor, now=NOW)
        assert (task.closed_at, task.closed_by_id) == (NOW, specialist.id)
        for again in (tasks.finish, tasks.drop):
            with pytest.raises(AlreadyDone):
                again(task, actor=actor, now=NOW)
        tasks.reopen(task, actor=actor, now=NOW)
        assert (task.state, task.closed_at, task.closed_by_id) == (TaskState.OPEN, None, None)
        with pytest.raises(AlreadyDone):
            tasks.reopen(task, actor=actor, now=NOW)
    assert len(events(session, Event.TASK_REOPENED)) == 2


def test_what_stands_in_the_log_of_a_task_is_none_of_its_words(session, stint, command, specialist):
    task = add(stint, command, specialist)
    [event] = events(session, Event.TASK_ADDED)
    assert (event.subject_id, event.case_id, event.detail) == (task.id, stint.case_id, {})


def test_a_hand_over_passes_the_open_tasks_on(session, stint, specialist, supervisor):
    successor = make_specialist()
    done, open_one, theirs = (
        make_task(stint, state=TaskState.DONE, closed_at=NOW, closed_by_id=specialist.id),
        make_task(stint),
        make_task(stint, owner_id=supervisor.id),
    )
    moved = tasks.pass_on(stint.case, specialist, successor, actor=supervisor.as_actor(), now=NOW)
    assert moved == 1
    assert [task.owner_id for task in (done, open_one, theirs)] == [
        specialist.id,
        successor.id,
        supervisor.id,
    ]
    assert [event.subject_id for event in events(session, Event.TASK_CHANGED)] == [open_one.id]


def test_after_an_ordinary_end_a_task_is_nobodys_until_a_supervisor_sees_to_it(
    stint, specialist, supervisor
):
    task = make_task(stint)
    viewer = supervisor.as_actor()
    assert [row.owned for row in tasks_of(stint.case, now=NOW)] == [True]
    assert stuck_tasks(viewer, today=TODAY).rows == []
    end(stint, "moved_away", actor=specialist.as_actor(), now=NOW)
    assert [row.owned for row in tasks_of(stint.case, now=NOW)] == [False]
    [row] = stuck_tasks(viewer, today=TODAY).rows
    assert row.public_id == task.public_id
    taken = TaskCommand(task.what, supervisor.public_id, task.due_on)
    tasks.change(task, taken, version=task.version, actor=viewer, now=NOW)
    assert stuck_tasks(viewer, today=TODAY).rows == []
    assert [row.public_id for row in own_tasks(viewer)] == [task.public_id]


def test_a_task_of_somebody_who_is_kept_out_of_the_family_is_nobodys(session, stint, supervisor):
    """They see it no more, on no list: without this it would wait unseen until it is overdue."""
    other = make_user(Role.SUPERVISOR, unit=supervisor.unit)
    task = make_task(stint, owner_id=other.id)
    actor = supervisor.as_actor()
    assert stuck_tasks(actor, today=TODAY).rows == []
    entry = record_conflict(other.id, actor=actor, now=NOW, case=stint.case)
    assert own_tasks(other.as_actor()) == []
    assert [row.owned for row in tasks_of(stint.case, now=NOW)] == [False]
    assert [row.public_id for row in stuck_tasks(actor, today=TODAY).rows] == [task.public_id]
    end_conflict(entry, actor=actor, now=NOW)
    assert stuck_tasks(actor, today=TODAY).rows == []


@pytest.mark.parametrize("known_by", ["the family", "a referral of it"])
def test_a_task_of_somebody_who_is_kept_out_by_a_number_is_nobodys(session, supervisor, known_by):
    referral = make_filed_referral(supervisor=supervisor)
    family = referral.case
    stint = make_assignment(family, make_specialist(unit=supervisor.unit), supervisor=supervisor)
    family.number_key, referral.number_key = "S0111111", "S0222222"
    number = family.number_key if known_by == "the family" else referral.number_key
    other = make_user(Role.SUPERVISOR, unit=supervisor.unit)
    task = make_task(stint, owner_id=other.id)
    actor = supervisor.as_actor()
    record_conflict(other.id, actor=actor, now=NOW, number_key=number)
    assert own_tasks(other.as_actor()) == []
    assert [row.public_id for row in stuck_tasks(actor, today=TODAY).rows] == [task.public_id]


def test_with_the_last_consent_the_specialists_tasks_are_dropped_and_no_others(
    session, stint, specialist, supervisor
):
    """ADV-05: contact stops, and what was meant to be done with it."""
    dropped, kept = make_task(stint), make_task(stint, owner_id=supervisor.id)
    [parent] = parents_of(stint.case)
    actor = supervisor.as_actor()
    withdraw_consents(stint.case, parent, [ConsentScope.SUPPORT], actor=actor, now=NOW)
    assert dropped.state is TaskState.OPEN  # contact about meetings goes on
    withdraw_consents(stint.case, parent, list(ConsentScope), actor=actor, now=NOW)
    session.refresh(dropped)
    assert (dropped.state, dropped.closed_by_id) == (TaskState.DROPPED, supervisor.id)
    assert kept.state is TaskState.OPEN
    assert [event.subject_id for event in events(session, Event.TASK_DROPPED)] == [dropped.id]


def test_tasks_stay_while_the_specialist_supports_the_other_parent_apart(specialist, supervisor):
    case = make_family()
    [mother] = parents_of(case)
    father = make_parent(case, "José")
    people = {"specialist": specialist, "supervisor": supervisor}
    stint = make_assignment(case, parents=[mother], **people)
    make_assignment(case, parents=[father], **people)
    task = make_task(stint)
    actor = supervisor.as_actor()
    withdraw_consents(case, mother, list(ConsentScope), actor=actor, now=NOW)
    assert task.state is TaskState.OPEN


def test_today_has_what_presses_first_and_what_lies_far_ahead_not_yet(stint, specialist):
    for what, days in (("later", 14), ("too far", 15), ("overdue", -3), ("today", 0)):
        make_task(stint, what=what, due_on=TODAY + timedelta(days=days))
    done = make_task(stint, what="done", due_on=TODAY)
    make_task(
        stint,
        what="done yesterday",
        state=TaskState.DONE,
        closed_at=NOW - timedelta(days=1),
        closed_by_id=specialist.id,
    )
    tasks.finish(done, actor=specialist.as_actor(), now=NOW)
    rows = tasks_today(specialist.as_actor(), [stint.case_id], now=NOW)
    assert names(rows) == ["overdue", "today", "later", "done"]


def test_a_supervisor_sees_what_is_overdue_in_their_unit_and_nowhere_else(stint, supervisor):
    make_task(stint, what="late", due_on=TODAY - timedelta(days=1))
    make_task(stint, what="due today", due_on=TODAY)
    make_task(make_assignment(), what="of another unit", due_on=TODAY - timedelta(days=1))
    assert names(stuck_tasks(supervisor.as_actor(), today=TODAY).rows) == ["late"]


def test_what_is_stuck_is_paged_without_losing_or_repeating_any(session, stint, supervisor):
    for number in range(5):
        make_task(stint, what=str(number), due_on=TODAY - timedelta(days=1 + number % 2))
    viewer, seen, after = supervisor.as_actor(), [], None
    while True:
        page = stuck_tasks(viewer, today=TODAY, after=after, size=2)
        seen += names(page.rows)
        if (after := page.next_key) is None:
            break
    assert sorted(seen) == ["0", "1", "2", "3", "4"]
    assert session.scalar(select(func.count()).select_from(Task)) == 5
