"""A case planner is called away in the middle of a sentence."""

from playwright.sync_api import Page, expect

from parents_partners.accounts.types import Role
from parents_partners.demonstration.people import one_per_role
from tests.chromium.conftest import Watch


def sign_in(page: Page, address: str) -> None:
    # By the form: the sign-in that other tests share must not be ended.
    referrer = next(person for person in one_per_role() if person.role is Role.REFERRER)
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name=f"Sign in as {referrer.name}").click()


def test_what_was_typed_just_before_signing_out_is_in_the_draft(
    page: Page, address: str, watch: Watch
) -> None:
    watch.over(page)
    sign_in(page, address)
    page.get_by_role("button", name="Make a referral").click()
    page.get_by_label("Who discussed it with the parent?").fill("Tamika Ellison")
    draft = page.url
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    sign_in(page, address)
    page.goto(draft)
    expect(page.get_by_label("Who discussed it with the parent?")).to_have_value("Tamika Ellison")
