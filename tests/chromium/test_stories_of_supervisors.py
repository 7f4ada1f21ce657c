"""A supervisor's stories without a mouse."""

import re

from playwright.sync_api import expect

from parents_partners.accounts.types import Role
from tests.chromium.conftest import SignedIn
from tests.chromium.keyboard import Keyboard


def test_a_referral_gets_a_question_and_then_a_specialist(signed_in: SignedIn) -> None:
    page = signed_in(Role.SUPERVISOR)
    keyboard = Keyboard(page)
    keyboard.go_to("Triage")
    keyboard.push("Holloway, Destinee")
    keyboard.open("Ask the referrer a question")
    keyboard.write("text", "Which evenings does she work?")
    keyboard.push("Send the question")
    keyboard.go_to("Triage")
    keyboard.push("Holloway, Destinee")
    expect(page.locator("main")).to_contain_text("Which evenings does she work?")
    expect(page.locator("main")).to_contain_text("Not answered yet")

    keyboard.push("Go to the decision")
    keyboard.tick("concerns-7")
    keyboard.push_in_place("Update suggestions", page.locator("#suggestions"))
    expect(page.locator("#specialist")).to_be_focused()
    keyboard.focused()
    keyboard.reach("specialist")
    keyboard.press("Space")
    chosen = page.locator("label[for=specialist-0] .pp-name").inner_text()
    keyboard.push("File and offer")
    expect(page.locator("main")).to_contain_text(f"is filed. Offered to {chosen}")


def test_a_decision_without_a_specialist_is_refused_at_the_field(signed_in: SignedIn) -> None:
    page = signed_in(Role.SUPERVISOR)
    keyboard = Keyboard(page)
    keyboard.go_to("Triage")
    keyboard.push("Whitfield, Shanice (7 children)")
    keyboard.tick("none_known")
    keyboard.push("File and offer")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert "specialist" in keyboard.focused()


def test_two_that_look_alike_are_said_to_be_the_same_family(signed_in: SignedIn) -> None:
    page = signed_in("Philippa Adeleke")
    keyboard = Keyboard(page)
    keyboard.go_to("Triage")
    keyboard.push("Thelisma, Rose L.")
    keyboard.push(re.compile("^Compare with the family Th"))
    keyboard.push("The same family")
    expect(page.locator("main")).to_contain_text("said by Philippa Adeleke")
    keyboard.push("Back to the decision")
    expect(page.get_by_text("Said to be the same family").first).to_be_visible()
    expect(page.locator("#case-1")).to_be_checked()


def test_a_family_goes_over_through_the_hands_of_three(signed_in: SignedIn) -> None:
    page = signed_in(Role.SUPERVISOR)
    supervisor = Keyboard(page)
    supervisor.go_to("Families")
    supervisor.push("Marte, Luz")
    supervisor.push(re.compile("^Hand over"))
    supervisor.reach("specialist")
    supervisor.press("Space")
    taker = page.locator("label[for=specialist-0] .pp-name").inner_text()
    supervisor.push("Ask for the hand-over")
    expect(page.locator("main")).to_contain_text("Waits for Ramona Ventura")

    page = signed_in(Role.SPECIALIST)
    giver = Keyboard(page)
    giver.push("Prepare the hand-over of Marte, Luz")
    giver.tick("asked-0")
    giver.write("words", "She wants to hear the plan for Friday once more.")
    giver.push("Hand over")
    expect(page.locator("main")).to_contain_text(f"Waits for {taker}")

    page = signed_in(taker)
    new = Keyboard(page)
    new.push(re.compile("^Take over family"))
    expect(page.locator("main")).to_contain_text("You support this family now")
    expect(page.locator("main")).to_contain_text("She wants to hear the plan for Friday once more.")
