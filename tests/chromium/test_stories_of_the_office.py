"""The stories of administrators, auditors and referrers without a mouse."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from parents_partners.accounts.types import Role
from tests.chromium.conftest import DESK, SignedIn, Watch
from tests.chromium.keyboard import Keyboard

PASSWORD = "lantern orchard seventeen"


def test_somebody_is_invited_and_chooses_a_password(
    signed_in: SignedIn, browser: Browser, address: str, watch: Watch
) -> None:
    page = signed_in(Role.ADMIN)
    admin = Keyboard(page)
    admin.go_to("People")
    admin.push("Invite somebody")
    admin.write("name", "Clementine Abara")
    admin.write("email", "clementine.abara@example.org")
    admin.select("role", "Ref")
    admin.select("organisation", "Dyckman")
    admin.push("Make the account and its link")
    link = page.get_by_label("Link").input_value()
    admin.reach("Copy the link")

    context = browser.new_context(base_url=address, viewport=DESK)
    page = context.new_page()
    watch.over(page)
    page.goto(link)
    invited = Keyboard(page)
    invited.write("password", "short")
    invited.write("again", "short")
    invited.push("Keep this password")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    invited.write("password", PASSWORD)
    invited.write("again", PASSWORD)
    invited.push("Keep this password")
    invited.write("email", "clementine.abara@example.org")
    invited.write("password", PASSWORD)
    invited.push("Sign in")
    expect(page.get_by_role("link", name="Referrals")).to_be_visible()
    expect(page.locator(".pp-account")).to_contain_text("Clementine Abara")
    context.close()


def test_a_spelling_is_linked(signed_in: SignedIn) -> None:
    page = signed_in(Role.ADMIN)
    keyboard = Keyboard(page)
    keyboard.go_to("Organisations")
    keyboard.push("HARBORVIEW FAM. SERVICES")
    keyboard.select("organisation", "Harborview Family")
    keyboard.push("Link the spelling")
    expect(page.locator("main")).to_contain_text("The spelling is linked.")
    expect(page.get_by_role("button", name="Undo the link").first).to_be_visible()


def test_the_log_is_searched_and_says_who_read_a_family(signed_in: SignedIn) -> None:
    reader = Keyboard(signed_in(Role.SPECIALIST))
    reader.go_to("Caseload")
    reader.push("WALCOTT")

    page = signed_in(Role.AUDITOR)
    keyboard = Keyboard(page)
    keyboard.select("kind", "Everything")
    keyboard.write("who", "Ramona")
    keyboard.push("Apply")
    expect(page.locator("main table")).to_contain_text("Ramona Ventura")
    keyboard.push(re.compile("^case [0-9]+$"))
    case = page.locator("#about").input_value()
    assert re.fullmatch("case [0-9]+", case)
    keyboard.push("Who read a family")
    keyboard.write("about", case)
    keyboard.press("Enter")
    latest = page.get_by_role("table", name="Who, latest first")
    expect(latest).to_contain_text("Ramona Ventura")


def test_a_question_is_answered_and_the_list_saved(signed_in: SignedIn, tmp_path: Path) -> None:
    page = signed_in("Ysabel Taveras")
    keyboard = Keyboard(page)
    keyboard.go_to("Referrals")
    keyboard.push("Gutiérrez Báez, Yesenia")
    keyboard.write("text", "Yes. She asked for her by name.")
    keyboard.push("Send the answer")
    expect(page.locator("#questions")).to_contain_text("Yes. She asked for her by name.")

    keyboard.push("Back to referrals")
    keyboard.push("Save as a file")
    keyboard.choose("format", "csv")
    keyboard.reach("Save the file")
    with page.expect_download() as saved:
        keyboard.press("Enter")
    file = tmp_path / "referrals.csv"
    saved.value.save_as(file)
    rows = file.read_text(encoding="utf-8-sig")
    assert "Reference" in rows
    assert re.search(r"PP-\d{4}-\d{6}", rows)
