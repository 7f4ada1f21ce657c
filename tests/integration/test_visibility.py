"""Which families a supervisor sees (security.md): their unit's, and those nobody has."""

import pytest
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.services import routing
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.queries import case_for
from parents_partners.core.errors import Absent
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_specialist,
    make_unit,
    make_user,
)

Database = scoped_session[Session]


@pytest.fixture
def here(session: Database) -> User:
    return make_user(Role.SUPERVISOR, unit=make_unit())


@pytest.fixture
def there(session: Database) -> User:
    return make_user(Role.SUPERVISOR, unit=make_unit())


def test_an_offer_of_once_opens_nothing_of_a_family_that_another_unit_carries(
    here: User, there: User
) -> None:
    family = make_family()
    offered = make_assignment(
        family, make_specialist(unit=here.unit), state=AssignmentState.OFFERED, supervisor=here
    )
    assert case_for(here.as_actor(), family.public_id) is family
    routing.take_back(offered, actor=here.as_actor(), now=NOW)
    make_assignment(family, make_specialist(unit=there.unit), supervisor=there)
    with pytest.raises(Absent):
        case_for(here.as_actor(), family.public_id)
    assert case_for(there.as_actor(), family.public_id) is family


def test_a_family_that_nobody_has_is_everybodys_to_route(here: User, there: User) -> None:
    family = make_family()
    assert case_for(here.as_actor(), family.public_id) is family
    assert case_for(there.as_actor(), family.public_id) is family
