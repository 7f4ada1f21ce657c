"""The main navigation: every entry names a page, and is shown to those who may open it."""

from dataclasses import dataclass

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.core.edge import permissions
from parents_partners.core.permissions import permission_of, requires

blueprint = Blueprint("home", __name__)

ENTRIES = (
    ("Today", "advocates.today"),
    ("Caseload", "advocates.caseload"),
    ("Triage", "advocates.triage_queue"),
    ("Families", "advocates.families"),
    ("Workload", "advocates.workload"),
    ("Tasks", "advocates.tasks"),
    ("Calls", "intake.calls"),
    ("Drafts", "intake.drafts"),
    ("Referrals", "referrals.referrals"),
    ("Search", "advocates.search"),
    ("Specialists", "advocates.specialists"),
    ("My profile", "advocates.profile"),
    ("People", "accounts.accounts"),
    ("Organisations", "accounts.organisations"),
    ("Units", "accounts.units"),
    ("Conflict list", "cases.conflicts"),
    ("Lists and settings", "reference.lists"),
    ("Audit log", "audit.events"),
)


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class SignedIn:
    """Whose page this is; `role` in words."""

    name: str
    role: str


def signed_in() -> SignedIn | None:
    actor = g.get("actor")
    return SignedIn(actor.name, actor.role.label) if actor else None


def entries() -> list[Entry]:
    """What the signed-in person's role may open, in order."""
    actor = g.get("actor")
    if actor is None:
        return []
    return [
        Entry(label, url_for(endpoint), request.endpoint == endpoint)
        for label, endpoint in ENTRIES
        if actor.role in permissions().roles(_permission_of(endpoint))
    ]


def _permission_of(endpoint: str) -> str:
    return permission_of(current_app.view_functions[endpoint]) or ""


@blueprint.get("/")
@requires("home:open")
def landing() -> ResponseReturnValue:
    """The first page of one's role: the first that the navigation offers."""
    return redirect(entries()[0].url)
