"""S-03: a form that is sent with every column of every table as a further field stores what the
same form stores without them. Nobody files a referral, moves an organisation or signs for somebody
else by adding a field. Compared on SQLite, which counts on from the same number after what was
undone; PostgreSQL does not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Boolean, Integer
from sqlalchemy.orm import Session, scoped_session
from werkzeug.exceptions import HTTPException

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.audit.types import READINGS
from parents_partners.core.db import Base, db
from tests.access.conftest import app, app_and_world, world  # noqa: F401 (the same world)
from tests.access.outcomes import Outcome, declared
from tests.access.test_access import Requests
from tests.access.world import World
from tests.browser import Browser, Form, Page
from tests.conftest import Statements

Database = scoped_session[Session]
OpenBrowser = Callable[[User | None], Browser]
Rows = dict[str, list[dict[str, Any]]]

RANDOM = {
    "token",
    "public_id",
    "submission_key",
    "token_hash",
    "draft_key",
    "fs_uniquifier",
    "password",
}
"""Different with every request, whatever was sent."""

PREFIXES = ("", "{table}.", "{table}-", "{table}-0-", "{table}[0].")
"""The ways in which a form could name a column of a table."""

TYPED = {
    "number": "S-888888-1",
    "words": "Marte",
    "reference": "PP-2026-000001",
    "happened_at": "2026-11-21T09:00",
    "starts_at": "2026-12-11T10:00",
    "happened_on": "2026-11-21",
    "asked_on": "2026-11-21",
    "due_on": "2026-11-28",
    "from_on": "2026-12-01",
    "until_on": "2026-12-03",
    "ended_on": "2026-12-01",
    "capacity": "7",
    "email": "new@example.org",
    "phone": "(347) 555-0144",
    "code": "something_new",
}
"""What stands in a field of this name; in any other text a few words."""


@cache
def posts() -> list[Outcome]:
    """Every route that takes a form, by the first role that may send it."""
    cells = [one for one in declared() if one.method == "POST" and one.word != "no"]
    return list({one.endpoint: one for one in reversed(cells)}.values())[::-1]


FORMS: dict[tuple[int, str, str], tuple[str, str]] = {}
"""World (each engine has its own), role and endpoint -> the page on which that role finds its form,
and the form's button. Filled once, by looking at every page."""

PRESSED = {
    "intake.save_call": "Save the call",
    "advocates.triage_offer": "File and offer",
    "advocates.triage_family_offer": "Offer",
}
"""Where the first button of the form only looks something up."""

OTHER_STATE = "its button comes with a state that nothing of the world is in"
OWN_VIEW = "the page sends it by script, from the form of another route, or after another answer"
NO_FORM = {
    "accounts.enable_account": OTHER_STATE,
    "accounts.link_spelling": OTHER_STATE,
    "accounts.unlink_spelling": OTHER_STATE,
    "advocates.reopen_task": OTHER_STATE,
    "advocates.save_reopening": OTHER_STATE,
    "advocates.take_back_likeness": OTHER_STATE,
    "advocates.triage_take_back": OTHER_STATE,
    "cases.save_consents": OTHER_STATE,
    "intake.start_from_call": OTHER_STATE,
    "referrals.answer": OTHER_STATE,
    "reference.take_back_end": OTHER_STATE,
    "intake.autosave": OWN_VIEW,
    "intake.submit": OWN_VIEW,
    "advocates.save_activity_draft": OWN_VIEW,
}
"""Endpoint -> why no page of the world has its form."""

ONLY_READ = "it gives a file or a list: what is stored is that somebody read it"
REFUSED = "the first of everything is no good answer to it"
AS_IT_IS = "the form comes with what is stored already, and nothing is changed"
STORES_NOTHING = {
    "accounts.save_accounts": ONLY_READ,
    "audit.save_events": ONLY_READ,
    "referrals.save_referrals": ONLY_READ,
    "advocates.save_caseload": ONLY_READ,
    "advocates.save_families": ONLY_READ,
    "advocates.search_for": ONLY_READ,
    "advocates.hand_over_save_request": REFUSED,
    "advocates.triage_offer": REFUSED,
    "advocates.triage_family_offer": REFUSED,
    "advocates.save_profile": REFUSED,
    "advocates.save_specialist": REFUSED,
    "cases.save_new_conference": REFUSED,
    "cases.save_conference": REFUSED,
    "accounts.save_organisation": AS_IT_IS,
    "accounts.save_unit": AS_IT_IS,
    "reference.reword_entry": AS_IT_IS,
    "reference.change_setting": AS_IT_IS,
}
"""Endpoint -> why its form, filled in like this, stores nothing. It still has to store nothing with
the further fields."""

ASKED_ELSEWHERE = {
    "advocates.go_on_with_service": {"provider", "happened_on", "reason"},
    "advocates.say_of_family": {"of", "position", "person_id", "said"},
}
"""Endpoint -> fields that another form of the same route has: no further ones."""


@pytest.mark.parametrize("cell", posts(), ids=lambda cell: cell.endpoint)
def test_fields_that_no_form_has_change_nothing(
    cell: Outcome,
    app: Flask,  # noqa: F811 (the fixture that is imported above)
    world: World,  # noqa: F811 (the same)
    browser_for: OpenBrowser,
    session: Database,
    statements: Statements,
) -> None:
    browser = browser_for(session.get_one(User, world.users[cell.role]))
    form = form_of(cell, app, world, browser, statements)
    assert (form is None) == (cell.endpoint in NO_FORM)
    if form is None:
        return
    filled(form)
    before = deeds()
    with undone():
        plain = send(browser, form, {})
        clean = deeds()
    with undone():
        further = further_fields(form, ASKED_ELSEWHERE.get(cell.endpoint, set()))
        stuffed_answer = send(browser, form, further)
        stuffed = deeds()
    assert (clean == before) == (cell.endpoint in STORES_NOTHING), plain
    assert stuffed_answer == plain
    assert stuffed == clean


def form_of(
    cell: Outcome, product: Flask, ours: World, browser: Browser, statements: Statements
) -> Form | None:
    """The form that leads to this route, on whatever page of this role has it."""
    if not any(key[:2] == (id(ours), cell.role) for key in FORMS):
        look_at_every_page(cell.role, product, ours, browser, statements)
    place = FORMS.get((id(ours), cell.role, cell.endpoint))
    return browser.open(place[0]).form(place[1]) if place else None


def look_at_every_page(
    role: Role, product: Flask, ours: World, browser: Browser, statements: Statements
) -> None:
    for other in declared():
        if other.method == "GET" and other.role is role and other.word != "no":
            address = Requests(product, browser, other, statements).address(ours.own[role])
            page = browser.open(address)
            for button, form in forms_of(page):
                if endpoint := endpoint_of(product, form):
                    FORMS.setdefault(
                        (id(ours), role, endpoint), (address, PRESSED.get(endpoint, button))
                    )


def forms_of(page: Page) -> Iterator[tuple[str, Form]]:
    """Each form of the page, by its first button."""
    for button in dict.fromkeys(page.buttons):
        try:
            yield button, page.form(button)
        except AssertionError:
            continue  # a button outside a form


def endpoint_of(product: Flask, form: Form) -> str | None:
    adapter = product.url_map.bind("programme.example.org")
    try:
        return str(adapter.match(urlsplit(form.target).path, method="POST")[0])
    except HTTPException:
        return None  # a form that asks by GET


def filled(form: Form) -> None:
    """Fill it in as somebody would who chooses the first of everything."""
    for control in form.controls:
        name, kind = control.get("name", ""), control.get("type", control.tag)
        if form.values.get(name) or kind == "hidden":
            continue
        if kind in ("radio", "checkbox"):
            form.values.setlist(name, [control.get("value", "on")])
        elif control.tag == "select":
            values = [option.get("value", "") for option in control.iter("option")]
            form.values.setlist(name, [value for value in values if value][:1])
        else:
            form.values.setlist(name, [TYPED.get(name, "A few words")])


def further_fields(form: Form, known: set[str]) -> dict[str, str]:
    """Every column of every model by its name, with a value that it could hold, but for the names
    that the form has itself."""
    values: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            number = isinstance(column.type, Integer | Boolean)
            for prefix in PREFIXES:
                name = prefix.format(table=table.name) + column.name
                if name not in {*form.values, *form.fields, *known}:
                    values[name] = "1" if number else "filed"
    return values


def send(browser: Browser, form: Form, more: dict[str, str]) -> int:
    values = form.values.copy()
    values.update(more)
    if form.button.get("name"):
        values.setlist(form.button.get("name", ""), [form.button.get("value", "")])
    return browser.request("POST", form.target, data=values).status_code


def deeds() -> Rows:
    """All rows of all tables, but for what is random, and for who read what."""
    db.session.expire_all()
    return {
        table.name: sorted(
            (
                {name: value for name, value in row._mapping.items() if name not in RANDOM}
                for row in db.session.execute(table.select())
                if table.name != "audit_event" or row.event not in READINGS
            ),
            key=repr,
        )
        for table in Base.metadata.sorted_tables
    }


@contextmanager
def undone() -> Iterator[None]:
    inside = db.engines[None].begin_nested()
    try:
        yield
    finally:
        inside.rollback()
        db.session.expire_all()
