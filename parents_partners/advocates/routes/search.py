from flask import render_template, request
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.types import Role
from parents_partners.advocates.forms.search import SearchForm
from parents_partners.advocates.queries.search import Results
from parents_partners.advocates.queries.search import search as found_by
from parents_partners.advocates.routes import blueprint
from parents_partners.audit.readings import note_search
from parents_partners.core.forms import problems_of
from parents_partners.core.permissions import requires
from parents_partners.core.reference import setting


@blueprint.get("/search")
@requires("family:search")
def search() -> ResponseReturnValue:
    return _page(SearchForm(formdata=None))


@blueprint.post("/search")
@requires("family:search")
def search_for() -> ResponseReturnValue:
    """Answers with the page itself: what somebody searched for would stand in the address that a
    redirect leads to, in the browser's history and in the logs on the way (security.md, rule 4)."""
    form = SearchForm(request.form)
    if not form.validate():
        return _page(form), 422
    results = found_by(current_actor(), form.words.data or "")
    note_search(len(results))
    return _page(form, results)


def _page(form: SearchForm, results: Results | None = None) -> str:
    role = current_actor().role
    return render_template(
        "advocates/search.html",
        form=form,
        results=results,
        problems=problems_of(form),
        role=role,
        # Helpline staff search with the caller on the phone: in sight as beside a call.
        register_phone=setting("scr_phone") if role is Role.HELPLINE else None,
    )
