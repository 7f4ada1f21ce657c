"""Who works with a family sees who else read about it (security.md)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case
from parents_partners.referrals.models import Referral
from parents_partners.referrals.services import mark_duplicate
from tests.browser import Browser
from tests.factories import (
    NOW,
    make_assignment,
    make_filed_referral,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
)

Database = scoped_session[Session]
OpenBrowser = Callable[[User | None], Browser]


def called(name: str, user: User) -> User:
    user.name = name
    return user


@pytest.fixture
def supervisor(session: Database) -> User:
    return make_user(Role.SUPERVISOR, unit=make_unit(), name="Yvonne Maddox")


@pytest.fixture
def specialist(supervisor: User) -> User:
    return called("Ramona Ventura", make_specialist(unit=supervisor.unit))


@pytest.fixture
def family(supervisor: User, specialist: User) -> Case:
    case = make_filed_referral(supervisor=supervisor).case
    make_assignment(case, specialist, supervisor=supervisor)
    return case


def test_a_specialist_sees_who_read_about_the_family_and_a_referral_of_it(
    session: Database, family: Case, supervisor: User, specialist: User, browser_for: OpenBrowser
) -> None:
    referral = session.scalars(select(Referral).where(Referral.case_id == family.id)).one()
    browser_for(supervisor).open(f"/referrals/{referral.public_id}")
    browser_for(supervisor).open(f"/families/{family.public_id}")
    page = browser_for(specialist).open(f"/families/{family.public_id}")
    page = page.follow("Who read about this family")
    assert [(row[0], row[3]) for row in page.rows] == [
        ("Ramona Ventura", "The family"),
        ("Yvonne Maddox", "The family"),
        ("Yvonne Maddox", "A referral"),
    ]
    again = browser_for(supervisor).open(f"/families/{family.public_id}/readers")
    assert len(again.rows) == 4, "looking at the list is a reading too"


def test_who_read_a_second_referral_of_the_family_is_among_its_readers(
    session: Database, family: Case, supervisor: User, specialist: User, browser_for: OpenBrowser
) -> None:
    """S-22: a duplicate is never filed itself."""
    first = session.scalars(select(Referral).where(Referral.case_id == family.id)).one()
    second = make_referral()
    browser_for(supervisor).open(f"/referrals/{second.public_id}")
    mark_duplicate(second, first, actor=supervisor.as_actor(), now=NOW)
    page = browser_for(specialist).open(f"/families/{family.public_id}/readers")
    assert [(row[0], row[3]) for row in page.rows] == [("Yvonne Maddox", "A referral")]


def test_to_whom_else_the_family_was_offered_is_the_supervisors_business(
    session: Database,
    family: Case,
    supervisor: User,
    specialist: User,
    browser_for: OpenBrowser,
) -> None:
    other = called("Ousmane Barry", make_specialist(unit=supervisor.unit))
    record(Event.OFFER_READ, family, actor=other.as_actor(), now=NOW, case_id=family.id)
    session.flush()
    address = f"/families/{family.public_id}/readers"
    assert "Ousmane Barry" not in browser_for(specialist).open(address)
    assert "Ousmane Barry" in browser_for(supervisor).open(address)
