"""The auditor searches the log: ids and times, never a family (security.md)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.referrals.models import Referral
from parents_partners.referrals.services import mark_duplicate
from tests.browser import Browser, Page
from tests.conftest import Statements
from tests.factories import (
    NOW,
    make_assignment,
    make_filed_referral,
    make_referral,
    make_specialist,
    make_user,
)

Database = scoped_session[Session]
OpenBrowser = Callable[[User | None], Browser]


@pytest.fixture
def auditor(session: Database) -> User:
    return make_user(Role.AUDITOR, name="Beatriz Salazar")


@pytest.fixture
def supervisor(session: Database) -> User:
    return make_user(Role.SUPERVISOR, name="Yvonne Maddox")


def happened(event: Event, by: User, at: datetime = NOW) -> None:
    record(event, by, actor=by.as_actor(), now=at)


def sentences(page: Page) -> list[str]:
    return [row[2] for row in page.rows]


def test_the_log_is_searched_by_who_did_it_however_much_of_the_name_is_typed(
    session: Database, auditor: User, supervisor: User, browser_for: OpenBrowser
) -> None:
    happened(Event.SIGNED_IN, supervisor)
    happened(Event.SIGNED_IN, auditor)
    page = browser_for(auditor).open("/audit").form("Apply").fill(who="maddox").submit()
    assert sentences(page) == ["Yvonne Maddox signed in"]
    page = page.form("Apply").fill(who="Nobody Here").submit()
    assert "Nobody is called so" in page


def test_of_several_people_of_one_name_the_auditor_chooses(
    session: Database, auditor: User, supervisor: User, browser_for: OpenBrowser
) -> None:
    other = make_user(Role.HELPLINE, name="Yvonne Maddox")
    happened(Event.SIGNED_IN, supervisor)
    happened(Event.SIGNED_OUT, other)
    page = browser_for(auditor).open("/audit?who=Yvonne")
    assert page.rows == []
    [address] = [
        href
        for href in page.links.values()
        if f"helpline-{other.email.split('-')[1].split('@')[0]}" in href
    ]
    assert sentences(page.browser.open(address)) == ["Yvonne Maddox signed out"]


def test_somebody_called_exactly_so_stands_for_all(
    session: Database, auditor: User, supervisor: User, browser_for: OpenBrowser
) -> None:
    make_user(Role.HELPLINE, name="Yvonne Maddox-Ruiz")
    happened(Event.SIGNED_IN, supervisor)
    assert sentences(browser_for(auditor).open("/audit?who=yvonne+maddox"))


def test_the_first_and_the_last_day_are_whole_local_days(
    session: Database, auditor: User, browser_for: OpenBrowser
) -> None:
    """Pitfall 10: a minute before midnight in New York is still that day."""
    for at in (
        datetime(2026, 11, 18, 4, 59, tzinfo=UTC),  # the 17th, 11:59 PM
        datetime(2026, 11, 18, 5, 0, tzinfo=UTC),
        datetime(2026, 11, 20, 4, 59, tzinfo=UTC),
        datetime(2026, 11, 20, 5, 0, tzinfo=UTC),  # the 20th, midnight
    ):
        happened(Event.SIGNED_IN, auditor, at)
    page = browser_for(auditor).open("/audit?first_on=2026-11-18&last_on=2026-11-19")
    assert [row[1] for row in page.rows] == [
        "Thu, Nov 19, 2026, 11:59 PM",
        "Wed, Nov 18, 2026, 12:00 AM",
    ]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("first_on=yesterday", "Write the date as year, month and day, like 2026-12-08."),
        ("first_on=2026-11-20&last_on=2026-11-19", "The last day cannot be before the first."),
        ("about=Marte", "Write a referral's reference, like PP-2026-000123, or what stands in the"),
        ("about=case+99999999999999999999", "Write a referral's reference"),
        ("who=" + "x" * 201, "The name is 201 characters long"),
        ("about=%00%0bMarte", "Write a referral's reference"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_in_words(
    auditor: User, browser_for: OpenBrowser, asked: str, words: str
) -> None:
    page = browser_for(auditor).open(f"/audit?{asked}", status=422)
    [problem] = page.problems
    assert problem.startswith(words)


def test_kinds_that_belong_together_are_asked_for_together_and_go_on_on_the_next_page(
    session: Database,
    auditor: User,
    supervisor: User,
    browser_for: OpenBrowser,
    statements: Statements,
) -> None:
    for number in range(60):
        event = (Event.SIGNED_IN, Event.SIGNED_OUT)[number % 2]
        happened(event, supervisor, NOW - timedelta(minutes=number))
    happened(Event.UNIT_CREATED, supervisor)
    browser = browser_for(auditor)
    page = browser.open("/audit").form("Apply").fill(kind="Signing in and out", who="Yvonne")
    page = page.submit()
    assert len(page.rows) == 50
    statements.texts.clear()
    page = page.follow("Next page")
    assert len(page.rows) == 10
    assert len(statements) <= 8
    assert not any("unit" in words for words in sentences(page))


def test_what_happened_to_one_referral_is_found_by_its_reference(
    session: Database, auditor: User, supervisor: User, browser_for: OpenBrowser
) -> None:
    referral = make_filed_referral(supervisor=supervisor)
    other = make_filed_referral()
    page = browser_for(auditor).open("/audit").form("Apply").fill(about=referral.reference.lower())
    page = page.submit()
    assert set(sentences(page)) >= {
        "Yvonne Maddox filed the referral",
    }
    assert f"referral {other.id}" not in page
    page = page.browser.open("/audit?about=PP-2020-999999")
    assert "There is no such referral" in page


def test_each_row_leads_to_what_else_happened_to_the_same(
    session: Database, auditor: User, supervisor: User, browser_for: OpenBrowser
) -> None:
    happened(Event.SIGNED_IN, supervisor)
    happened(Event.SIGNED_IN, auditor)
    page = browser_for(auditor).open("/audit").follow(f"user {supervisor.id}")
    assert sentences(page) == ["Yvonne Maddox signed in"]


def test_the_auditor_sees_who_read_a_family_how_often_and_on_which_page(
    session: Database, auditor: User, supervisor: User, browser_for: OpenBrowser
) -> None:
    referral = make_filed_referral(supervisor=supervisor)
    specialist = make_specialist(unit=supervisor.unit)
    specialist.name = "Ramona Ventura"
    make_assignment(referral.case, specialist, supervisor=supervisor)
    for who, addresses in (
        (supervisor, [f"/referrals/{referral.public_id}"]),
        (specialist, [f"/families/{referral.case.public_id}", "/caseload"]),
        (specialist, [f"/families/{referral.case.public_id}/activities/new"]),
    ):
        for address in addresses:
            browser_for(who).open(address)
    page = browser_for(auditor).open("/audit").follow("Who read a family")
    assert page.rows == []
    page = page.form("Apply").fill({"Which family": referral.reference}).submit()
    assert sorted(row[:3] for row in page.rows[:2]) == [
        ["Ramona Ventura", "Family Specialist", "2"],
        ["Yvonne Maddox", "Supervisor", "1"],
    ]
    assert sorted(row[3] for row in page.rows[2:]) == ["Family", "Log activity", "Referral"]
    assert "Marte" not in page
    by_case = page.browser.open(f"/audit/readers?about=case+{referral.case_id}")
    assert by_case.rows == page.rows
    referral_id = session.scalar(select(Referral.id).where(Referral.id == referral.id))
    assert page.browser.open(f"/audit/readers?about=referral+{referral_id}").rows == page.rows


@pytest.mark.parametrize("filed", [True, False])
def test_who_read_a_second_referral_of_the_family_read_the_family(
    filed: bool, session: Database, auditor: User, supervisor: User, browser_for: OpenBrowser
) -> None:
    """S-22: it was never filed itself, but it says the same of the same people."""
    first = make_filed_referral(supervisor=supervisor) if filed else make_referral()
    second = make_referral()
    reader = browser_for(supervisor)
    reader.open(f"/referrals/{second.public_id}")
    mark_duplicate(second, first, actor=supervisor.as_actor(), now=NOW)
    for one in (first, second):
        page = browser_for(auditor).open(f"/audit/readers?about={one.reference}")
        assert page.rows[0][:3] == ["Yvonne Maddox", "Supervisor", "1"]
    reader.open(f"/referrals/{first.public_id}")
    for one in (first, second):
        page = browser_for(auditor).open(f"/audit/readers?about={one.reference}")
        assert page.rows[0][:3] == ["Yvonne Maddox", "Supervisor", "2"]
        assert len(page.rows) == 3


def test_a_referral_that_is_not_known_or_not_read_says_so(
    session: Database, auditor: User, browser_for: OpenBrowser
) -> None:
    browser = browser_for(auditor)
    assert "There is no such referral" in browser.open("/audit/readers?about=PP-2020-999999")
    assert "Nobody yet" in browser.open("/audit/readers?about=case+999")
    page = browser.open("/audit/readers?about=Marte,+Luz", status=422)
    assert page.problems
