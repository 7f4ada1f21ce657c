"""Pages to which no link leads: what was searched for, what somebody else was quicker with, what
is refused or not there. They can be used by everybody too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from parents_partners.accounts.types import Role
from tests.chromium.conftest import DESK, SignedIn, Watch
from tests.chromium.every_page import problems_at_every_size

NOBODY = "0" * 20
Way = Callable[[Page], None]


def goes_to(address: str) -> Way:
    def way(page: Page) -> None:
        page.goto(address)

    return way


def searches_for(words: str) -> Way:
    def way(page: Page) -> None:
        page.goto("/search")
        page.get_by_role("searchbox").or_(page.locator("#words")).fill(words)
        send(page, "Search")

    return way


def searches_in_a_call(name: str) -> Way:
    def way(page: Page) -> None:
        page.goto("/calls/new")
        page.locator("#about_name").fill(name)
        page.get_by_role("button", name="Search").click()
        expect(page.locator("#found")).not_to_be_empty()

    return way


def sends_without_its_token(page: Page) -> None:
    page.goto("/search")
    page.locator("main [name=csrf_token]").evaluate("one => { one.value = 'forged' }")
    page.locator("#words").fill("Luz")
    send(page, "Search")


def is_signed_out_meanwhile(page: Page) -> None:
    page.goto("/search")
    page.locator("#words").fill("Luz")
    page.context.clear_cookies()
    send(page, "Search")


def twice(address: str, button: str, field: str = "") -> Way:
    """The same form in two windows: the second comes too late."""

    def way(page: Page) -> None:
        page.goto(address)
        link = page.locator(field) if field else None
        if link is not None:
            address_of_one = link.first.get_attribute("href") or ""
            page.goto(address_of_one)
        other = page.context.new_page()
        other.goto(page.url)
        send(other, button)
        other.close()
        send(page, button)

    return way


def declines_too_late(page: Page) -> None:
    page.goto("/triage")
    page.get_by_role("link", name="Begum family").click()
    other = page.context.new_page()
    other.goto(page.url)
    for window in (other, page):
        window.locator("summary", has_text="Decline").click()
        window.locator("#reason-0").check(force=True)
        send(window, "Decline the referral")


def send(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()


FIRST_SPECIALIST = "main th a[href^='/specialists/']"

ANSWERS: dict[str, tuple[Role, Way, str]] = {
    "a page that is not there": (
        Role.SUPERVISOR,
        goes_to(f"/families/{NOBODY}"),
        "Page not found",
    ),
    "a page of another role": (Role.REFERRER, goes_to("/audit"), "You cannot open this page"),
    "families that were searched for": (Role.SUPERVISOR, searches_for("Luz"), "Found by"),
    "known families": (Role.HELPLINE, searches_for("Temitope Oyelaran"), "Leave a message"),
    "nothing found": (Role.SPECIALIST, searches_for("Zzyzx"), "Nothing found"),
    "a known family during a call": (
        Role.HELPLINE,
        searches_in_a_call("Temitope Oyelaran"),
        "1 known family",
    ),
    "a family that is not known": (Role.HELPLINE, searches_in_a_call("Zzyzx"), "Not known."),
    "a profile that was saved in another window": (
        Role.SUPERVISOR,
        twice("/specialists", "Save the profile", FIRST_SPECIALIST),
        "You changed this already",
    ),
    "a decision that was made in another window": (
        Role.SUPERVISOR,
        declines_too_late,
        "You did this already",
    ),
    "a forged form": (Role.SPECIALIST, sends_without_its_token, "This request could not be read"),
    "a form of somebody signed out": (
        Role.SPECIALIST,
        is_signed_out_meanwhile,
        "You were signed out",
    ),
    "a name that several have": (Role.AUDITOR, goes_to("/audit?who=a"), "Whom do you mean?"),
    "readers of no family": (
        Role.AUDITOR,
        goes_to("/audit/readers?about=PP-1999-000001"),
        "There is no such referral",
    ),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_what_no_link_leads_to_can_be_used_by_everybody(what: str, signed_in: SignedIn) -> None:
    role, way, words = ANSWERS[what]
    page = signed_in(role)
    way(page)
    expect(page.locator("main")).to_contain_text(words)
    assert problems_at_every_size(page, what) == []


FAILURES: dict[str, tuple[Exception, str]] = {
    "too much at once": (RequestEntityTooLarge(), "That is too much at once"),
    "too many attempts": (TooManyRequests(), "Please wait a moment"),
    "a failure on our side": (ValueError("broken"), "Something went wrong on our side"),
}


@pytest.mark.parametrize("what", FAILURES)
def test_a_page_that_says_it_failed_can_be_used_by_everybody(
    what: str, signed_in: SignedIn, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    error, words = FAILURES[what]

    def fail(*_asked: object) -> None:
        raise error

    monkeypatch.setattr("parents_partners.advocates.routes.search.found_by", fail)
    page = signed_in(Role.SPECIALIST)
    searches_for("Luz")(page)
    expect(page.locator("h1")).to_have_text(words)
    assert problems_at_every_size(page, what) == []
    if isinstance(error, ValueError):
        assert watch.complaints == [f"500: {page.url}"]
        watch.complaints.clear()


def test_who_is_not_signed_in_can_use_what_they_reach(
    browser: Browser, address: str, signed_in: SignedIn, watch: Watch
) -> None:
    admin = signed_in(Role.ADMIN)
    admin.goto("/accounts")
    admin.get_by_role("link", name="Delphine Okonkwo-Reyes").click()
    send(admin, "Make a new link")
    problems = problems_at_every_size(admin, "the link to hand over")
    link = admin.get_by_label("Link").input_value()

    context = browser.new_context(base_url=address, viewport=DESK)
    page = context.new_page()
    watch.over(page)
    page.goto("/sign-in")
    problems += problems_at_every_size(page, "sign-in")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_label("Password", exact=True).fill("together")
    send(page, "Sign in")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    problems += problems_at_every_size(page, "sign-in, refused,")
    page.goto(link)
    expect(page.locator("h1")).to_have_text("Choose your password")
    problems += problems_at_every_size(page, "the invitation")
    send(page, "Keep this password")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    problems += problems_at_every_size(page, "the invitation, refused,")
    page.goto(f"{link[:-8]}abcdefgh")
    expect(page.locator("h1")).to_have_text("This link does not work")
    problems += problems_at_every_size(page, "a dead link")
    context.close()
    assert problems == []
