"""One call: what was noted, what came of it, and calling back."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.audit.readings import note_reading_of_call
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.forms import FieldProblem, add_problems, number_in, problems_of
from parents_partners.core.permissions import requires
from parents_partners.core.reference import labels_of
from parents_partners.core.text import phone_e164
from parents_partners.intake import services
from parents_partners.intake.forms.call import ChangeCallForm
from parents_partners.intake.models import Call
from parents_partners.intake.queries import calls as queries
from parents_partners.intake.routes import blueprint
from parents_partners.intake.routes.calls import always_in_sight
from parents_partners.intake.routes.drafts import account_of
from parents_partners.intake.types import STEPS, CallBackOutcome, StaleCall

TOLD = {
    CallBackOutcome.REACHED: "Good. The call-back is done with.",
    CallBackOutcome.NOBODY_ANSWERED: "Noted. The call-back stays due.",
    CallBackOutcome.NO_LONGER_WANTED: "Noted. The call-back is done with.",
}


@blueprint.get("/calls/<public_id:call_id>")
@requires("call:take", writes=True)
def call(call_id: str) -> ResponseReturnValue:
    found = queries.call_for(current_actor(), call_id)
    noted = {"kind": found.kind.value, "note": _note(found), "phone": found.phone}
    form = ChangeCallForm(formdata=None, data=noted)
    form.version.data = str(found.version)
    return _page(found, form)


@blueprint.post("/calls/<public_id:call_id>")
@requires("call:take")
def change_call(call_id: str) -> ResponseReturnValue:
    actor = current_actor()
    found = queries.call_for(actor, call_id)
    form = ChangeCallForm()
    if not form.validate():
        return _page(found, form), 422
    try:
        services.change_call(found, form.command(), actor=actor, now=g.now)
    except Refused as refused:
        db.session.refresh(found)
        add_problems(form, refused.problems)
        return _page(found, form), 422
    except StaleCall as stale:
        form.version.data = str(found.version)
        return _page(found, form, stale), 409
    flash("The change is noted.", "success")
    if found.call_back_on is None and found.taken_by_id != actor.id:
        # No call-back any more: from now on it is the page of whoever took the call.
        return redirect(url_for("intake.calls"), 303)
    return redirect(url_for("intake.call", call_id=call_id), 303)


@blueprint.post("/calls/<public_id:call_id>/call-back")
@requires("call:take")
def call_back(call_id: str) -> ResponseReturnValue:
    actor = current_actor()
    found = queries.call_for(actor, call_id)
    outcome = request.form.get("outcome")
    if outcome not in set(CallBackOutcome):
        raise Refused("Say what came of calling back.")
    tries = number_in(request.form.get("tries"))
    services.record_call_back(found, CallBackOutcome(outcome), tries=tries, actor=actor, now=g.now)
    flash(TOLD[CallBackOutcome(outcome)], "success")
    return redirect(url_for("intake.calls"), 303)


@blueprint.post("/calls/<public_id:call_id>/referral")
@requires("call:take")
def start_from_call(call_id: str) -> ResponseReturnValue:
    actor = current_actor()
    found = queries.call_for(actor, call_id)
    draft_id = services.start_referral(found, account_of(actor.id), actor=actor, now=g.now)
    return redirect(url_for("intake.step", draft_id=draft_id, section=STEPS[0]), 303)


def _note(found: Call) -> str:
    return found.note.text if found.note else ""


def _page(found: Call, form: ChangeCallForm, stale: StaleCall | None = None) -> str:
    referral = found.referral
    note_reading_of_call(
        found.id,
        case_id=referral.case_id if referral else None,
        referral_id=referral.id if referral else None,
    )
    changed = "Somebody changed this call in the meantime. Look at both, and save what shall stand."
    problems = [FieldProblem(None, changed)] if stale else problems_of(form)
    return render_template(
        "intake/call.html",
        call=found,
        name_of_caller=" ".join(filter(None, (found.first_name, found.last_name))),
        dial=phone_e164(found.phone or ""),
        became=queries.what_became_of(current_actor(), found),
        form=form,
        problems=problems,
        stale=stale,
        outcomes=list(CallBackOutcome),
        languages=labels_of("language"),
        **always_in_sight(),
    )
