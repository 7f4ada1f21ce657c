"""Units, and who answers for them."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts import queries, services
from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.forms import UnitForm
from parents_partners.accounts.models import Unit
from parents_partners.accounts.routes import blueprint
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.permissions import requires


@blueprint.get("/units")
@requires("unit:list")
def units() -> ResponseReturnValue:
    return render_template("accounts/units.html", units=queries.units())


@blueprint.get("/units/new")
@requires("unit:change")
def add_unit() -> ResponseReturnValue:
    return _page(None, UnitForm())


@blueprint.post("/units/new")
@requires("unit:change")
def save_new_unit() -> ResponseReturnValue:
    form = UnitForm()
    try:
        services.add_unit(form.name.data or "", actor=current_actor(), now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _page(None, form), 422
    flash("The unit is added. Give it a supervisor: invite one, or change an account.", "success")
    return redirect(url_for("accounts.units"), 303)


@blueprint.get("/units/<public_id:unit_id>/change")
@requires("unit:change")
def change_unit(unit_id: str) -> ResponseReturnValue:
    unit = queries.unit_for(unit_id)
    return _page(unit, UnitForm(data={"seen_name": unit.name, "name": unit.name}))


@blueprint.post("/units/<public_id:unit_id>/change")
@requires("unit:change")
def save_unit(unit_id: str) -> ResponseReturnValue:
    unit = queries.unit_for(unit_id)
    form = UnitForm()
    try:
        services.rename_unit(
            unit,
            form.name.data or "",
            seen=form.seen_name.data or "",
            actor=current_actor(),
            now=g.now,
        )
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _page(unit, form), 422
    except AlreadyDone as earlier:
        form.seen_name.data = unit.name
        return _page(unit, form, earlier=earlier), 409
    flash("The unit is renamed.", "success")
    return redirect(url_for("accounts.units"), 303)


def _page(unit: Unit | None, form: UnitForm, *, earlier: AlreadyDone | None = None) -> str:
    return render_template(
        "accounts/unit.html", unit=unit, form=form, earlier=earlier, problems=problems_of(form)
    )
