"""Somebody searches, finds and opens; what they searched for stays between them and the page."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from tests.browser import Browser, Page
from tests.factories import (
    make_assignment,
    make_filed_referral,
    make_referral,
    make_specialist,
    make_user,
)

Database = scoped_session[Session]
OpenBrowser = Callable[[User | None], Browser]


def search(browser: Browser, words: str, *, status: int = 200) -> Page:
    return browser.send("/search", {"words": words}, status=status)


def test_a_specialist_finds_a_family_and_opens_it(
    session: Database, browser_for: OpenBrowser
) -> None:
    specialist = make_specialist()
    case = make_filed_referral().case
    assert case is not None
    make_assignment(case, specialist)
    browser = browser_for(specialist)
    assert "the families you carry" in browser.open("/search").text
    page = search(browser, "lus marte")
    assert f"/families/{case.public_id}" in page.links.values()
    assert "Name, spelt differently" in page.text


def test_the_helpline_leaves_a_message_for_a_family_that_it_may_not_open(
    session: Database, browser_for: OpenBrowser
) -> None:
    """REF-01: no name, no number, no link to the family."""
    referral = make_filed_referral()
    assert referral.case is not None
    make_assignment(referral.case)
    page = search(browser_for(make_user(Role.HELPLINE)), "marte")
    assert f"/referrals/{referral.public_id}/message" in page.links.values()
    assert f"/referrals/{referral.public_id}" not in page.links.values()
    assert referral.case.public_id not in " ".join(page.links.values())
    for hidden in ("Luz", "Marte, ", referral.case.number or "no number", "555-0161"):
        assert hidden not in page.text, hidden


def test_a_supervisor_goes_from_an_undecided_referral_to_triage(
    session: Database, browser_for: OpenBrowser
) -> None:
    referral = make_referral()
    page = search(browser_for(make_user(Role.SUPERVISOR)), referral.reference)
    assert page.links["Marte, Luz"].endswith(f"/{referral.public_id}")
    assert page.links["Marte, Luz"].startswith("/triage/")


@pytest.mark.parametrize("words", ["", "   ", "x" * 121])
def test_a_search_for_nothing_says_what_to_type_and_is_not_on_record(
    words: str, session: Database, browser_for: OpenBrowser
) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    page = search(browser_for(supervisor), words, status=422)
    assert len(page.problems) == 1
    box = page.by_id("words")
    assert box is not None
    assert box.get("value") == words
    assert searches_of(session, supervisor) == []


def test_nothing_found_says_where_it_was_searched_and_what_to_try(
    session: Database, browser_for: OpenBrowser
) -> None:
    page = search(browser_for(make_user(Role.SUPERVISOR)), "Zzyzx")
    assert "Nothing found" in page.text
    assert "another spelling" in page.text


def test_a_search_is_on_record_with_the_number_of_rows_and_never_with_its_words(
    session: Database, browser_for: OpenBrowser, caplog: pytest.LogCaptureFixture
) -> None:
    """S-19, S-22: also where nothing was found."""
    make_referral()
    supervisor = make_user(Role.SUPERVISOR)
    browser = browser_for(supervisor)
    search(browser, "Marte")
    search(browser, "Zzyzx")
    details = [row.detail for row in searches_of(session, supervisor)]
    assert details == [
        {"page": "advocates.search_for", "rows": 1},
        {"page": "advocates.search_for", "rows": 0},
    ]
    assert "marte" not in caplog.text.lower()


def searches_of(session: Database, user: User) -> list[AuditEvent]:
    session.expire_all()
    query = select(AuditEvent).where(AuditEvent.event == Event.FAMILIES_SEARCHED)
    return list(session.scalars(query.filter_by(actor_id=user.id).order_by(AuditEvent.id)))
