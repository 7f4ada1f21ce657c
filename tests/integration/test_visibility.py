"""Which families a supervisor sees (security.md): their unit's, and those nobody has."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Activity
from parents_partners.advocates.policies import notes_visible_to
from parents_partners.advocates.services import routing
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.queries import case_for
from parents_partners.core.errors import Absent
from tests.factories import (
    NOW,
    make_activity,
    make_assignment,
    make_family,
    make_specialist,
    make_unit,
    make_user,
    make_waiting,
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


def test_a_family_whose_support_is_over_stays_with_the_unit_that_gave_it(
    here: User, there: User
) -> None:
    family = make_family()
    make_assignment(
        family, make_specialist(unit=here.unit), state=AssignmentState.ENDED, supervisor=here
    )
    assert case_for(here.as_actor(), family.public_id) is family
    with pytest.raises(Absent):
        case_for(there.as_actor(), family.public_id)


def test_once_a_parent_waits_again_every_unit_may_route_the_family_and_reads_its_own_notes_only(
    session: Database, here: User, there: User
) -> None:
    family = make_family()
    stint = make_assignment(
        family, make_specialist(unit=here.unit), state=AssignmentState.ENDED, supervisor=here
    )
    activity = make_activity(stint, note="She cried.")
    make_waiting(family)
    for supervisor, reads in ((here, True), (there, False)):
        assert case_for(supervisor.as_actor(), family.public_id) is family
        readable = select(Activity.id).where(
            Activity.id == activity.id, notes_visible_to(supervisor.as_actor())
        )
        assert (session.scalar(readable) is not None) is reads
