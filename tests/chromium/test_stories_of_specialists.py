"""A Family Specialist's stories without a mouse."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect

from config import NEW_YORK
from parents_partners.accounts.types import Role
from tests.chromium.conftest import PHONE, SignedIn
from tests.chromium.keyboard import Keyboard

IN_A_MONTH = (datetime.now(NEW_YORK) + timedelta(days=30)).date()


def test_a_family_from_the_offer_to_a_withdrawal(signed_in: SignedIn) -> None:
    page = signed_in(Role.SPECIALIST)
    keyboard = Keyboard(page)
    main = page.locator("main")
    keyboard.go_to("Today")
    keyboard.push("Accept offer 1")
    keyboard.go_to("Caseload")
    keyboard.push("McAllister-Ybarra")

    keyboard.push("Log an activity")
    keyboard.choose("mode", "phone")
    keyboard.tick("kinds-4")
    keyboard.choose("length", "30")
    keyboard.write("note", "We read the letter of the court together.")
    keyboard.push("Save")
    expect(main).to_contain_text("The activity is logged.")
    expect(main).to_contain_text("We read the letter of the court together.")

    keyboard.push("Add a task")
    keyboard.write("what", "Bring the brochure about visits")
    keyboard.push("Add")
    keyboard.push("Done Bring the brochure about visits")
    expect(main).to_contain_text("Done or dropped")

    keyboard.push("Offer a service")
    keyboard.select("kind", "Hou")
    keyboard.push("Put it on the list")
    expect(page.locator("#services")).to_contain_text("Housing")

    keyboard.push(re.compile("^Record a withdrawal of Colleen McAllister"))
    for scope in page.locator("input[name=scopes]").all():
        keyboard.tick(scope.get_attribute("id") or "")
    keyboard.choose("heard_from", "parent")
    keyboard.push("Record the withdrawal")
    expect(main).to_contain_text("The withdrawal is recorded.")


def test_an_entry_without_its_way_is_refused_on_a_phone(signed_in: SignedIn) -> None:
    page = signed_in(Role.SPECIALIST, PHONE)
    keyboard = Keyboard(page)
    keyboard.go_to("Caseload")
    keyboard.push(re.compile("^Log contact|^Log an activity"))
    keyboard.write("note", "She called back at once.")
    keyboard.push("Save")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert "mode" in keyboard.focused()
    expect(page.get_by_label("Note")).to_have_value("She called back at once.")


def test_the_profile_is_changed_and_days_away_are_added(signed_in: SignedIn) -> None:
    page = signed_in(Role.SPECIALIST)
    keyboard = Keyboard(page)
    keyboard.go_to("My profile")
    keyboard.tick("languages-10")
    keyboard.push("Save the profile")
    expect(page.locator("#languages-10")).to_be_checked()
    expect(page.locator(".usa-alert--success")).to_be_visible()

    keyboard.write_date("from_on", IN_A_MONTH)
    keyboard.write_date("until_on", IN_A_MONTH + timedelta(days=2))
    keyboard.push("Add these days")
    away = page.locator("#away")
    expect(away).to_contain_text(f"{IN_A_MONTH:%b} {IN_A_MONTH.day}, {IN_A_MONTH.year}")
