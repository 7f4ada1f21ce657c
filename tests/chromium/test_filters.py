"""Many filters: on a phone they are folded away before the list, at a desk they stand in sight."""

from playwright.sync_api import expect

from parents_partners.accounts.types import Role
from tests.chromium.conftest import PHONE, SignedIn


def test_on_a_phone_the_filters_of_the_queue_are_folded_and_say_how_many_are_set(
    signed_in: SignedIn,
) -> None:
    page = signed_in(Role.SUPERVISOR, PHONE)
    page.goto("/triage?borough=bronx&waits_for=us")
    expect(page.get_by_label("Borough")).not_to_be_visible()
    page.get_by_text("Filters (2 set)").click()
    page.get_by_label("Borough").select_option("queens")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url("/triage?borough=queens&language=&organisation=&state=&waits_for=us")


def test_at_a_desk_the_filters_of_the_queue_stand_in_sight(signed_in: SignedIn) -> None:
    page = signed_in(Role.SUPERVISOR)
    page.goto("/triage")
    expect(page.get_by_label("Borough")).to_be_visible()
    expect(page.get_by_text("Filters", exact=True)).not_to_be_visible()
