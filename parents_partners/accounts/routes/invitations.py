"""The page of a link with which somebody chooses their password. Whoever has the link is let in."""

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts import passwords, queries, services
from parents_partners.accounts.forms import PasswordForm
from parents_partners.accounts.guesses import limit_guesses, network_address
from parents_partners.accounts.models import User
from parents_partners.accounts.routes import blueprint
from parents_partners.core.db import about_to_write, db
from parents_partners.core.errors import Absent
from parents_partners.core.forms import problems_of
from parents_partners.core.permissions import public


def _opened_nothing(response: Response) -> bool:
    return response.status_code == 404


guesses_limited = limit_guesses("invitations", by=network_address, in_vain=_opened_nothing)


@blueprint.get("/invitations/<link_token:token>")
@public
@guesses_limited
def invitation(token: str) -> ResponseReturnValue:
    try:
        user = queries.user_of_link(token, now=g.now)
    except Absent:
        return _dead_link()
    return _page(token, user, _form(user))


@blueprint.post("/invitations/<link_token:token>")
@public
@guesses_limited
def choose_password(token: str) -> ResponseReturnValue:
    try:
        user = queries.user_of_link(token, now=g.now)
        form = _form(user)
        if not form.validate():
            return _page(token, user, form), 422
        kept = passwords.hashed(form.password.data or "")
        # Only now is anything written: a stranger's guess never holds the write lock, nor does
        # the tenth of a second that a hash takes.
        db.session.commit()
        about_to_write.set(True)
        services.choose_password(token, kept, now=g.now)
    except Absent:
        return _dead_link()
    flash("Your password is kept. Sign in with it.", "success")
    return redirect(url_for("security.login"), 303)


# Its transaction begins as a reading one, see above. `@requires` would say so, but nobody is signed
# in; and functions are not typed to carry marks.
choose_password.writes = False  # type: ignore[attr-defined]


def _form(user: User) -> PasswordForm:
    return PasswordForm(known=(user.name, user.email))


def _page(token: str, user: User, form: PasswordForm) -> str:
    return render_template(
        "accounts/invitation.html",
        token=token,
        user=user,
        form=form,
        problems=problems_of(form),
    )


def _dead_link() -> ResponseReturnValue:
    """One answer for a link that was used, is too old, was replaced, or never was: nobody learns
    which."""
    return render_template("accounts/dead_link.html"), 404
