from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from parents_partners.audit import queries
from parents_partners.audit.forms import EventsForm
from parents_partners.audit.sentences import sentence
from parents_partners.core.permissions import requires

blueprint = Blueprint("audit", __name__)


@blueprint.get("/audit")
@requires("audit:read")
def events() -> ResponseReturnValue:
    form = EventsForm(request.args)
    page = queries.events(kind=form.chosen, after=request.args.get("after"))
    return render_template(
        "audit/events.html", form=form, page=page, sentence=sentence, kind=form.chosen
    )
