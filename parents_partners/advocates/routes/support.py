from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.support import EndForm, ReopenForm
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE
from parents_partners.advocates.models import Assignment
from parents_partners.advocates.queries.service_referrals import services_of
from parents_partners.advocates.queries.stints import (
    author_of_draft,
    parents_of_stints,
    parents_without_support,
    support_for,
)
from parents_partners.advocates.queries.tasks import tasks_of
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.services import support
from parents_partners.advocates.services.handing_over import HANDED_OVER
from parents_partners.advocates.types import AssignmentAction, TaskState
from parents_partners.audit.readings import note_reading_of_family
from parents_partners.cases.models import Case
from parents_partners.cases.queries import (
    case_for,
    conferences_of,
    consents_of,
    parent_in,
)
from parents_partners.core.clock import programme_zone
from parents_partners.core.errors import Absent, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of, labels_of_lists

END = ASSIGNMENT_LIFECYCLE.permission(AssignmentAction.END)


@blueprint.get("/support/<public_id:assignment_id>/end")
@requires(END, writes=True)
def end_support(assignment_id: str) -> ResponseReturnValue:
    """What is still open, and how the support ended."""
    return _end_page(support_for(current_actor(), assignment_id), EndForm(_outcomes()))


@blueprint.post("/support/<public_id:assignment_id>/end")
@requires(END)
def save_end_of_support(assignment_id: str) -> ResponseReturnValue:
    actor = current_actor()
    assignment = support_for(actor, assignment_id)
    form = EndForm(_outcomes())
    if not form.validate():
        return _end_page(assignment, form), 422
    support.end(assignment, form.outcome.data, actor=actor, now=g.now)
    flash("The support has ended. What was done stays on record.", "success")
    return redirect(_family_or_home(assignment.case), 303)


@blueprint.get("/families/<public_id:family_id>/reopen")
@requires("assignment:reopen", writes=True)
def reopen_support(family_id: str) -> ResponseReturnValue:
    """Whose support can begin again."""
    case = case_for(current_actor(), family_id)
    return _reopen_page(case, ReopenForm(_may_reopen(case)))


@blueprint.post("/families/<public_id:family_id>/reopen")
@requires("assignment:reopen")
def save_reopening(family_id: str) -> ResponseReturnValue:
    actor = current_actor()
    case = case_for(actor, family_id)
    form = ReopenForm(_may_reopen(case))
    if not form.validate():
        return _reopen_page(case, form), 422
    try:
        persons = [parent_in(case, public_id) for public_id in form.parents.data or ()]
        support.reopen(case, persons, actor=actor, now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _reopen_page(case, form), 422
    flash("The support is reopened. The parents are in the triage queue.", "success")
    return redirect(url_for("advocates.family", family_id=family_id), 303)


def _outcomes() -> list[tuple[str, str]]:
    """A withdrawal and a hand-over are recorded as what they are, not chosen here."""
    today = local_day(g.now, programme_zone())
    return [
        (code, label)
        for code, label in choices_of("outcome", today=today)
        if code not in (support.CONSENT_WITHDRAWN, HANDED_OVER)
    ]


def _end_page(assignment: Assignment, form: EndForm) -> str:
    case = assignment.case
    parents = parents_of_stints([assignment.id]).get(assignment.id, ())
    unconfirmed = {
        row.person_id
        for row in consents_of(case)
        if row.withdrawn_at is None and row.confirmed_at is None
    }
    note_reading_of_family(case.id)
    return render_template(
        "advocates/end_support.html",
        assignment=assignment,
        case=case,
        parents=parents,
        author_of_draft=author_of_draft(assignment),
        unconfirmed=[parent for parent in parents if parent.id in unconfirmed],
        upcoming=[
            row for row in conferences_of(case) if not row.cancelled and row.starts_at >= g.now
        ],
        tasks=[
            row
            for row in tasks_of(case, now=g.now)
            if row.state is TaskState.OPEN and row.owner_id == assignment.specialist_id
        ],
        services=[
            row
            for row in services_of(case)
            if row.is_open and row.person_id in {parent.id for parent in parents}
        ],
        labels=labels_of_lists("conference_kind", "service_kind"),
        form=form,
        problems=problems_of(form),
    )


def _may_reopen(case: Case) -> list[tuple[str, str]]:
    return [(parent.public_id, parent.name) for parent in parents_without_support(case)]


def _reopen_page(case: Case, form: ReopenForm) -> str:
    note_reading_of_family(case.id)
    return render_template(
        "advocates/reopen_support.html", case=case, form=form, problems=problems_of(form)
    )


def _family_or_home(case: Case) -> str:
    """Who no longer carries the family does not see its page."""
    try:
        case_for(current_actor(), case.public_id)
    except Absent:
        return url_for("home.landing")
    return url_for("advocates.family", family_id=case.public_id)
