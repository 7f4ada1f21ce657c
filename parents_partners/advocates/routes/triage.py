"""The queue of what waits for a supervisor."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.triage import (
    QueueFilterForm,
)
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE
from parents_partners.advocates.queries import queue, triage
from parents_partners.advocates.queries.stints import support_for
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.routes.deciding import today
from parents_partners.advocates.services import routing
from parents_partners.advocates.types import AssignmentAction
from parents_partners.audit.readings import note_reading_of_list
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of
from parents_partners.referrals.queries.messages import waiting_messages


@blueprint.get("/triage")
@requires("triage:read", writes=True)
def triage_queue() -> ResponseReturnValue:
    actor = current_actor()
    form = QueueFilterForm(
        request.args,
        languages=choices_of("language", today=today()),
        organisations=triage.organisations_in_queue(),
    )
    asked = {name: value for name, value in form.data.items() if value}
    page = queue.triage_queue(actor, form.wanted(), now=g.now, after=request.args.get("after"))
    overdue = triage.overdue_offers(actor, now=g.now)
    waiting = waiting_messages(actor)
    note_reading_of_list(len(page.rows) + len(overdue) + len(waiting))
    return render_template(
        "advocates/triage_queue.html",
        helpline_messages=waiting,
        form=form,
        asked=asked,
        page=page,
        measure=triage.first_contact_measure(actor, now=g.now),
        overdue=overdue,
    )


@blueprint.post("/triage/offers/<public_id:assignment_id>/take-back")
@requires(ASSIGNMENT_LIFECYCLE.permission(AssignmentAction.TAKE_BACK))
def triage_take_back(assignment_id: str) -> ResponseReturnValue:
    assignment = support_for(current_actor(), assignment_id)
    routing.take_back(assignment, actor=current_actor(), now=g.now)
    flash("The offer is taken back. Its parents are in the queue again.", "success")
    return redirect(url_for("advocates.triage_queue"), 303)
