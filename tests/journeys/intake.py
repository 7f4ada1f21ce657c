"""What the journeys through the referral form have in common: a worker's answers, step by step."""

from typing import Any

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from tests.browser import Browser, Page
from tests.factories import make_organisation, make_user

BEFORE = {
    "programme_discussed-on": "2026-11-17",
    "programme_discussed-by": "Denise Okafor-Reyes",
    "programme_discussed-brochure_given": "yes",
    "programme_discussed-brochure_language": "es",
}
PARENTS = {
    "parents-0-relationship": "mother",
    "parents-0-agreement-answer": "agreed",
    "parents-0-agreement-asked_by": "Denise Okafor-Reyes",
    "parents-0-agreement-asked_on": "2026-11-17",
    "parents-0-agreement-how": "in_person",
    "parents-0-agreement-scope": ["support"],
    "parents-0-first_name": "Luz",
    "parents-0-last_name": "Marte",
    "parents-0-phone": "(347) 555-0161",
}
CASE = {
    "case-name": "Marte, Luz",
    "case-number": "S-012345-6",
    "case-stage": "foster_care",
    "case-caseworker-name": "Denise Okafor-Reyes",
}
CHILDREN = {"children-0-first_name": "Yandel", "children-0-last_name": "Marte"}
CONFERENCES = {"coming_up": "none"}
HISTORY = {
    "reasons": ["difficulty_navigating"],
    "history-issues": "Remand on 5 November.",
    "history-stage": "Day 4 in care.",
}
STEPS = (BEFORE, PARENTS, CASE, CHILDREN, CONFERENCES, HISTORY)


def make_referrer(**changes: Any) -> User:
    changes.setdefault("organisation", make_organisation())
    return make_user(Role.REFERRER, **changes)


def begin(browser: Browser) -> Page:
    """The first step of a new referral."""
    return browser.open("/drafts").form("Make a referral").submit()


def go_through(page: Page, *steps: dict[str, Any]) -> Page:
    """Fills in one step after the other and goes on."""
    for answers in steps:
        page = page.form("Save and continue").fill(answers).submit()
    return page


def address_of_draft(page: Page) -> str:
    """`/drafts/<id>` of a step."""
    return "/".join(page.path.split("/")[:3])
