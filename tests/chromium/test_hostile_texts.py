"""S-13: forty payloads in every field that somebody types, on every page that shows it: nothing of
them runs, nothing of them becomes a part of the page, and the text is shown as it was typed."""

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterator
from itertools import chain, cycle
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import Enum, String, Table, Text, cast, literal, select, update
from werkzeug.serving import make_server

from parents_partners.accounts.types import Role
from parents_partners.core import clock
from parents_partners.core.db import Base, db
from parents_partners.demonstration.load import load
from parents_partners.demonstration.people import one_per_role
from parents_partners.referrals.models import Submission
from tests.chromium.conftest import DESK, Watch
from tests.chromium.every_page import pages_reachable_from
from tests.databases import Database, app_on
from tests.hostile.payloads import ALL_AT_ONCE, PAYLOADS

MADE_BY_US = {
    "public_id", "reference", "sender_key", "external_id", "submission_key", "body_hash",
    "name_key", "number_key", "phone_e164", "value", "fs_uniquifier", "password", "token_hash",
    "draft_key", "event", "actor_role", "subject", "list_name", "code", "wording_version",
}  # fmt: skip
CODES = {
    "conference.kind", "referral_conference.kind", "concern.code", "professional.capacity",
    "referral.decline_reason", "referral.language", "assignment.decline_reason",
    "assignment.outcome", "person.preferred_language", "service_referral.kind",
    "service_referral.fell_through_reason", "hand_over.decline_reason", "call.language",
}  # fmt: skip
CHECKED_WHEN_TYPED = {"user.email", "person.email", "professional.email", "conference.link"}
"""What cannot hold such a text: an address, a link, which are refused in the form."""


def typed_columns() -> list[tuple[Table, str]]:
    """Every text that a person types. A new column is one, unless it is named above."""
    return [
        (table, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String)
        and not isinstance(column.type, Enum)
        and column.name not in MADE_BY_US
        and f"{table.name}.{column.name}" not in CODES | CHECKED_WHEN_TYPED
        and table.name not in ("setting", "audit_event")
    ]


BEGINNING = re.compile(r"\[([a-z_]+\.[a-z_.]+)\]")
MARKED = re.compile(r"\[([a-z_]+\.[a-z_.]+)\] (.*?) \[end of \1\]")
AS_TYPED = {ALL_AT_ONCE, *PAYLOADS}


def mark(field: str, text: str = ALL_AT_ONCE) -> str:
    return f"[{field}] {text} [end of {field}]"


@pytest.fixture(scope="module")
def hostile_app(database: Database) -> Iterator[Flask]:
    """The demonstration, all that anybody typed in it replaced. On SQLite, which does not mind how
    long a text is."""
    with app_on(database.fresh("hostile"), demonstration=True) as app:
        with app.app_context():
            load(now=clock.now())
            for table, column in typed_columns():
                filled = table.c[column].is_not(None)
                text = mark(f"{table.name}.{column}")
                value = (
                    literal(text + " ") + cast(table.c.id, Text) if unique(table, column) else text
                )
                db.session.execute(update(table).where(filled).values({column: value}))
            for one, submission in zip(cycle(PAYLOADS), db.session.scalars(select(Submission))):
                submission.document = replaced(submission.document, "submission", one)
            db.session.commit()
        app.testing = False
        yield app


def unique(table: Table, column: str) -> bool:
    return (table.name, column) == ("unit", "name")


TYPED = {
    "name", "first_name", "last_name", "title", "organization", "agency", "placement_agency",
    "asked_by", "by", "place", "note",
}  # fmt: skip
"""Of a submission, what is short: it is read again whenever it is shown, and too long a name is
refused. So each holds one of the payloads; the three parts of the history hold all of them."""


def replaced(value: Any, path: str, payload: str) -> Any:
    """The document with each text that was typed replaced; dates and codes stay."""
    if isinstance(value, dict):
        return {
            name: mark(f"{path}.{name}", payload)
            if name in TYPED and isinstance(item, str)
            else replaced(item, f"{path}.{name}", payload)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [replaced(item, path, payload) for item in value]
    return mark(path) if path.startswith("submission.history.") else value


@pytest.fixture(scope="module")
def hostile_address(hostile_app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, hostile_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


SEEN_AT_LEAST = {
    Role.REFERRER: {"submission.case.name", "submission.history.issues"},
    Role.HELPLINE: {"submission.case.name", "call_note.text", "call.first_name"},
    Role.SPECIALIST: {
        "activity_note.text",
        "task.what",
        "message.text",
    },
    Role.SUPERVISOR: {"activity_note.text", "referral.case_name", "case.name", "person.last_name"},
    Role.ADMIN: {"user.name", "organisation.name", "unit.name", "list_item.label"},
    Role.AUDITOR: {"user.name"},
}
"""Were the pages empty, nothing could run on them."""


LISTS = {
    Role.REFERRER: "/referrals",
    Role.SPECIALIST: "/caseload",
    Role.SUPERVISOR: "/families",
}
"""Every line of these is opened: not each family has everything."""


@pytest.mark.parametrize("role", Role)
def test_nothing_that_somebody_typed_runs_and_all_of_it_is_shown(
    role: Role, browser: Browser, hostile_address: str
) -> None:
    watch = Watch(hostile_address)
    context = browser.new_context(base_url=hostile_address, viewport=DESK)
    context.set_default_timeout(20_000)
    page = context.new_page()
    watch.over(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    sign_in(page, role)
    seen: set[str] = set()
    problems: list[str] = []
    for address in chain(pages_reachable_from(page, "/"), lines_of(page, LISTS.get(role))):
        problems += [f"{address}: {one}" for one in harm_on(page)]
        shown, cut = fields_on(page)
        seen |= shown
        problems += [f"{address} shows {field} not as it was typed" for field in cut]
    context.close()
    assert problems + asked + watch.complaints == []
    assert seen >= SEEN_AT_LEAST[role]


def lines_of(page: Page, list_page: str | None) -> Iterator[str]:
    """What the lines of a list lead to; each is open when it is given."""
    if list_page is None:
        return
    page.goto(list_page)
    links = page.eval_on_selector_all("tbody th a", "all => all.map(one => one.pathname)")
    for address in links:
        page.goto(address)
        yield address


def sign_in(page: Page, role: Role) -> None:
    person = next(one for one in one_per_role() if one.role is role)
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def harm_on(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """() => [
          ...(window.executed ? ["a script ran"] : []),
          ...[...document.querySelectorAll("[data-payload], x-payload")].map(e => e.outerHTML),
        ]"""
    )
    return found


def fields_on(page: Page) -> tuple[set[str], set[str]]:
    """Which fields the page shows, as text or in a control, and those of which not all is there."""
    texts: list[str] = page.evaluate(
        """() => {
          const body = document.body.cloneNode(true);
          // A chart shortens names: the table beside it has them whole.
          body.querySelectorAll("svg").forEach(chart => chart.remove());
          return [
            body.textContent,
            ...[...document.querySelectorAll("input, textarea")].map(field => field.value),
          ];
        }"""
    )
    whole = " ".join(" ".join(texts).split())
    started = Counter(BEGINNING.findall(whole))
    whole_ones = Counter(field for field, text in MARKED.findall(whole) if text in AS_TYPED)
    return set(started), set(started - whole_ones)


def test_a_text_that_was_not_escaped_would_be_noticed(browser: Browser) -> None:
    """Were the measures blind, every page would pass."""
    page = browser.new_page()
    page.set_content(f"<p>{ALL_AT_ONCE}</p>")
    page.wait_for_timeout(100)
    assert len(harm_on(page)) > 10
    page.close()


def test_there_are_forty_of_them() -> None:
    assert len(set(PAYLOADS)) == 40
