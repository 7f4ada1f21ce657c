from flask import render_template, request
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.queries.families import families_of
from parents_partners.advocates.routes import blueprint
from parents_partners.audit.readings import note_reading_of_list
from parents_partners.core.permissions import requires


@blueprint.get("/families")
@requires("family:list", writes=True)
def families() -> ResponseReturnValue:
    page = families_of(current_actor(), after=request.args.get("after"))
    note_reading_of_list(len(page.rows))
    return render_template("advocates/families.html", page=page)
