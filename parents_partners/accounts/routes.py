from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from parents_partners.accounts import queries
from parents_partners.core.permissions import requires

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/accounts")
@requires("account:list")
def accounts() -> ResponseReturnValue:
    after = request.args.get("after")
    return render_template("accounts/accounts.html", page=queries.accounts(after=after))
