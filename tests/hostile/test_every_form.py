"""F-01: whatever stands in any field of any form, it is taken or refused in words, never a failure
on our side. The addresses come from the table of routes, so that no form is forgotten."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from tests.access.conftest import app, app_and_world, world  # noqa: F401 (the same world)
from tests.access.outcomes import Outcome, declared
from tests.access.test_access import LET_IN, Requests
from tests.access.world import World
from tests.browser import Browser
from tests.conftest import Statements

OpenBrowser = Callable[[User | None], Browser]

FIELDS = [
    "label",
    "public_label",
    "code",
    "value",
    "seen",
    "ended_on",
    "number",
    "from_on",
    "until_on",
    "capacity",
    "languages",
    "concerns_not_taken",
    "away",
    "about_name",
    "about_phone",
    "caller",
    "case_number",
    "first_name",
    "language",
    "last_name",
    "line",
    "may_leave_voicemail",
    "organisation",
    "phone",
    "referral",
    "safe_contact_note",
    "case",
    "choice_reason",
    "concerns",
    "go",
    "happened_at",
    "heard_from",
    "how",
    "kind",
    "kinds",
    "link",
    "made",
    "minutes",
    "mode",
    "none_known",
    "note",
    "original",
    "outcome",
    "parents",
    "participants",
    "place",
    "reason",
    "reference",
    "scopes",
    "specialist",
    "starts_at",
    "submission_key",
    "support",
    "share_with_agency",
    "attend_meetings",
    "text",
    "asked_on",
    "version",
    "what",
    "owner",
    "due",
    "due_on",
    "person",
    "provider",
    "action",
    "happened_on",
    "back",
    "email",
    "name",
    "organisation",
    "phone",
    "role",
    "seen_kind",
    "seen_name",
    "title",
    "unit",
]
HOSTILE = {
    "nothing that can be stored": "\x00",
    "half a character": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "a number without end": "9" * 5000,
    "digits of another script": "١٢",
    "text turned round": "\u202egnitirw",
    "an id of nobody": "0" * 20,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "cell", [cell for cell in declared() if cell.method == "POST" and cell.word == "own"], ids=str
)
def test_no_form_fails_whatever_stands_in_its_fields(
    cell: Outcome,
    text: str,
    app: Flask,  # noqa: F811
    world: World,  # noqa: F811
    browser_for: OpenBrowser,
    session: scoped_session[Session],
    statements: Statements,
) -> None:
    browser = browser_for(session.get_one(User, world.users[cell.role]))
    address = Requests(app, browser, cell, statements).address(world.own[cell.role])
    typed = {**dict.fromkeys(FIELDS, text), "csrf_token": browser.token()}
    assert browser.request("POST", address, data=typed).status_code in LET_IN
