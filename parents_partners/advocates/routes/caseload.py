from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.queries.caseload import caseload_of
from parents_partners.advocates.routes import blueprint
from parents_partners.audit.readings import note_reading_of_list
from parents_partners.core.permissions import requires
from parents_partners.core.reference import labels_of_lists


@blueprint.get("/caseload")
@requires("caseload:read", writes=True)
def caseload() -> ResponseReturnValue:
    """The families one carries, one line each."""
    after = request.args.get("after")
    page = caseload_of(current_actor(), now=g.now, after=after)
    note_reading_of_list(len(page.rows))
    return render_template(
        "advocates/caseload.html",
        page=page,
        labels=labels_of_lists("conference_kind", "language"),
        next_url=url_for("advocates.caseload", after=page.next_key) if page.next_key else None,
        first_url=url_for("advocates.caseload") if after else None,
    )
