"""What the administrator and the auditor see, and the demonstration's way in."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import COMMAND_LINE, Role
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.core.db import db
from parents_partners.demonstration.people import PEOPLE, load_people
from tests.browser import Browser
from tests.conftest import Statements
from tests.databases import Database, app_on
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_specialist,
    make_unit,
    make_user,
    make_waiting,
)

OpenBrowser = Callable[[User | None], Browser]
DatabaseSession = scoped_session[Session]


def test_the_administrator_finds_everybody_by_name(
    session: DatabaseSession, browser_for: OpenBrowser
) -> None:
    admin = make_user(Role.ADMIN, name="Gordon Ferris", email="gordon@example.org")
    make_user(Role.SPECIALIST, name="محمد الهاشمي", email="m@example.org")
    make_user(Role.REFERRER, name="Ana Ruiz", email="ana@example.org", active=False)
    page = browser_for(admin).open("/")
    assert page.heading == "People"
    assert [(row[0], row[1], row[-1]) for row in page.rows] == [
        ("Ana Ruiz ana@example.org", "Referrer", "Disabled"),
        ("Gordon Ferris gordon@example.org", "Administrator", "Active"),
        ("محمد الهاشمي m@example.org", "Family Specialist", "Active"),
    ]


def test_a_long_list_of_accounts_goes_on_on_the_next_page(
    session: DatabaseSession, browser_for: OpenBrowser
) -> None:
    admin = make_user(Role.ADMIN, name="A first one")
    for number in range(60):
        make_user(Role.REFERRER, name=f"Person {number:03}")
    page = browser_for(admin).open("/accounts")
    assert len(page.rows) == 50
    page = page.follow("Next page")
    assert page.rows[0][0].startswith("Person 049 ")
    assert len(page.rows) == 11
    assert page.follow("First page").rows[0][0].startswith("A first one ")


def test_the_auditor_reads_who_did_what_and_nothing_of_a_family(
    session: DatabaseSession, browser_for: OpenBrowser
) -> None:
    auditor, supervisor = make_user(Role.AUDITOR), make_user(Role.SUPERVISOR, name="Ana Ruiz")
    case = make_family("Quillfeather, Luz", number="S-777777-7")
    record(
        Event.FAMILY_READ, case, actor=supervisor.as_actor(), now=NOW, case_id=case.id, note="words"
    )
    record(Event.OFFER_LAPSED, case, actor=COMMAND_LINE, now=NOW - timedelta(days=1))
    page = browser_for(auditor).open("/")
    assert page.heading == "Audit log"
    assert [row[1:] for row in page.rows] == [
        [
            "Sat, Nov 21, 2026, 10:00 AM",
            "Ana Ruiz read about the family",
            "Supervisor",
            f"case {case.id}",
        ],
        [
            "Fri, Nov 20, 2026, 10:00 AM",
            "The offer was not answered in time",
            "The system",
            f"case {case.id}",
        ],
    ]
    for word in ("Quillfeather", "S-777777-7", "words"):
        assert word not in page


def test_the_auditor_reads_which_list_was_looked_at_and_how_long_it_was(
    session: DatabaseSession, browser_for: OpenBrowser
) -> None:
    supervisor = make_user(Role.SUPERVISOR, name="Ana Ruiz")
    for _ in range(2):
        make_waiting(make_family("Quillfeather, Luz"))
    browser_for(supervisor).open("/triage")
    page = browser_for(make_user(Role.AUDITOR)).open("/audit?kind=families.listed")
    [row] = page.rows
    assert row[2:] == [
        "Ana Ruiz looked at a list of families",
        "Supervisor",
        "triage queue, 2 rows",
    ]


def test_the_auditor_reads_which_list_was_saved_how_long_it_was_and_why(
    session: DatabaseSession, browser_for: OpenBrowser
) -> None:
    unit = make_unit()
    supervisor = make_user(Role.SUPERVISOR, name="Ana Ruiz", unit=unit)
    make_assignment(make_family("Quillfeather, Luz"), make_specialist(unit=unit))
    for user, address in (
        (supervisor, "/families/export"),
        (make_user(Role.ADMIN, name="Gordon Ferris"), "/accounts/export"),
    ):
        browser = browser_for(user)
        sent = {"format": "csv", "reason": "supervision", "csrf_token": browser.token()}
        assert browser.request("POST", address, data=sent).status_code == 200
    page = browser_for(make_user(Role.AUDITOR)).open("/audit?kind=list.exported")
    assert [row[2:] for row in page.rows] == [
        ["Gordon Ferris saved a list as a file", "Administrator", "accounts, 4 rows"],
        ["Ana Ruiz saved a list as a file: Supervision", "Supervisor", "families, 1 row"],
    ]


def test_the_log_can_be_asked_for_one_kind_of_event(
    session: DatabaseSession, browser_for: OpenBrowser
) -> None:
    auditor = make_user(Role.AUDITOR)
    for event in (Event.SIGNED_IN, Event.SIGNED_OUT):
        record(event, auditor, actor=auditor.as_actor(), now=NOW)
    page = browser_for(auditor).open("/audit").form("Apply").fill(kind="Signed out").submit()
    assert [row[2] for row in page.rows] == [f"{auditor.name} signed out"]
    page = page.form("Apply").fill(kind="Added a unit").submit()
    assert page.rows == []
    assert "No events" in page
    assert len(page.follow("Clear filters").rows) == 2
    assert len(page.browser.open("/audit?kind=no.such.kind&after=broken").rows) == 2


def test_a_long_log_goes_on_on_the_next_page_without_repeating_a_row(
    session: DatabaseSession, browser_for: OpenBrowser, statements: Statements
) -> None:
    auditor = make_user(Role.AUDITOR)
    for number in range(110):
        # Several at one instant: the number decides.
        at = NOW - timedelta(minutes=number // 4)
        record(Event.SIGNED_IN, auditor, actor=auditor.as_actor(), now=at)
    browser = browser_for(auditor)
    statements.texts.clear()
    page = browser.open("/audit?kind=account.signed_in")
    asked_for_fifty = len(statements)
    numbers = [row[0] for row in page.rows]
    while "Next page" in page.links:
        statements.texts.clear()
        page = page.follow("Next page")
        numbers += [row[0] for row in page.rows]
    assert len(statements) == asked_for_fifty
    assert len(set(numbers)) == len(numbers) == 110


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("address", "allowed"), [("/accounts", Role.ADMIN), ("/audit", Role.AUDITOR)]
)
def test_nobody_else_opens_these_pages(
    session: DatabaseSession, browser_for: OpenBrowser, role: Role, address: str, allowed: Role
) -> None:
    browser_for(make_user(role)).open(address, status=200 if role is allowed else 403)


@pytest.fixture
def demonstration(database: Database, clock: time_machine.Traveller) -> Iterator[Flask]:
    with app_on(database.fresh("demonstration"), demonstration=True) as app:
        with app.app_context():
            load_people(now=NOW)
            db.session.commit()
        app.extensions["unfinished_work"] = []
        yield app


def test_the_demonstration_lists_its_accounts_and_one_press_signs_in(
    demonstration: Flask,
) -> None:
    page = Browser(demonstration).open("/sign-in")
    assert "This is a demonstration." in page.source
    assert [row[0] for row in page.rows[: len(Role)]] == [role.label for role in Role]
    assert len(page.rows) == len(PEOPLE)
    assert all("together-for-families" in row for row in page.rows)
    page = page.form(f"Sign in as {PEOPLE[-2].name}").submit()
    assert page.heading == "People"


def test_in_the_demonstration_one_signs_in_with_what_the_page_shows(
    demonstration: Flask,
) -> None:
    page = Browser(demonstration).open("/sign-in")
    auditor = PEOPLE[-1]
    page = page.form("Sign in").fill(email=auditor.email, password=auditor.password).submit()
    assert page.heading == "Audit log"
