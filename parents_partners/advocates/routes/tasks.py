from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.types import Role
from parents_partners.advocates.forms.tasks import AddTaskForm, ChangeTaskForm
from parents_partners.advocates.models import Task
from parents_partners.advocates.queries.tasks import (
    Owner,
    own_tasks,
    owners_of,
    stuck_tasks,
    task_for,
)
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.services import tasks as services
from parents_partners.audit.readings import note_reading_of_family, note_reading_of_list
from parents_partners.cases.models import Case
from parents_partners.cases.queries import case_for
from parents_partners.core.clock import programme_zone
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires

WAYS_BACK = {"today": "advocates.today", "tasks": "advocates.tasks"}
"""Where somebody pressed, and wants to be again; everywhere else it was the family's page."""


@blueprint.get("/tasks")
@requires("task:list", writes=True)
def tasks() -> ResponseReturnValue:
    """A supervisor's own tasks, and what is stuck with others."""
    actor = current_actor()
    today = local_day(g.now, programme_zone())
    after = request.args.get("after")
    own = [] if after else own_tasks(actor)
    page = stuck_tasks(actor, today=today, after=after)
    note_reading_of_list(len(own) + len(page.rows))
    return render_template(
        "advocates/tasks.html",
        own=own,
        page=page,
        today=today,
        next_url=url_for("advocates.tasks", after=page.next_key) if page.next_key else None,
        first_url=url_for("advocates.tasks") if after else None,
    )


@blueprint.get("/families/<public_id:family_id>/tasks/new")
@requires("task:change", writes=True)
def add_task(family_id: str) -> ResponseReturnValue:
    """For who carries the family their own task is chosen, for a supervisor one of theirs."""
    actor = current_actor()
    case = case_for(actor, family_id)
    owners = owners_of(actor, case)
    likely = actor.id if actor.role is Role.SPECIALIST or not owners else owners[0].id
    chosen = next((owner.public_id for owner in owners if owner.id == likely), "")
    return _add_page(case, AddTaskForm(_choices(owners), formdata=None, data={"owner": chosen}))


@blueprint.post("/families/<public_id:family_id>/tasks/new")
@requires("task:change")
def save_new_task(family_id: str) -> ResponseReturnValue:
    actor = current_actor()
    case = case_for(actor, family_id)
    form = AddTaskForm(_choices(owners_of(actor, case)))
    if not form.validate():
        return _add_page(case, form), 422
    try:
        command = form.command(today=local_day(g.now, programme_zone()))
        services.add(case, command, actor=actor, now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _add_page(case, form), 422
    flash("The task is added.", "at-tasks")
    return redirect(url_for("advocates.family", family_id=family_id, _anchor="tasks"), 303)


@blueprint.get("/tasks/<public_id:task_id>")
@requires("task:change", writes=True)
def change_task(task_id: str) -> ResponseReturnValue:
    actor = current_actor()
    task = task_for(actor, task_id)
    form = ChangeTaskForm(
        _choices(owners_of(actor, task.case)),
        formdata=None,
        data={
            "version": str(task.version),
            "what": task.what,
            "owner": task.owner.public_id,
            "due_on": task.due_on.isoformat(),
        },
    )
    return _change_page(task, form)


@blueprint.post("/tasks/<public_id:task_id>")
@requires("task:change")
def save_task(task_id: str) -> ResponseReturnValue:
    actor = current_actor()
    task = task_for(actor, task_id)
    form = ChangeTaskForm(_choices(owners_of(actor, task.case)))
    if not form.validate():
        return _change_page(task, form), 422
    try:
        services.change(task, form.command(), version=form.seen_version(), actor=actor, now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _change_page(task, form), 422
    except AlreadyDone as earlier:
        # Both texts side by side: saving again, knowing it, replaces what the other wrote.
        form.version.data = str(task.version)
        return _change_page(task, form, earlier=earlier), 409
    flash("The task is changed.", "at-tasks")
    return _back(task)


@blueprint.post("/tasks/<public_id:task_id>/done")
@requires("task:change")
def finish_task(task_id: str) -> ResponseReturnValue:
    task = task_for(current_actor(), task_id)
    services.finish(task, actor=current_actor(), now=g.now)
    flash(f"The task is done. {_way_to_reopen()}", "at-tasks")
    return _back(task)


@blueprint.post("/tasks/<public_id:task_id>/drop")
@requires("task:change")
def drop_task(task_id: str) -> ResponseReturnValue:
    task = task_for(current_actor(), task_id)
    services.drop(task, actor=current_actor(), now=g.now)
    flash(f"The task is dropped. {_way_to_reopen()}", "at-tasks")
    return _back(task)


@blueprint.post("/tasks/<public_id:task_id>/reopen")
@requires("task:change")
def reopen_task(task_id: str) -> ResponseReturnValue:
    task = task_for(current_actor(), task_id)
    services.reopen(task, actor=current_actor(), now=g.now)
    flash("The task is open again.", "at-tasks")
    return _back(task)


def _choices(owners: list[Owner]) -> list[tuple[str, str]]:
    """Oneself first."""
    own = current_actor().id
    return [
        (owner.public_id, f"{owner.name} (you)" if owner.id == own else owner.name)
        for owner in sorted(owners, key=lambda owner: owner.id != own)
    ]


def _add_page(case: Case, form: AddTaskForm) -> str:
    note_reading_of_family(case.id)
    return render_template(
        "advocates/add_task.html", case=case, form=form, problems=problems_of(form)
    )


def _change_page(task: Task, form: ChangeTaskForm, *, earlier: AlreadyDone | None = None) -> str:
    note_reading_of_family(task.case_id)
    return render_template(
        "advocates/change_task.html",
        case=task.case,
        task=task,
        form=form,
        earlier=earlier,
        problems=problems_of(form),
    )


def _way_to_reopen() -> str:
    where = "on the family's page" if request.form.get("back") == "tasks" else "below the tasks"
    return f"A wrong press? Open it again {where}."


def _back(task: Task) -> ResponseReturnValue:
    way = WAYS_BACK.get(request.form.get("back", ""))
    if way is not None:
        return redirect(url_for(way, _anchor="tasks"), 303)
    family_id = task.case.public_id
    return redirect(url_for("advocates.family", family_id=family_id, _anchor="tasks"), 303)
