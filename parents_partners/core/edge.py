"""The edge: where a request comes in, is let in or not, and where its one transaction ends.

Services flush, the edge commits: an answer below 400 commits all that the request did, any other
undoes it. (A draft is saved by its own commit: what somebody typed outlives a refusal. And a page
that is given back with a refusal was read, though nothing came of what was sent.)"""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest, HTTPException

from parents_partners.core import clock
from parents_partners.core.db import about_to_write, db
from parents_partners.core.errors import Absent, AlreadyDone, NotPermitted, Refused
from parents_partners.core.hooks import hook
from parents_partners.core.permissions import Permissions, permission_of

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
PAGES = frozenset({400, 403, 404, 409, 413, 422, 429, 500})
GIVEN_BACK = frozenset({409, 422})
"""Refusals of what was sent that show the page again, and all that stood on it."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
IN_EACH_OTHERS_WAY = frozenset({"40001", "40P01"})
"""What PostgreSQL says (SQLSTATE) to the one of two transactions that it ends for the other's sake:
they do not go together, or each waits for the other."""
OWN_SITE = frozenset({"same-origin", "none"})
"""Our own page, or the person themself (a reload, a restored tab)."""


@hook
def page_goes_out() -> None:
    """The answer will show what its view put there: who read it can be written down now, in the
    transaction that ends next. Not called for an answer that shows nothing (403, 404, 500)."""


def init_app(app: Flask) -> None:
    """Call before any extension that asks the database in a `before_request` of its own."""
    app.before_request(_choose_transaction)
    app.before_request(_refuse_other_sites)
    app.after_request(_end_transaction)
    app.after_request(_add_headers)
    app.teardown_request(_forget_transaction)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Absent, lambda _error: _page(404))
    app.register_error_handler(NotPermitted, lambda _error: _page(403))
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(StaleDataError, lambda _error: _overtaken())
    app.register_error_handler(DBAPIError, _database_error)


def permissions() -> Permissions:
    declared: Permissions = current_app.extensions["permissions"]
    return declared


def check_permission() -> ResponseReturnValue | None:
    """The `before_request` that lets a request in. Registered after sign-in is known.

    `g.actor` is whoever is signed in, or None."""
    view = current_app.view_functions.get(request.endpoint or "")
    permission = permission_of(view)
    if view is None or permission is None:
        return None
    if g.actor is None:
        return _ask_to_sign_in()
    if g.actor.role not in permissions().roles(permission):
        raise NotPermitted
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method in SAFE_METHODS:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    # Somebody typed while their sign-in ran out: the page gives all of it back, to send again.
    typed = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    return render_template("errors/signed_out.html", typed=typed), 401


def _choose_transaction() -> None:
    g.now = clock.now()
    view = current_app.view_functions.get(request.endpoint or "")
    writes = getattr(view, "writes", None)
    about_to_write.set(request.method not in SAFE_METHODS if writes is None else bool(writes))


def _refuse_other_sites() -> None:
    """Raise BadRequest for a form that another site's page sent, before anybody is looked up.

    The browser leaves our cookie behind on such a request, so that whoever is signed in looks
    signed out: the page that gives back what was typed would offer the stranger's form to be
    sent again, with a good token, and a new cookie would end the sign-in."""
    if request.method not in SAFE_METHODS and _is_from_another_site():
        raise BadRequest


def _is_from_another_site() -> bool:
    """What the browser says of itself, which no page can change. Neither header: no browser."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in OWN_SITE
    origin = request.headers.get("Origin")
    try:
        return origin is not None and urlsplit(origin).netloc != request.host
    except ValueError:
        return True


def _end_transaction(response: Response) -> Response:
    refused = response.status_code >= 400
    if refused:
        db.session.rollback()
    if not refused or response.status_code in GIVEN_BACK:
        page_goes_out()
        db.session.commit()
    return response


def _forget_transaction(_error: BaseException | None) -> None:
    about_to_write.set(True)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.endpoint != "static" or response.status_code >= 400:
        # A family's page must not lie in the cache of a shared computer.
        headers["Cache-Control"] = "no-store"
    return response


def _page(status: int, **words: Any) -> ResponseReturnValue:
    return render_template(f"errors/{status}.html", **words), status


def _sentences_typed() -> list[str]:
    """What somebody wrote and would have to write again: a code, a day or a token has no blank.
    A password may have one, and is never shown."""
    fields = request.form.items(multi=True)
    texts = (text.strip() for name, text in fields if "password" not in name)
    return [text for text in texts if " " in text or "\n" in text]


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.response is not None or error.code < 400:
        return error
    page = error.code if error.code in PAGES else 400
    return render_template(f"errors/{page}.html"), error.code


def _already_done(error: AlreadyDone) -> ResponseReturnValue:
    return _page(
        409,
        what=error.what,
        by=error.by,
        by_id=error.by_id,
        at=error.at,
        sentences=_sentences_typed(),
    )


def _overtaken() -> ResponseReturnValue:
    """Two wrote at the same moment, and the database let the other go on. Nothing of this one is
    kept; who it was is not known, and trying again will say."""
    db.session.rollback()
    return _page(409, sentences=_sentences_typed())


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    if getattr(error.orig, "sqlstate", None) in IN_EACH_OTHERS_WAY:
        return _overtaken()
    raise error


def _refused(error: Refused) -> ResponseReturnValue:
    """A refusal that no form caught: still in words, never a 500."""
    return _page(422, problems=list(error.problems.values()))
