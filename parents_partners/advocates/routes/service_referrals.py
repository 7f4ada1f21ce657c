from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.service_referrals import OfferServiceForm, ServiceStepForm
from parents_partners.advocates.models import Assignment, ServiceReferral
from parents_partners.advocates.queries.service_referrals import (
    ServiceRow,
    service_for,
    service_row,
)
from parents_partners.advocates.queries.stints import own_stint, parents_of_stints
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.service_lifecycle import FOLLOW, SERVICE_LIFECYCLE
from parents_partners.advocates.services import service_referrals as services
from parents_partners.advocates.types import ServiceAction
from parents_partners.audit.readings import note_reading_of_family
from parents_partners.cases.models import Case
from parents_partners.cases.queries import case_for, consents_in_force
from parents_partners.cases.types import ConsentScope
from parents_partners.core.clock import programme_zone
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of, labels_of_lists


@blueprint.get("/families/<public_id:family_id>/services/new")
@requires("service:offer", writes=True)
def offer_service(family_id: str) -> ResponseReturnValue:
    """A service that a parent needs, from the moment it is offered."""
    case, stint = _carried(family_id)
    parents = _parents(case, stint)
    form = OfferServiceForm(
        parents,
        _kinds(),
        formdata=None,
        data={
            "happened_on": local_day(g.now, programme_zone()).isoformat(),
            "person": parents[0][0] if len(parents) == 1 else None,
        },
    )
    return _offer_page(case, form)


@blueprint.post("/families/<public_id:family_id>/services/new")
@requires("service:offer")
def save_service(family_id: str) -> ResponseReturnValue:
    case, stint = _carried(family_id)
    form = OfferServiceForm(_parents(case, stint), _kinds())
    if not form.validate():
        return _offer_page(case, form), 422
    try:
        services.offer(stint, form.command(), actor=current_actor(), now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _offer_page(case, form), 422
    flash("The service is on the list. Note here what becomes of it.", "at-services")
    return _back_to_family(case)


@blueprint.get("/services/<public_id:service_id>")
@requires(FOLLOW, writes=True)
def service(service_id: str) -> ResponseReturnValue:
    """One referral to a service: how far it has come, and what may follow; `step` is what was
    pressed on the way here, and is chosen already."""
    one = service_for(current_actor(), service_id)
    form = ServiceStepForm(
        _actions(one),
        _reasons(),
        formdata=None,
        data={
            "version": str(one.version),
            "action": request.args.get("step"),
            "provider": one.provider,
            "happened_on": local_day(g.now, programme_zone()).isoformat(),
        },
    )
    return _service_page(one, form)


@blueprint.post("/services/<public_id:service_id>")
@requires(FOLLOW)
def go_on_with_service(service_id: str) -> ResponseReturnValue:
    """The next step; without a day it is today, as one press on the family's page has it."""
    actor = current_actor()
    one = service_for(actor, service_id)
    form = ServiceStepForm(list(ServiceAction), _reasons())
    if not form.validate():
        return _service_page(one, form), 422
    command = form.command(today=local_day(g.now, programme_zone()))
    try:
        services.go_on(one, command, version=form.seen_version(), actor=actor, now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _service_page(one, form), 422
    except AlreadyDone as earlier:
        form.version.data = str(one.version)
        return _service_page(one, form, earlier=earlier), 409
    news = one.state.label.lower() if command.action else "you asked, and nothing is new"
    flash(f"Noted: {news}.", "at-services")
    return _back_to_family(one.case)


def _carried(family_id: str) -> tuple[Case, Assignment]:
    actor = current_actor()
    case = case_for(actor, family_id)
    return case, own_stint(actor, case)


def _parents(case: Case, stint: Assignment) -> list[tuple[str, str]]:
    """The parents of the stint whose consent to support is in force (ADV-05)."""
    given = consents_in_force(case.id)
    return [
        (parent.public_id, parent.name)
        for parent in parents_of_stints([stint.id]).get(stint.id, ())
        if ConsentScope.SUPPORT in given.get(parent.id, frozenset())
    ]


def _kinds() -> list[tuple[str, str]]:
    return choices_of("service_kind", today=local_day(g.now, programme_zone()))


def _reasons() -> list[tuple[str, str]]:
    """A withdrawal is recorded as what it is, not chosen here."""
    return [
        (code, label)
        for code, label in choices_of(
            "service_fell_through", today=local_day(g.now, programme_zone())
        )
        if code != services.CONSENT_WITHDRAWN
    ]


def _actions(one: ServiceReferral) -> list[ServiceAction]:
    return [
        ServiceAction(transition.action) for transition in SERVICE_LIFECYCLE.actions_from(one.state)
    ]


def _offer_page(case: Case, form: OfferServiceForm) -> str:
    note_reading_of_family(case.id)
    return render_template(
        "advocates/offer_service.html", case=case, form=form, problems=problems_of(form)
    )


def _service_page(
    one: ServiceReferral, form: ServiceStepForm, *, earlier: AlreadyDone | None = None
) -> str:
    note_reading_of_family(one.case_id)
    row: ServiceRow = service_row(one)
    form.offer(_actions(one))
    return render_template(
        "advocates/service.html",
        case=one.case,
        service=row,
        form=form,
        earlier=earlier,
        labels=labels_of_lists("service_kind", "service_fell_through"),
        problems=problems_of(form),
    )


def _back_to_family(case: Case) -> ResponseReturnValue:
    return redirect(url_for("advocates.family", family_id=case.public_id, _anchor="services"), 303)
