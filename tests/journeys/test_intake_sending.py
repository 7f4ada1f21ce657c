"""Sending a referral once, and the receipt."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.referrals.models import Referral
from tests.browser import Browser
from tests.factories import NOW
from tests.journeys.intake import (
    BEFORE,
    CASE,
    CHILDREN,
    HISTORY,
    PARENTS,
    STEPS,
    address_of_draft,
    begin,
    go_through,
    make_referrer,
)

Database = scoped_session[Session]
Browsers = Callable[[User | None], Browser]


def test_sending_twice_makes_one_referral(session: Database, browser_for: Browsers) -> None:
    browser = browser_for(make_referrer())
    page = go_through(begin(browser), *STEPS)
    draft = address_of_draft(page)
    first = page.form("Send the referral").submit()
    second = browser.send(f"{draft}/submit")
    assert second.path == first.path
    assert session.scalar(select(func.count(Referral.id))) == 1


@pytest.mark.parametrize("page", ["check", "parents", "history"])
def test_the_way_back_into_a_sent_draft_leads_to_its_receipt(
    browser_for: Browsers, page: str
) -> None:
    browser = browser_for(make_referrer())
    check = go_through(begin(browser), *STEPS)
    draft = address_of_draft(check)
    receipt = check.form("Send the referral").submit()
    assert browser.open(f"{draft}/{page}").path == receipt.path


def test_a_step_saved_after_sending_says_that_it_came_too_late(browser_for: Browsers) -> None:
    browser = browser_for(make_referrer())
    check = go_through(begin(browser), *STEPS)
    other_window = check.follow("Change children").form("Save and continue")
    check.form("Send the referral").submit()
    draft = address_of_draft(check)
    kept = check.browser.request("POST", f"{draft}/autosave/children", data=other_window.values)
    assert kept.status_code == 409
    late = other_window.fill({"children-0-first_name": "Yandel R."}).submit()
    assert "was already sent" in late


def test_a_receipt_is_read_by_the_organisation_that_sent_it_and_nobody_else(
    browser_for: Browsers,
) -> None:
    referrer = make_referrer()
    page = go_through(begin(browser_for(referrer)), *STEPS)
    receipt = page.form("Send the referral").submit()
    colleague = make_referrer(organisation=referrer.organisation)
    assert "PP-2026" in browser_for(colleague).open(receipt.path)
    browser_for(make_referrer()).open(receipt.path, status=404)


def test_a_receipt_names_nobody(browser_for: Browsers) -> None:
    receipt = go_through(begin(browser_for(make_referrer())), *STEPS)
    receipt = receipt.form("Send the referral").submit()
    assert "Marte" not in receipt.source
    assert "Yandel" not in receipt.source


def test_a_check_costs_the_same_for_ten_children_as_for_one(
    browser_for: Browsers, statements: list[str]
) -> None:
    browser = browser_for(make_referrer())
    check = go_through(begin(browser), *STEPS)
    draft = address_of_draft(check)
    statements.texts.clear()  # type: ignore[attr-defined]
    browser.open(f"{draft}/check")
    for_one = len(statements)
    children = {
        f"children-{number}-{name}_name": "Yandel"
        for number in range(10)
        for name in ("first", "last")
    }
    version = browser.open(f"{draft}/children").form("Save and continue").values["version"]
    browser.send(f"{draft}/children", {**children, "version": version})
    statements.texts.clear()  # type: ignore[attr-defined]
    assert "Child 10" in browser.open(f"{draft}/check")
    assert len(statements) == for_one


def test_an_old_draft_is_judged_by_the_day_on_which_it_is_sent(
    browser_for: Browsers, clock: time_machine.Traveller
) -> None:
    browser = browser_for(make_referrer())
    page = go_through(begin(browser), BEFORE, PARENTS, CASE, CHILDREN)
    conference = {
        "coming_up": "yes",
        "conferences-0-kind": "SPR",
        "conferences-0-starts_at": "2026-11-25",
        "conferences-0-starts_at-time": "10:00",
    }
    page = go_through(page, conference, HISTORY)
    clock.move_to(NOW + timedelta(days=8))
    browser.sign_in_again()
    form = page.form("Send the referral")
    form.values["csrf_token"] = browser.token()
    page = form.submit(status=422)
    assert "lies in the past" in page.problems[0]
