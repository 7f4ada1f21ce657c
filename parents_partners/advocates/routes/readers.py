from flask import render_template, request
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.queries.readers import readings_of
from parents_partners.advocates.routes import blueprint
from parents_partners.audit.readings import note_reading_of_family
from parents_partners.cases.queries import case_for
from parents_partners.core.permissions import requires


@blueprint.get("/families/<public_id:family_id>/readers")
@requires("family:readers", writes=True)
def readers(family_id: str) -> ResponseReturnValue:
    actor = current_actor()
    case = case_for(actor, family_id)
    page = readings_of(actor, case, after=request.args.get("after"))
    note_reading_of_family(case.id)
    return render_template("advocates/readers.html", case=case, page=page)
