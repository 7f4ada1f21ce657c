"""Sign-in with Flask-Security: passwords hashed with argon2, guesses limited, no self-registration.

Of Flask-Security's views two are used, sign-in and sign-out; create_app refuses to start if an
update brings a third."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_security import (
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    uia_email_mapper,
    user_authenticated,
)
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from parents_partners.accounts.actor import SignedIn, signed_in
from parents_partners.accounts.forms import LONGEST_ADDRESS, WRONG, SignInForm
from parents_partners.accounts.guesses import limit_guesses, network_address
from parents_partners.accounts.models import User
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.core.db import about_to_write, db
from parents_partners.core.permissions import public
from parents_partners.core.text import clean

security = Security()


def init_app(app: Flask) -> None:
    app.config.update(
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="home.landing",
        SECURITY_POST_LOGOUT_VIEW="security.login",
        SECURITY_LOGIN_USER_TEMPLATE="accounts/sign_in.html",
        # Its commands would change accounts, and nothing of it would be on record.
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (a method's name, no password)
        # argon2 salts every password itself; no second, global salt that could be lost.
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(WRONG, "error"),
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_SEND_REGISTER_EMAIL=False,
        # No page asks for the password again; this takes its view away.
        SECURITY_FRESHNESS=timedelta(seconds=-1),
        # Its words are not ours.
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_STATIC_FOLDER=None,
    )
    security.init_app(
        app,
        SQLAlchemyUserDatastore(db, User, RoleMixin),
        login_form=SignInForm,
        render_template=_render,
    )
    # Flask-Login adds its manager to the app, of which the app's type knows nothing.
    app.login_manager.user_loader(signed_in)  # type: ignore[attr-defined]
    # A session is the only way in: no token in an address or a header, no answers in JSON.
    app.login_manager.request_loader(_nobody)  # type: ignore[attr-defined]
    security.want_json(lambda _request: False)

    limited = limit_guesses("sign-in", by=_whom_from_where, in_vain=_was_refused)
    view: Any = public(limited(_only_own_pages(app.view_functions["security.login"])))
    # The hash is compared before anything is written: nobody's guess may hold the write lock.
    view.writes = False
    app.view_functions["security.login"] = view
    public(app.view_functions["security.logout"])

    user_authenticated.connect(_record_sign_in, app)
    user_logged_out.connect(_record_sign_out, app)


def _nobody(_request: object) -> None:
    return None


def _render(template: str, **context: Any) -> ResponseReturnValue:
    """A refused sign-in answers 422, like every refused form."""
    context["refused"] = WRONG if request.method == "POST" else None
    if current_app.config["DEMONSTRATION"]:
        context["first_accounts"], context["other_accounts"] = current_app.config[
            "DEMONSTRATION_ACCOUNTS"
        ]
    return render_template(template, **context), 422 if context["refused"] else 200


def _whom_from_where() -> str | None:
    """One e-mail address from one network address. The address as the account is looked for, or
    each other spelling of it would have guesses of its own."""
    if request.method != "POST":
        return None
    typed = clean(request.form.get("email", "")[: 2 * LONGEST_ADDRESS])
    address = uia_email_mapper(typed) or typed[:LONGEST_ADDRESS]
    return f"{address.lower()} {network_address()}"


def _was_refused(response: Response) -> bool:
    return response.status_code == 422


def _only_own_pages(view: Any) -> Any:
    """Sign-in that afterwards leads to a page of ours or to nowhere (S-11)."""

    def sign_in() -> ResponseReturnValue:
        if request.is_json:
            abort(400)
        wanted = request.form.get("next") or request.args.get("next")
        if wanted and not leads_to_a_page(wanted):
            return redirect(url_for("security.login"), 303)
        return make_response(view())

    return sign_in


def leads_to_a_page(address: str) -> bool:
    """Whether this is the path of a page of ours, and of nobody else's: what only looks like a
    path (`//host`, `/\\host`, a line break) is not."""
    if not address.startswith("/") or address.startswith("//"):
        return False
    if "\\" in address or not address.isprintable():
        return False
    try:
        path = urlsplit(address).path
        current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect, ValueError):
        return False
    return True


def _record_sign_in(_app: Flask, user: User, **_more: object) -> None:
    db.session.commit()
    about_to_write.set(True)
    record(Event.SIGNED_IN, user, actor=user.as_actor(), now=g.now)


def _record_sign_out(_app: Flask, user: SignedIn, **_more: object) -> None:
    account = db.session.get_one(User, user.actor.id)
    record(Event.SIGNED_OUT, account, actor=user.actor, now=g.now)
    flash("You have signed out.", "success")
