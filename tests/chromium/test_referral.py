"""A referral in a real browser: typed without a mouse, and from the first step to the first logged
contact through the hands of everybody it concerns."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from config import NEW_YORK
from parents_partners.accounts.types import Role
from tests.chromium.conftest import PHONE, SignedIn
from tests.chromium.every_page import barriers_on
from tests.chromium.keyboard import Keyboard

REFERENCE = re.compile(r"PP-\d{4}-\d{6}")
LAST_WEEK = (datetime.now(NEW_YORK) - timedelta(days=7)).date()


def test_a_referral_can_be_made_without_a_mouse(signed_in: SignedIn) -> None:
    page = signed_in(Role.REFERRER)
    keyboard = Keyboard(page)
    page.goto("/drafts")
    keyboard.push("Make a referral")

    keyboard.write_date("programme_discussed-on", LAST_WEEK)
    keyboard.write("programme_discussed-by", "Janelle Mercado")
    keyboard.choose("programme_discussed-brochure_given", "yes")
    keyboard.push("Save and continue")

    keyboard.select("parents-0-relationship", "Mo")
    keyboard.choose("parents-0-agreement-answer", "agreed")
    keyboard.write("parents-0-first_name", "Ines")
    keyboard.write("parents-0-last_name", "Quispe")
    keyboard.write("parents-0-agreement-asked_by", "Janelle Mercado")
    keyboard.write_date("parents-0-agreement-asked_on", LAST_WEEK)
    keyboard.choose("parents-0-agreement-how", "phone")
    keyboard.tick("parents-0-agreement-scope-0")
    keyboard.push("Save and continue")

    keyboard.write("case-name", "Quispe, Ines")
    keyboard.select("case-stage", "Fo")
    keyboard.write("case-caseworker-name", "Janelle Mercado")
    keyboard.push("Save and continue")

    keyboard.write("children-0-first_name", "Tupac")
    keyboard.write("children-0-last_name", "Quispe")
    keyboard.reach("Add another child")
    keyboard.press("Enter")
    # The focus goes to the new row: who cannot see must not look for it.
    expect(page.locator("#children-1-first_name")).to_be_focused()
    page.keyboard.type("Illa")
    keyboard.write("children-1-last_name", "Quispe")
    keyboard.push("Save and continue")

    keyboard.choose("coming_up", "none")
    keyboard.push("Save and continue")

    keyboard.write("history-issues", "The mother asked what remand means.")
    keyboard.write("history-stage", "Two weeks in care.")
    keyboard.tick("reasons-1")
    keyboard.push("Save and continue")

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    keyboard.push("Send the referral")
    expect(page.locator("main")).to_contain_text(REFERENCE)


def test_a_referral_goes_from_the_first_step_to_the_first_contact(signed_in: SignedIn) -> None:
    referrer, supervisor = signed_in(Role.REFERRER), signed_in(Role.SUPERVISOR)
    specialist, auditor = signed_in(Role.SPECIALIST, PHONE), signed_in(Role.AUDITOR)

    refer(referrer)
    referrer.get_by_role("button", name="Send the referral").click()
    found = REFERENCE.search(referrer.locator("main").inner_text())
    assert found
    reference = found.group()
    assert barriers_on(referrer) == []

    supervisor.goto("/triage")
    supervisor.get_by_role("link", name="Acheampong, Efua").click()
    expect(supervisor.locator("main")).to_contain_text(reference)
    supervisor.get_by_label("None known").check(force=True)
    supervisor.get_by_label(re.compile("Ramona Ventura")).check(force=True)
    reason = supervisor.get_by_label("Why another than the first suggested?")
    if reason.is_visible():
        reason.fill("She knows the school.")
    supervisor.get_by_role("button", name="File and offer").click()
    expect(supervisor.get_by_text("Ramona Ventura").first).to_be_visible()

    specialist.goto("/today")
    offer = specialist.locator("#offers > *", has_text="Efua Acheampong")
    offer.get_by_role("button", name="Accept").click()
    specialist.goto("/caseload")
    specialist.get_by_role("link", name="Acheampong, Efua").first.click()
    specialist.get_by_role(
        "link", name=re.compile("Log (a )?contact|Log an activity")
    ).first.click()
    log_first_contact(specialist)

    referrer.goto("/referrals")
    row = referrer.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("First contact made")

    auditor.goto("/audit")
    said = auditor.locator("main").inner_text()
    assert "Ramona Ventura made the first contact" in said
    assert "Acheampong" not in said


def refer(page: Page) -> None:
    """Fill in every step, with the mouse; leaves the page at the check."""
    page.goto("/drafts")
    page.get_by_role("button", name="Make a referral").click()
    page.get_by_label("When was the programme discussed").fill(LAST_WEEK.isoformat())
    page.get_by_label("Who discussed it").fill("Janelle Mercado")
    page.get_by_role("radio", name="Not yet").check()
    go_on(page)
    page.get_by_role("radio", name="Agreed").check()
    page.get_by_label("Who asked the parent?").fill("Janelle Mercado")
    page.get_by_label("When was the parent asked?").fill(LAST_WEEK.isoformat())
    page.get_by_role("radio", name="In person").check()
    page.get_by_role("checkbox", name="Support by a Family Specialist").check()
    page.get_by_label("First name").fill("Efua")
    page.get_by_label("Last name").fill("Acheampong")
    page.get_by_label("Phone number").fill("(347) 555-0142")
    go_on(page)
    page.get_by_label("Case name").fill("Acheampong, Efua")
    page.get_by_label("Stage of the case").select_option(label="Foster care")
    page.get_by_role("button", name="I am the caseworker").click()
    go_on(page)
    page.get_by_label("First name").fill("Kojo")
    page.get_by_label("Last name").fill("Acheampong")
    page.get_by_label("Date of birth").fill("2019-05-04")
    go_on(page)
    page.get_by_role("radio", name="No, none that we know of").check()
    go_on(page)
    page.get_by_label("Issues").fill("She was not told where he sleeps.")
    page.get_by_label("Stage of the case").fill("Ten days in care.")
    page.get_by_role("checkbox", name="The parent has difficulty navigating").check()
    go_on(page)


def go_on(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(lambda url: url != before)


def log_first_contact(page: Page) -> None:
    page.get_by_role("radio", name="Contact made").check(force=True)
    page.get_by_role("radio", name="Phone").check(force=True)
    page.get_by_role("checkbox", name="Family rights").check(force=True)
    page.get_by_role("checkbox", name="Efua Acheampong").check(force=True)
    page.get_by_role("radio", name="30").check(force=True)
    page.get_by_label("Note").fill("We read the consent together.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("Family rights")
