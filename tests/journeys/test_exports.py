"""Lists saved as files: by those who may, with a reason, on record, and without a formula."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from tests.browser import Browser
from tests.documents import referral_document
from tests.factories import (
    make_assignment,
    make_filed_referral,
    make_organisation,
    make_specialist,
    make_unit,
    make_user,
)

Database = scoped_session[Session]
OpenBrowser = Callable[[User | None], Browser]

FORMULA = "=HYPERLINK(1)"


@dataclass(frozen=True)
class People:
    supervisor: User
    specialist: User
    referrer: User


@pytest.fixture
def people(session: Database) -> People:
    """A supervisor with one family, whose name is a formula, its specialist, and who sent it."""
    supervisor = make_user(Role.SUPERVISOR, unit=make_unit())
    referrer = make_user(Role.REFERRER, organisation=make_organisation())
    specialist = make_specialist(unit=supervisor.unit)
    referral = make_filed_referral(
        referral_document(case__name=FORMULA),
        supervisor=supervisor,
        sender=referrer.organisation,
        referrer=referrer,
    )
    make_assignment(referral.case, specialist, supervisor=supervisor)
    return People(supervisor, specialist, referrer)


def saved(browser: Browser, address: str, **sent: str) -> Any:
    answer = browser.request("POST", address, data={"csrf_token": browser.token(), **sent})
    assert answer.status_code == 200
    return answer


def rows_of(answer: Any) -> list[list[str]]:
    text = answer.get_data().decode("utf-8").removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline="")))


def exports_of(session: Database, user: User) -> list[dict[str, Any]]:
    events = session.scalars(
        select(AuditEvent).where(
            AuditEvent.actor_id == user.id, AuditEvent.event == Event.LIST_EXPORTED
        )
    )
    return [event.detail for event in events]


@pytest.mark.parametrize(
    ("role", "address"),
    [("specialist", "/caseload/export"), ("supervisor", "/families/export")],
)
def test_a_list_that_names_families_is_saved_for_a_reason_and_that_is_on_record(
    role: str, address: str, people: People, session: Database, browser_for: OpenBrowser
) -> None:
    user = getattr(people, role)
    browser = browser_for(user)
    page = browser.send(address, {"format": "csv"}, status=422)
    assert "Choose what the file is for." in page
    assert exports_of(session, user) == []
    answer = saved(browser, address, format="csv", reason="supervision")
    heads, row = rows_of(answer)
    assert (heads[0], row[0]) == ("Family", f"'{FORMULA}")
    name = address.strip("/").split("/")[0]
    assert exports_of(session, user) == [
        {"list": name, "rows": 1, "saved_as": "csv", "why": "supervision"}
    ]
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}-2026-11-21.csv"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_reason_that_is_not_on_the_list_is_none(
    people: People, session: Database, browser_for: OpenBrowser
) -> None:
    sent = {"format": "csv", "reason": "curious"}
    browser_for(people.specialist).send("/caseload/export", sent, status=422)
    assert exports_of(session, people.specialist) == []


def test_an_agency_saves_where_its_referrals_stand_and_no_name(
    people: People, session: Database, browser_for: OpenBrowser
) -> None:
    make_filed_referral(referral_document(case__name="Okafor, Ada"))
    browser = browser_for(people.referrer)
    page = browser.open("/referrals").follow("Save as a file")
    assert "What is it for?" not in page
    answer = saved(browser, "/referrals/export", format="csv")
    heads, *rows = rows_of(answer)
    assert heads == ["Reference", "Received on", "Stage", "Where it stands"]
    [row] = rows
    assert row[0].startswith("PP-2026-")
    text = answer.get_data(as_text=True)
    assert not any(name in text for name in ("Marte", "Okafor", "HYPERLINK", "Yandel"))
    [detail] = exports_of(session, people.referrer)
    assert (detail["list"], detail["rows"], detail["why"]) == ("referrals", 1, None)


@pytest.mark.parametrize("address", ["/caseload/export", "/families/export"])
def test_a_spreadsheet_opens_and_holds_no_formula(
    address: str, people: People, browser_for: OpenBrowser
) -> None:
    """S-16."""
    user = people.specialist if "caseload" in address else people.supervisor
    answer = saved(browser_for(user), address, format="xlsx", reason="records_request")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        assert book.testzip() is None
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "HYPERLINK" in sheet
    assert "<f>" not in sheet


def test_a_list_longer_than_a_page_is_saved_whole(
    people: People, session: Database, browser_for: OpenBrowser
) -> None:
    for number in range(60):
        case = make_filed_referral(referral_document(case__name=f"Family {number:02}")).case
        make_assignment(case, people.specialist, supervisor=people.supervisor)
    answer = saved(browser_for(people.specialist), "/caseload/export", format="csv", reason="cover")
    names = [row[0] for row in rows_of(answer)[1:]]
    assert len(names) == len(set(names)) == 61


def test_an_administrator_saves_who_has_an_account(
    people: People, session: Database, browser_for: OpenBrowser
) -> None:
    admin = make_user(Role.ADMIN)
    browser = browser_for(admin)
    assert "What is it for?" not in browser.open("/accounts").follow("Save as a file")
    rows = rows_of(saved(browser, "/accounts/export", format="csv"))
    assert [people.specialist.name, people.specialist.email, "Family Specialist"] in [
        row[:3] for row in rows
    ]
    [detail] = exports_of(session, admin)
    assert (detail["list"], detail["rows"]) == ("accounts", len(rows) - 1)


def test_an_auditor_saves_what_they_searched_for_and_no_name_of_a_family(
    people: People, session: Database, browser_for: OpenBrowser
) -> None:
    auditor = make_user(Role.AUDITOR)
    browser = browser_for(auditor)
    page = browser.open("/audit?kind=referral.filed")
    assert "that you searched for" in page.follow("Save as a file")
    heads, *rows = rows_of(saved(browser, "/audit/export?kind=referral.filed", format="csv"))
    assert [row[heads.index("Event")] for row in rows] == ["referral.filed"]
    assert rows[0][heads.index("Who")] == people.supervisor.name
    whole = saved(browser, "/audit/export", format="csv").get_data(as_text=True)
    assert not any(name in whole for name in (FORMULA, "Marte", "Yandel"))


def test_a_search_of_the_log_that_cannot_be_read_saves_nothing_of_it(
    session: Database, browser_for: OpenBrowser
) -> None:
    browser = browser_for(make_user(Role.AUDITOR))
    for asked in ("first_on=2026-13-45", "who=Nobody%20at%20all", "about=PP-2026-999999"):
        assert len(rows_of(saved(browser, f"/audit/export?{asked}", format="csv"))) == 1
