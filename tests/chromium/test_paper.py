"""What comes out of the printer: what was written, whole, and nothing to press."""

from playwright.sync_api import Page

from parents_partners.accounts.types import Role
from tests.chromium.conftest import SignedIn


def family_on_paper(signed_in: SignedIn) -> Page:
    page = signed_in(Role.SPECIALIST)
    page.goto("/caseload")
    page.locator("tbody th a").first.click()
    page.wait_for_load_state()
    return page


def test_the_button_prints_and_stands_only_where_it_works(signed_in: SignedIn) -> None:
    page = family_on_paper(signed_in)
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print", exact=True).click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Print", exact=True).is_visible()


def test_paper_says_who_took_it_along_and_has_nothing_to_press(signed_in: SignedIn) -> None:
    page = family_on_paper(signed_in)
    words = page.get_by_text("Confidential: keep it locked away")
    assert not words.is_visible()
    page.emulate_media(media="print")
    assert words.is_visible()
    pressed = [
        one for one in page.locator("main button, main input, nav a").all() if one.is_visible()
    ]
    assert [one.inner_text() for one in pressed] == []


def test_what_is_folded_away_is_printed_and_folded_again(signed_in: SignedIn) -> None:
    page = family_on_paper(signed_in)
    page.evaluate(
        """() => {
          document.querySelector("main").insertAdjacentHTML(
            "beforeend", "<details id=earlier><summary>Earlier</summary><p>In May</p></details>");
          window.dispatchEvent(new Event("beforeprint"));
        }"""
    )
    assert page.get_by_text("In May").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.get_by_text("In May").is_visible()
