"""Every control of every page is reached by Tab, its focus is seen, and there is a way on."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from parents_partners.accounts.types import Role
from tests.chromium.conftest import SignedIn
from tests.chromium.every_page import pages_reachable_from
from tests.chromium.keyboard import FOCUSED, Keyboard

WATCH_THE_FOCUS = """() => {
  window.reached = new Set();
  window.unseen = [];
  document.addEventListener("focusin", (event) => {
    reached.add(event.target);
    const found = (FOCUSED)();
    if (!found.ringed) unseen.push(found.what);
  });
  const stops = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
  )].filter(one => one.tabIndex >= 0 && !one.disabled
    && one.checkVisibility({visibilityProperty: true}));
  window.expected = stops;
  return stops.length;
}""".replace("FOCUSED", FOCUSED)

NOT_REACHED = """() => {
  const groups = new Set([...reached].filter(one => one.type === "radio").map(one => one.name));
  return expected
    .filter(one => !reached.has(one) && !(one.type === "radio" && groups.has(one.name)))
    .map(one => one.outerHTML.slice(0, 160));
}"""


@pytest.mark.parametrize("role", Role)
def test_every_control_is_reached_and_its_focus_is_seen(role: Role, signed_in: SignedIn) -> None:
    page = signed_in(role)
    problems = []
    for address in pages_reachable_from(page, urlsplit(page.url).path, alike=1):
        problems += [f"{address}: {one}" for one in what_tabbing_misses(page)]
    assert problems == []


def what_tabbing_misses(page: Page) -> list[str]:
    # A date is several stops, a group of radio buttons one: so it is pressed until all is reached,
    # and given up after three times as many presses as there are controls.
    stops = page.evaluate(WATCH_THE_FOCUS)
    for _ in range(4):
        for _ in range(stops * 3 // 4 + 5):
            page.keyboard.press("Tab")
        if not page.evaluate(NOT_REACHED):
            break
    unseen = [f"the focus is not seen on {one}" for one in page.evaluate("unseen")]
    return unseen + [f"not reached: {one}" for one in page.evaluate(NOT_REACHED)]


def test_what_cannot_be_reached_or_seen_is_noticed(signed_in: SignedIn) -> None:
    """Were the measure blind, every page would pass."""
    page = signed_in(Role.ADMIN)
    page.evaluate(
        """() => {
          const trap = document.createElement("button");
          trap.textContent = "Trap";
          trap.addEventListener("keydown", (event) => event.preventDefault());
          document.querySelector("main").prepend(trap);
        }"""
    )
    assert what_tabbing_misses(page) != []
    page.goto("/accounts")
    page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
    page.evaluate(
        "document.adoptedStyleSheets[0].insertRule("
        "'a:focus-visible { box-shadow: none !important; outline: none !important }')"
    )
    assert any("not seen" in one for one in what_tabbing_misses(page))


def test_the_skip_link_leads_past_the_navigation(signed_in: SignedIn) -> None:
    page = signed_in(Role.SUPERVISOR)
    keyboard = Keyboard(page)
    keyboard.press("Tab")
    assert "Skip to main content" in keyboard.focused()
    keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    keyboard.reach("Sign out", by="Shift+Tab")
