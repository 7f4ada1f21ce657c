"""Who must not see which family. The pages ask no reason and say none (ADV-01)."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.types import Role
from parents_partners.audit.readings import note_reading_of_family, note_reading_of_list
from parents_partners.cases.forms import KeepMeOutForm, KeepOutByNumberForm, KeepOutForm
from parents_partners.cases.models import Case
from parents_partners.cases.queries import case_for
from parents_partners.cases.queries import conflicts as queries
from parents_partners.cases.routes import blueprint
from parents_partners.cases.services import conflicts as services
from parents_partners.core.errors import Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.permissions import requires


@blueprint.get("/conflicts")
@requires("conflict:keep", writes=True)
def conflicts() -> ResponseReturnValue:
    return _list_page(KeepOutByNumberForm(queries.colleagues()))


@blueprint.post("/conflicts")
@requires("conflict:keep")
def keep_out_by_number() -> ResponseReturnValue:
    form = KeepOutByNumberForm(queries.colleagues())
    if not form.validate():
        return _list_page(form), 422
    try:
        services.keep_out_by_number(
            queries.colleague(form.person.data),
            form.number.data or "",
            actor=current_actor(),
            now=g.now,
        )
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _list_page(form), 422
    flash("The entry is in force. The family is closed to them from now on.", "success")
    return redirect(url_for("cases.conflicts"), 303)


@blueprint.post("/conflicts/<public_id:conflict_id>/end")
@requires("conflict:keep")
def end_conflict(conflict_id: str) -> ResponseReturnValue:
    conflict = queries.conflict_for(current_actor(), conflict_id)
    services.end_conflict(conflict, actor=current_actor(), now=g.now)
    flash("The entry is ended. It stays on record.", "success")
    return redirect(url_for("cases.conflicts"), 303)


@blueprint.get("/families/<public_id:family_id>/conflicts")
@requires("conflict:keep_for_family", writes=True)
def family_conflicts(family_id: str) -> ResponseReturnValue:
    case = case_for(current_actor(), family_id)
    return _family_page(case, KeepOutForm(queries.colleagues()))


@blueprint.post("/families/<public_id:family_id>/conflicts")
@requires("conflict:keep_for_family")
def keep_out(family_id: str) -> ResponseReturnValue:
    actor = current_actor()
    case = case_for(actor, family_id)
    form = KeepOutForm(queries.colleagues())
    if not form.validate():
        return _family_page(case, form), 422
    user = queries.colleague(form.person.data)
    services.record_conflict(user.id, actor=actor, now=g.now, case=case)
    flash(f"The family is closed to {user.name} from now on.", "success")
    if user.id == actor.id:
        return redirect(url_for("home.landing"), 303)
    return redirect(url_for("cases.family_conflicts", family_id=family_id), 303)


@blueprint.get("/keep-me-out")
@requires("conflict:keep_oneself")
def keep_me_out() -> ResponseReturnValue:
    return _own_page(KeepMeOutForm())


@blueprint.post("/keep-me-out")
@requires("conflict:keep_oneself")
def save_keep_me_out() -> ResponseReturnValue:
    form = KeepMeOutForm()
    form.validate()
    try:
        services.keep_oneself_out(form.number.data or "", actor=current_actor(), now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _own_page(form), 422
    # The same words whether there is such a family or not: nobody finds out by trying.
    flash("Done. If there is a family with this case number, it is closed to you.", "success")
    return redirect(url_for("advocates.profile"), 303)


def _list_page(form: KeepOutByNumberForm) -> str:
    actor = current_actor()
    page = queries.conflicts(actor, after=request.args.get("after"))
    note_reading_of_list(sum(row.family is not None for row in page.rows))
    return render_template(
        "cases/conflicts.html",
        page=page,
        form=form,
        supervises=actor.role is Role.SUPERVISOR,
        problems=problems_of(form),
    )


def _family_page(case: Case, form: KeepOutForm) -> str:
    actor = current_actor()
    note_reading_of_family(case.id)
    return render_template(
        "cases/family_conflicts.html",
        case=case,
        entries=queries.conflicts_of_family(actor, case),
        carriers=queries.kept_out_carriers(actor, case),
        form=form,
        problems=problems_of(form),
    )


def _own_page(form: KeepMeOutForm) -> str:
    return render_template("cases/keep_me_out.html", form=form, problems=problems_of(form))
