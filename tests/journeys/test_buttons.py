"""A page has the buttons of what its reader may do next, as the lifecycle tables say."""

import pytest

from parents_partners.accounts.types import Role
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE
from parents_partners.referrals.lifecycle import REFERRAL_LIFECYCLE
from parents_partners.referrals.services import ask
from tests.architecture.code import PACKAGE
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_parent,
    make_referral,
    make_user,
    parents_of,
)

pytestmark = pytest.mark.usefixtures("session")

ASK, DECLINE = "Ask the referrer a question", "Decline"


def test_a_supervisor_ends_the_support_of_their_own_unit_only(browser_for):
    """Parents at odds may have specialists of two units, whose supervisors see the family both."""
    case = make_family()
    make_parent(case, "Rui", "Marte")
    stints = [make_assignment(case, parents=[parent]) for parent in parents_of(case)]
    for stint in stints:
        supervisor = make_user(Role.SUPERVISOR, unit=stint.specialist.user.unit)
        page = browser_for(supervisor).open(f"/families/{case.public_id}")
        assert page.text.count("End the support") == 1
        page.follow("End the support")


def test_only_what_was_not_asked_yet_can_be_asked(browser_for):
    referral = make_referral()
    supervisor = make_user(Role.SUPERVISOR)
    browser = browser_for(supervisor)
    page = browser.open(f"/triage/referrals/{referral.public_id}")
    assert ASK in page
    ask(referral, "Which borough?", actor=supervisor.as_actor(), now=NOW)
    page = browser.open(f"/triage/referrals/{referral.public_id}")
    assert ASK not in page
    assert DECLINE in page


@pytest.mark.parametrize(
    ("slice_", "lifecycle"),
    [("referrals", REFERRAL_LIFECYCLE), ("advocates", ASSIGNMENT_LIFECYCLE)],
)
def test_who_may_perform_an_action_is_written_in_its_table_alone(slice_, lifecycle):
    permissions = {
        step.permission
        for step in lifecycle.transitions
        if (step.permission or "").startswith(("referral:", "assignment:"))
    }
    routes = [path for path in (PACKAGE / slice_).rglob("*.py") if "routes" in str(path)]
    said_again = [
        (path.name, permission)
        for path in routes
        for permission in permissions
        if f'"{permission}"' in path.read_text()
    ]
    assert said_again == []
