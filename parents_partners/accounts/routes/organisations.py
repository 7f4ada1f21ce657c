"""Organisations, their kinds, and the spellings under which they are known."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts import queries, services
from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.forms import OrganisationForm, SpellingForm
from parents_partners.accounts.models import Organisation
from parents_partners.accounts.routes import blueprint
from parents_partners.accounts.types import OrganisationKind
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.permissions import requires

SORTED = tuple(kind for kind in OrganisationKind if kind is not OrganisationKind.UNKNOWN)


@blueprint.get("/organisations")
@requires("organisation:list")
def organisations() -> ResponseReturnValue:
    page = queries.organisations(after=request.args.get("after"))
    return render_template("accounts/organisations.html", page=page)


@blueprint.get("/organisations/new")
@requires("organisation:change")
def add_organisation() -> ResponseReturnValue:
    return _new_page(OrganisationForm(SORTED))


@blueprint.post("/organisations/new")
@requires("organisation:change")
def save_new_organisation() -> ResponseReturnValue:
    form = OrganisationForm(SORTED)
    if form.validate():
        wanted = form.command()
        try:
            organisation = services.add_organisation(
                wanted.name, wanted.kind, actor=current_actor(), now=g.now
            )
        except Refused as refusal:
            add_problems(form, refusal.problems)
        else:
            flash("The organisation is added.", "success")
            return _to(organisation)
    return _new_page(form), 422


@blueprint.get("/organisations/<public_id:organisation_id>")
@requires("organisation:list")
def organisation(organisation_id: str) -> ResponseReturnValue:
    found = queries.organisation_for(organisation_id)
    return _page(found, _form(found), _spelling_form(found))


@blueprint.post("/organisations/<public_id:organisation_id>/change")
@requires("organisation:change")
def save_organisation(organisation_id: str) -> ResponseReturnValue:
    found = queries.organisation_for(organisation_id)
    form = OrganisationForm(SORTED)
    if form.validate():
        try:
            services.change_organisation(
                found, form.command(), seen=form.seen(), actor=current_actor(), now=g.now
            )
        except Refused as refusal:
            add_problems(form, refusal.problems)
        except AlreadyDone as earlier:
            form.seen_name.data, form.seen_kind.data = found.name, found.kind.value
            return _page(found, form, _spelling_form(found), earlier=earlier), 409
        else:
            flash("The organisation is changed.", "success")
            return _to(found)
    return _page(found, form, _spelling_form(found)), 422


@blueprint.post("/organisations/<public_id:organisation_id>/link")
@requires("organisation:change")
def link_spelling(organisation_id: str) -> ResponseReturnValue:
    found = queries.organisation_for(organisation_id)
    form = _spelling_form(found)
    if form.validate():
        meant = queries.organisation_for(form.organisation.data)
        try:
            services.link_spelling(found, meant, actor=current_actor(), now=g.now)
        except Refused as refusal:
            add_problems(form, refusal.problems)
        else:
            flash("The spelling is linked. What came under it is the organisation's.", "success")
            return _to(meant)
    return _page(found, _form(found), form), 422


@blueprint.post("/organisations/<public_id:organisation_id>/unlink")
@requires("organisation:change")
def unlink_spelling(organisation_id: str) -> ResponseReturnValue:
    found = queries.organisation_for(organisation_id)
    services.unlink_spelling(found, actor=current_actor(), now=g.now)
    flash("The link is undone. What came under this name is its own again.", "success")
    return _to(found)


def _form(found: Organisation) -> OrganisationForm:
    kind = "" if found.kind is OrganisationKind.UNKNOWN else found.kind.value
    data = {
        "seen_name": found.name,
        "seen_kind": found.kind.value,
        "name": found.name,
        "kind": kind,
    }
    return OrganisationForm(SORTED, formdata=None, data=data)


def _spelling_form(found: Organisation) -> SpellingForm:
    others = [one for one in queries.linkable() if one.public_id != found.public_id]
    return SpellingForm(queries.proposals_for(found), others)


def _new_page(form: OrganisationForm) -> str:
    return render_template("accounts/add_organisation.html", form=form, problems=problems_of(form))


def _page(
    found: Organisation,
    form: OrganisationForm,
    spelling: SpellingForm,
    *,
    earlier: AlreadyDone | None = None,
) -> str:
    return render_template(
        "accounts/organisation.html",
        organisation=found,
        row=queries.organisation_row(found),
        spellings=queries.spelling_names(found),
        likely=queries.proposals_for(found),
        form=form,
        spelling=spelling,
        earlier=earlier,
        problems=[*problems_of(form), *problems_of(spelling)],
    )


def _to(found: Organisation) -> ResponseReturnValue:
    return redirect(url_for("accounts.organisation", organisation_id=found.public_id), 303)
