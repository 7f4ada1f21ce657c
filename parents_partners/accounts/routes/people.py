"""Who can sign in, and as what."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts import queries, services
from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.forms import AccountFilterForm, AccountForm
from parents_partners.accounts.hooks import account_looked_at
from parents_partners.accounts.models import User
from parents_partners.accounts.routes import blueprint
from parents_partners.accounts.types import HandedLink
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.permissions import requires
from parents_partners.core.text import phone_e164


@blueprint.get("/accounts")
@requires("account:list")
def accounts() -> ResponseReturnValue:
    form = AccountFilterForm(request.args, organisations=queries.linkable())
    asked = {name: value for name, value in form.data.items() if value}
    page = queries.accounts(form.wanted(), after=request.args.get("after"))
    return render_template("accounts/accounts.html", form=form, asked=asked, page=page)


@blueprint.get("/accounts/new")
@requires("account:invite")
def invite() -> ResponseReturnValue:
    return _invite_page(_form())


@blueprint.post("/accounts/new")
@requires("account:invite")
def save_invitation() -> ResponseReturnValue:
    form = _form()
    try:
        user, link = services.invite(form.command(), actor=current_actor(), now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _invite_page(form), 422
    return _link_page(user, link)


@blueprint.get("/accounts/<public_id:account_id>")
@requires("account:list")
def account(account_id: str) -> ResponseReturnValue:
    user = queries.account_for(account_id)
    known: list[str] = []
    account_looked_at(user, known.append)
    link = queries.latest_link(user)
    return render_template(
        "accounts/account.html",
        user=user,
        is_self=user.id == current_actor().id,
        known=known,
        dial=phone_e164(user.phone) if user.phone else None,
        link=link,
        link_opens=link is not None and link.opens_at(g.now),
    )


@blueprint.get("/accounts/<public_id:account_id>/change")
@requires("account:change")
def change_account(account_id: str) -> ResponseReturnValue:
    user = queries.other_account_for(current_actor(), account_id)
    return _change_page(user, _form(data=_as_typed(user)))


@blueprint.post("/accounts/<public_id:account_id>/change")
@requires("account:change")
def save_account(account_id: str) -> ResponseReturnValue:
    user = queries.other_account_for(current_actor(), account_id)
    form = _form()
    try:
        services.change_account(
            user, form.command(), version=form.seen_version(), actor=current_actor(), now=g.now
        )
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _change_page(user, form), 422
    except AlreadyDone as earlier:
        # Both texts side by side: saving again, knowing it, replaces what the other wrote.
        form.version.data = str(user.version)
        return _change_page(user, form, earlier=earlier), 409
    flash("The account is changed.", "success")
    return _to(user)


@blueprint.post("/accounts/<public_id:account_id>/link")
@requires("account:invite")
def make_link(account_id: str) -> ResponseReturnValue:
    user = queries.other_account_for(current_actor(), account_id)
    return _link_page(user, services.make_link(user, actor=current_actor(), now=g.now))


@blueprint.post("/accounts/<public_id:account_id>/disable")
@requires("account:disable")
def disable_account(account_id: str) -> ResponseReturnValue:
    user = queries.other_account_for(current_actor(), account_id)
    services.disable_user(user, actor=current_actor(), now=g.now)
    flash("The account is disabled, and its sign-ins are ended.", "success")
    return _to(user)


@blueprint.post("/accounts/<public_id:account_id>/enable")
@requires("account:disable")
def enable_account(account_id: str) -> ResponseReturnValue:
    user = queries.other_account_for(current_actor(), account_id)
    services.enable_user(user, actor=current_actor(), now=g.now)
    flash("The account is enabled again, with the password it had.", "success")
    return _to(user)


def _form(**values: object) -> AccountForm:
    return AccountForm(organisations=queries.linkable(), units=queries.unit_names(), **values)


def _as_typed(user: User) -> dict[str, object]:
    return {
        "version": user.version,
        "name": user.name,
        "email": user.email,
        "title": user.title,
        "phone": user.phone,
        "role": user.role.value,
        "organisation": user.organisation.name,
        "unit": user.unit.name if user.unit else "",
    }


def _invite_page(form: AccountForm) -> str:
    return render_template("accounts/invite.html", form=form, problems=problems_of(form))


def _change_page(user: User, form: AccountForm, *, earlier: AlreadyDone | None = None) -> str:
    return render_template(
        "accounts/change_account.html",
        user=user,
        form=form,
        earlier=earlier,
        problems=problems_of(form),
    )


def _link_page(user: User, link: HandedLink) -> str:
    """Not a redirect: the link is on this one answer and nowhere else, not even in a cookie."""
    return render_template(
        "accounts/link.html",
        user=user,
        address=url_for("accounts.invitation", token=link.token, _external=True),
        until=link.until,
    )


def _to(user: User) -> ResponseReturnValue:
    return redirect(url_for("accounts.account", account_id=user.public_id), 303)
