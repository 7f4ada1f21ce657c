"""Every page that a role can reach, on populated data: axe finds nothing and nothing sticks out,
at a desk, on a tablet and on a phone, with everything open that opens in place."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from parents_partners.accounts.types import Role
from tests.chromium.conftest import PHONE, SignedIn, Watch
from tests.chromium.every_page import (
    barriers_on,
    pages_reachable_from,
    problems_at_every_size,
    sticks_out,
)

FEWEST_PAGES = {
    Role.REFERRER: 16,
    Role.HELPLINE: 20,
    Role.SPECIALIST: 28,
    Role.SUPERVISOR: 20,
    Role.ADMIN: 20,
    Role.AUDITOR: 2,
}
"""Were the way to the pages lost, looking at none would find nothing (pitfall 11)."""


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_role_can_be_used_by_everybody(role: Role, signed_in: SignedIn) -> None:
    page = signed_in(role)
    if role in (Role.REFERRER, Role.HELPLINE, Role.SUPERVISOR):
        begin_a_draft(page)
    looked_at, problems = 0, []
    for address in pages_reachable_from(page, urlsplit(page.url).path):
        looked_at += 1
        problems += problems_at_every_size(page, address)
    assert problems == []
    assert looked_at >= FEWEST_PAGES[role]


def begin_a_draft(page: Page) -> None:
    page.goto("/drafts")
    page.get_by_role("button", name="Make a referral").click()
    page.goto("/drafts")


def test_a_barrier_and_what_sticks_out_are_found(signed_in: SignedIn) -> None:
    """Were the two measures blind, every page would pass."""
    page = signed_in(Role.ADMIN, PHONE)
    assert barriers_on(page) == []
    assert sticks_out(page) is None
    page.evaluate(
        """() => {
          document.querySelector("main").innerHTML +=
            '<input name="nameless"><pre>' + "wide ".repeat(100) + "</pre>";
        }"""
    )
    assert any("label" in barrier for barrier in barriers_on(page))
    assert sticks_out(page) is not None


def test_a_browser_that_asks_another_host_or_meets_an_error_is_noticed(
    signed_in: SignedIn, watch: Watch
) -> None:
    page = signed_in(Role.ADMIN)
    page.evaluate("document.body.innerHTML += '<img src=\"http://127.0.0.1:9/spy.png\">'")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.wait_for_timeout(100)
    complaints = " ".join(watch.complaints)
    watch.complaints.clear()
    assert "asked another host" in complaints
    assert "script: broken" in complaints
    assert "Content Security Policy" in complaints
