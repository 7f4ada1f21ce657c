"""The helpline's stories without a mouse: the phone is between shoulder and ear (REF-01)."""

from playwright.sync_api import Page, expect

from parents_partners.accounts.types import Role
from tests.chromium.conftest import SignedIn
from tests.chromium.keyboard import Keyboard


def test_a_call_about_a_known_family_becomes_a_message(signed_in: SignedIn) -> None:
    page = signed_in(Role.HELPLINE)
    keyboard = Keyboard(page)
    keyboard.push("Take a call")
    keyboard.write("about_name", "Temitope Oyelaran")
    keyboard.press("Enter")
    # The exchange leaves the focus where it is, and all that was typed.
    expect(page.locator("#found")).to_contain_text("1 known family")
    assert "about_name" in keyboard.focused()
    expect(page.locator("#about_name")).to_have_value("Temitope Oyelaran")

    keyboard.reach("referral")
    keyboard.press("ArrowUp")
    assert "referral-0" in keyboard.focused()
    keyboard.choose("kind", "update")
    keyboard.write("note", "The visit was moved to Thursday. Please call before.")
    keyboard.push("Save the call")
    expect(page.locator("main")).to_contain_text("You left a message")
    expect(page.get_by_text("Not seen yet").first).to_be_visible()


def test_a_call_becomes_a_referral_and_nothing_is_typed_twice(signed_in: SignedIn) -> None:
    page = signed_in(Role.HELPLINE)
    keyboard = Keyboard(page)
    keyboard.push("Take a call")
    keyboard.write("about_name", "Wanjiru Achterberg")
    keyboard.push_in_place("Search", page.locator("#found"))
    expect(page.locator("#found")).to_contain_text("Not known")
    keyboard.tick("is_searched")
    keyboard.choose("kind", "wants_referral")
    keyboard.write("phone", "(718) 555-0133")
    keyboard.write("note", "She said yes herself, on the phone.")
    keyboard.push("Save and start the referral")
    in_the_draft(page, keyboard)


def in_the_draft(page: Page, keyboard: Keyboard) -> None:
    keyboard.push("Parents")
    expect(page.get_by_label("First name")).to_have_value("Wanjiru")
    expect(page.get_by_label("Last name")).to_have_value("Achterberg")
    expect(page.get_by_label("Phone number")).to_have_value("(718) 555-0133")


def test_a_call_without_its_kind_is_refused_and_the_way_to_the_field_is_one_press(
    signed_in: SignedIn,
) -> None:
    page = signed_in(Role.HELPLINE)
    keyboard = Keyboard(page)
    keyboard.push("Take a call")
    keyboard.write("note", "She hung up.")
    keyboard.push("Save the call")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    keyboard.press("Tab")
    assert "Choose what the call is for." in keyboard.focused()
    keyboard.press("Enter")
    assert "kind" in keyboard.focused()
    expect(page.get_by_label("What was said")).to_have_value("She hung up.")
