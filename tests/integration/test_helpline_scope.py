"""Which referrals helpline staff may read: their own intake, and what has no specialist yet."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Case
from parents_partners.referrals.models import Referral
from parents_partners.referrals.policies import visible_to
from tests.factories import make_assignment, make_filed_referral, make_user, make_waiting

Database = scoped_session[Session]
Sees = Callable[[Referral], bool]


@pytest.fixture
def helper_sees(session: Database) -> Sees:
    helper: User = make_user(Role.HELPLINE)

    def sees(referral: Referral) -> bool:
        found = select(Referral.id).where(Referral.id == referral.id, visible_to(helper.as_actor()))
        return session.scalar(found) is not None

    return sees


def family_of(referral: Referral) -> Case:
    assert referral.case is not None
    return referral.case


def test_a_family_that_waits_for_a_specialist_is_the_helplines_too(helper_sees: Sees) -> None:
    referral = make_filed_referral()
    make_waiting(family_of(referral))
    assert helper_sees(referral)


@pytest.mark.parametrize(
    "state", [AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.IN_CONTACT]
)
def test_a_family_that_somebody_has_is_not(helper_sees: Sees, state: AssignmentState) -> None:
    referral = make_filed_referral()
    make_assignment(family_of(referral), state=state)
    assert not helper_sees(referral)


def test_a_family_whose_support_is_over_is_not(helper_sees: Sees) -> None:
    referral = make_filed_referral()
    make_assignment(family_of(referral), state=AssignmentState.ENDED)
    assert not helper_sees(referral)
