from flask.typing import ResponseReturnValue

from parents_partners.accounts.exports import ACCOUNTS, accounts_sheet
from parents_partners.accounts.routes import blueprint
from parents_partners.audit import exports
from parents_partners.core.permissions import requires


@blueprint.get("/accounts/export")
@requires("account:export")
def export_accounts() -> ResponseReturnValue:
    return exports.ask(ACCOUNTS)


@blueprint.post("/accounts/export")
@requires("account:export")
def save_accounts() -> ResponseReturnValue:
    return exports.save(ACCOUNTS, accounts_sheet)
