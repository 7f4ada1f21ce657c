"""A Family Specialist on a bus: the connection goes and comes back, what was typed stays."""

from playwright.sync_api import expect

from parents_partners.accounts.types import Role
from tests.chromium.conftest import PHONE, SignedIn


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
