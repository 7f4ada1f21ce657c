"""The decision about a filed family with parents who have no specialist."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.triage import (
    FamilyOfferForm,
)
from parents_partners.advocates.queries import triage
from parents_partners.advocates.queries.suggestions import (
    suggestions_for_case,
)
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.routes.deciding import (
    UPDATE,
    answer_to,
    attempt,
    tell_if_overtaken,
    tell_offered,
    today,
)
from parents_partners.advocates.services import routing
from parents_partners.audit.readings import note_reading_of_family
from parents_partners.cases.models import Case
from parents_partners.cases.queries import case_for, conferences_of, members_of
from parents_partners.core.errors import Absent
from parents_partners.core.forms import problems_of
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of, labels_of
from parents_partners.referrals.queries.messages import messages_of_case


@blueprint.get("/triage/families/<public_id:family_id>")
@requires("triage:read", writes=True)
def triage_family(family_id: str) -> ResponseReturnValue:
    case = _family(family_id)
    return _family_page(case, _family_form(case))


@blueprint.post("/triage/families/<public_id:family_id>")
@requires("assignment:offer")
def triage_family_offer(family_id: str) -> ResponseReturnValue:
    case = _family(family_id)
    form = _family_form(case)
    if request.form.get("go") == UPDATE:
        return _family_page(case, form)
    if not form.validate():
        return _family_page(case, form), 422
    refused = attempt(
        form,
        lambda: tell_offered(
            None, routing.offer_waiting(case, form.command(), actor=current_actor(), now=g.now)
        ),
    )
    address = url_for("advocates.triage_family", family_id=family_id)
    return answer_to(
        refused,
        form,
        address,
        lambda: _family_page(case, form),
        names_shown=lambda: note_reading_of_family(case.id),
    )


def _family(family_id: str) -> Case:
    actor = current_actor()
    try:
        return case_for(actor, family_id)
    except Absent:
        tell_if_overtaken(triage.offered_meanwhile(actor, family_id))
        raise


def _family_form(case: Case) -> FamilyOfferForm:
    form = FamilyOfferForm(
        concerns=choices_of("concern", today=today()),
        parents=[(parent.public_id, parent.name) for parent in triage.waiting_in(case)],
    )
    if request.method == "GET":
        form.concerns.data = triage.concerns_of(case)
        form.none_known.data = case.concerns_ticked_at is not None and not form.concerns.data
        form.tick_all_parents()
        form.version.data = str(case.version)
    form.know(suggestions_for_case(current_actor(), case, concerns=form.ticked(), now=g.now))
    return form


def _family_page(case: Case, form: FamilyOfferForm) -> str:
    note_reading_of_family(case.id)
    return render_template(
        "advocates/triage_family.html",
        helpline_messages=messages_of_case(current_actor(), case.id),
        case=case,
        members=members_of(case, today=today()),
        waiting={parent.public_id: parent for parent in triage.waiting_in(case)},
        earlier=triage.earlier_offers_of(case),
        conferences=[
            conference
            for conference in conferences_of(case)
            if not conference.cancelled and conference.starts_at > g.now
        ],
        labels={"conference_kind": labels_of("conference_kind")},
        form=form,
        problems=problems_of(form),
    )
