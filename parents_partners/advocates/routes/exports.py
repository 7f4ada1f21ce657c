from flask import g
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.exports import CASELOAD, FAMILIES, caseload_sheet, families_sheet
from parents_partners.advocates.routes import blueprint
from parents_partners.audit import exports
from parents_partners.core.permissions import requires


@blueprint.get("/caseload/export")
@requires("caseload:export")
def export_caseload() -> ResponseReturnValue:
    return exports.ask(CASELOAD)


@blueprint.post("/caseload/export")
@requires("caseload:export")
def save_caseload() -> ResponseReturnValue:
    return exports.save(CASELOAD, lambda: caseload_sheet(current_actor(), now=g.now))


@blueprint.get("/families/export")
@requires("family:export")
def export_families() -> ResponseReturnValue:
    return exports.ask(FAMILIES)


@blueprint.post("/families/export")
@requires("family:export")
def save_families() -> ResponseReturnValue:
    return exports.save(FAMILIES, lambda: families_sheet(current_actor()))
