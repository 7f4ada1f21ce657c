"""A family's page as it goes on paper."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.advocates.types import AssignmentState
from tests.browser import Browser
from tests.factories import NOW, make_activity, make_assignment, make_specialist

Database = scoped_session[Session]
OpenBrowser = Callable[[User | None], Browser]

ENTRIES = 35


def test_all_that_happened_can_be_had_on_one_page_to_print_it(
    session: Database, browser_for: OpenBrowser
) -> None:
    specialist = make_specialist()
    stint = make_assignment(specialist=specialist, state=AssignmentState.IN_CONTACT)
    for number in range(ENTRIES):
        make_activity(stint, happened_at=NOW - timedelta(hours=number), note=f"Note {number}.")
    page = browser_for(specialist).open(f"/families/{stint.case.public_id}")
    assert f"Note {ENTRIES - 1}." not in page
    assert "What happened earlier is not on this paper." in page
    page = page.follow("Show all of it on one page")
    assert f"Note {ENTRIES - 1}." in page
    assert "What happened earlier is not on this paper." not in page
    assert f"Printed Sat, Nov 21, 2026, 10:00 AM by {specialist.name}." in page
