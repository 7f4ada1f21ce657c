"""The main navigation: every entry names a page, and is shown to those who may open it."""

from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue

from parents_partners.accounts.types import Role
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
    """Whose page this is; `role` in words. `id` is for comparing, never shown."""

    id: int
    name: str
    role: str


def signed_in() -> SignedIn | None:
    actor = g.get("actor")
    return SignedIn(actor.id, actor.name, actor.role.label) if actor else None


def entries() -> list[Entry]:
    """What the signed-in person's role may open, in order."""
    actor = g.get("actor")
    if actor is None:
        return []
    root = request.script_root
    # The app itself: what is kept by it would else be kept by the proxy that stands for every app.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy's own
    return [
        Entry(label, root + path, request.endpoint == endpoint)
        for label, endpoint, path in _places(app, actor.role)
    ]


@lru_cache(maxsize=64)
def _places(app: Flask, role: Role) -> list[tuple[str, str, str]]:
    """Label, endpoint and path: the same for everybody of a role, as long as the program runs."""
    return [
        (label, endpoint, app.url_map.bind("").build(endpoint))
        for label, endpoint in ENTRIES
        if role in permissions().roles(permission_of(app.view_functions[endpoint]) or "")
    ]


@blueprint.get("/")
@requires("home:open")
def landing() -> ResponseReturnValue:
    """The first page of one's role: the first that the navigation offers."""
    return redirect(entries()[0].url)
