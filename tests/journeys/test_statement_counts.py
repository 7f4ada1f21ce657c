"""No page asks the database more often for a hundred rows than for ten."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice

import pytest
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import Organisation, Unit, User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Assignment
from parents_partners.advocates.types import AssignmentState, HandOverState
from parents_partners.intake.services import start
from tests.browser import Browser
from tests.conftest import Statements
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_assignment,
    make_family,
    make_filed_referral,
    make_hand_over,
    make_organisation,
    make_referral,
    make_service,
    make_specialist,
    make_task,
    make_unit,
    make_user,
    make_waiting,
)

OpenBrowser = Callable[[User | None], Browser]


@dataclass
class Office:
    """Those whose pages are counted."""

    unit: Unit = field(default_factory=make_unit)
    organisation: Organisation = field(default_factory=make_organisation)
    users: dict[Role, User] = field(default_factory=dict)
    stint: Assignment = field(init=False)

    def __post_init__(self) -> None:
        self.users = {role: make_user(role, unit=self.unit) for role in Role}
        self.users[Role.REFERRER] = make_user(Role.REFERRER, organisation=self.organisation)
        make_specialist(user=self.users[Role.SPECIALIST])
        self.stint = self.assign(AssignmentState.IN_CONTACT)

    def assign(self, state: AssignmentState) -> Assignment:
        """A family of this office's specialist, with people, conference and a contact."""
        case = make_family()
        stint = make_assignment(
            case,
            self.users[Role.SPECIALIST],
            state=state,
            supervisor=self.users[Role.SUPERVISOR],
        )
        if stint.accepted_at:
            make_activity(stint, happened_at=NOW - timedelta(days=20))
        return stint

    def refer(self) -> None:
        make_referral(referrer=self.users[Role.REFERRER])

    def file(self) -> None:
        referral = make_filed_referral(
            referrer=self.users[Role.REFERRER], supervisor=self.users[Role.SUPERVISOR]
        )
        make_assignment(referral.case, self.users[Role.SPECIALIST], referral_id=referral.id)

    def draft(self) -> None:
        user = self.users[Role.REFERRER]
        start(user, actor=user.as_actor(), now=NOW)

    def wait(self) -> None:
        make_waiting(make_family())

    def colleague(self) -> None:
        make_specialist(unit=self.unit)

    def work(self) -> None:
        """A task that is overdue and a service that is quiet, of the same family."""
        make_task(self.stint, due_on=TODAY - timedelta(days=1))
        make_service(self.stint, on=TODAY - timedelta(days=20))

    def hand_over(self) -> None:
        make_hand_over(self.assign(AssignmentState.IN_CONTACT), make_specialist(unit=self.unit))

    def take_over(self) -> None:
        theirs = make_assignment(
            specialist=make_specialist(unit=self.unit),
            supervisor=self.users[Role.SUPERVISOR],
            state=AssignmentState.IN_CONTACT,
        )
        make_hand_over(theirs, self.users[Role.SPECIALIST], state=HandOverState.GIVEN)

    def contact(self) -> None:
        make_activity(self.stint, note="We spoke about the visit.")


PAGES: dict[str, tuple[Role, str, list[Callable[[Office], object]]]] = {
    "today": (
        Role.SPECIALIST,
        "/today",
        [
            lambda office: office.assign(AssignmentState.OFFERED),
            lambda office: office.assign(AssignmentState.ACCEPTED),
            lambda office: office.assign(AssignmentState.IN_CONTACT),
            Office.work,
        ],
    ),
    "caseload": (
        Role.SPECIALIST,
        "/caseload",
        [lambda office: office.assign(AssignmentState.IN_CONTACT)],
    ),
    "a family of many contacts": (Role.SPECIALIST, "/families/{family}", [Office.contact]),
    "a family of many tasks and services": (
        Role.SPECIALIST,
        "/families/{family}",
        [Office.work],
    ),
    "tasks": (Role.SUPERVISOR, "/tasks", [Office.work]),
    "families": (
        Role.SUPERVISOR,
        "/families",
        [lambda office: office.assign(AssignmentState.IN_CONTACT)],
    ),
    "workload": (
        Role.SUPERVISOR,
        "/workload",
        [
            Office.colleague,
            Office.hand_over,
            lambda office: office.assign(AssignmentState.IN_CONTACT),
        ],
    ),
    "a list behind the workload": (
        Role.SUPERVISOR,
        "/workload/list",
        [lambda office: office.assign(AssignmentState.IN_CONTACT)],
    ),
    "today, with hand-overs": (Role.SPECIALIST, "/today", [Office.hand_over, Office.take_over]),
    "triage": (Role.SUPERVISOR, "/triage", [Office.refer, Office.wait]),
    "a decision among many specialists and earlier referrals": (
        Role.SUPERVISOR,
        "/triage/referrals/{referral}",
        [Office.colleague, Office.refer],
    ),
    "two side by side, of many that look alike": (
        Role.SUPERVISOR,
        "/triage/referrals/{referral}/beside/families/{family}",
        [Office.refer, Office.wait],
    ),
    "drafts": (Role.REFERRER, "/drafts", [Office.draft]),
    "referrals, waiting": (Role.REFERRER, "/referrals", [Office.refer]),
    "referrals, filed": (Role.REFERRER, "/referrals", [Office.file]),
    "accounts": (Role.ADMIN, "/accounts", [Office.colleague]),
    "audit": (Role.AUDITOR, "/audit", [Office.refer]),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_hundred_rows_asks_no_more_often_than_one_of_ten(
    name: str,
    browser_for: OpenBrowser,
    session: scoped_session[Session],
    statements: Statements,
) -> None:
    role, address, makers = PAGES[name]
    office = Office()
    address = address.format(
        family=office.stint.case.public_id,
        referral=make_referral(referrer=office.users[Role.REFERRER]).public_id,
    )
    counted = []
    for rows in (10, 90):
        for make in islice(cycle(makers), rows):
            make(office)
        browser = browser_for(office.users[role])
        statements.texts.clear()
        browser.open(address)
        # That a reading is recorded is no question; what is shown is.
        counted.append([text for text in statements.texts if text.startswith("SELECT")])
    few, many = counted
    assert len(many) <= len(few), set(many) - set(few)
    assert few, "nothing was asked at all"


def test_a_decision_searches_for_earlier_referrals_once(
    browser_for: OpenBrowser, session: scoped_session[Session], statements: Statements
) -> None:
    office = Office()
    office.file()
    referral = make_referral(referrer=office.users[Role.REFERRER])
    browser = browser_for(office.users[Role.SUPERVISOR])
    statements.texts.clear()
    browser.open(f"/triage/referrals/{referral.public_id}")
    assert len([text for text in statements.texts if "FROM name_sound" in text]) == 1
