"""A Family Specialist on a bus: the connection goes and comes back, what was typed stays."""

from playwright.sync_api import Dialog, expect

from parents_partners.accounts.types import Role
from tests.chromium.conftest import DESK, PHONE, SignedIn


def test_an_entry_outlives_a_lost_connection(signed_in: SignedIn) -> None:
    page = signed_in(Role.SPECIALIST, PHONE)
    page.goto("/caseload")
    page.get_by_role("link", name="Log contact").first.click()
    for choice in ("Phone", "Family rights", "15"):
        page.get_by_label(choice, exact=True).check()
    page.get_by_label("Note").fill("She asked about Wednesday.")

    page.context.set_offline(True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Not saved – check your connection.")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("She asked about Wednesday.")

    page.context.set_offline(False)
    expect(page.get_by_text("Saved at")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The activity is logged.")).to_be_visible()
    expect(page.get_by_text("She asked about Wednesday.")).to_be_visible()


def test_what_a_refused_entry_gives_back_is_kept_when_the_page_is_left(
    signed_in: SignedIn,
) -> None:
    """Pitfall 2."""
    page = signed_in(Role.SPECIALIST, PHONE)
    page.goto("/caseload")
    page.get_by_role("link", name="Log contact").last.click()
    entry = page.url
    page.get_by_label("Note").fill("He asked about the hearing.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_role("link", name="Back to the family").click()
    expect(page.get_by_role("heading", name="Log an activity")).to_be_hidden()
    page.goto(entry)
    expect(page.get_by_label("Note")).to_have_value("He asked about the hearing.")
    page.get_by_role("button", name="Delete draft").click()


def test_a_long_text_is_not_left_behind_without_a_question(signed_in: SignedIn) -> None:
    """Pitfall 2: a call has no draft, and a link beside the phone is pressed quickly."""
    page = signed_in(Role.HELPLINE, DESK)
    page.goto("/calls/new")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("What was said").press_sequentially("She moved.")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Back to the calls").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("What was said")).to_have_value("She moved.")

    page.get_by_role("button", name="Save the call").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Wrong number").check()
    page.get_by_role("button", name="Save the call").click()
    expect(page.get_by_text("The call is noted.", exact=True)).to_be_visible()
    page.get_by_role("link", name="Back to the calls").click()
    expect(page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()
    assert asked == ["beforeunload"]
