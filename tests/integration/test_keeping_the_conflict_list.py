"""Who keeps the conflict list in the browser, what they see of it, and what follows at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.orm.attributes import set_committed_value

from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.services import disable_user
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.types import AssignmentState, HandOverState
from parents_partners.cases.models import Case, Conflict
from parents_partners.cases.queries.conflicts import (
    conflict_for,
    conflicts,
    conflicts_of_family,
    kept_out_carriers,
)
from parents_partners.cases.services.conflicts import (
    end_conflict,
    keep_oneself_out,
    keep_out_by_number,
    record_conflict,
)
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_hand_over,
    make_specialist,
    make_unit,
    make_user,
)

Database = scoped_session[Session]


@pytest.fixture
def unit(session: Database) -> Unit:
    return make_unit()


@pytest.fixture
def supervisor(unit: Unit) -> User:
    return make_user(Role.SUPERVISOR, unit=unit)


@pytest.fixture
def specialist(unit: Unit) -> User:
    user = make_specialist(unit=unit)
    user.name = "Ramona Ventura"
    return user


@pytest.fixture
def admin(session: Database) -> User:
    return make_user(Role.ADMIN)


@pytest.fixture
def family(session: Database) -> Case:
    return make_family("Marte, Luz", number="S-777777-7")


def sees(viewer: User, conflict: Conflict) -> bool:
    try:
        return conflict_for(viewer.as_actor(), conflict.public_id) is conflict
    except Absent:
        return False


def test_an_administrator_sees_person_and_number_and_no_family(
    admin: User, specialist: User, family: Case
) -> None:
    record_conflict(specialist.id, actor=admin.as_actor(), now=NOW, case=family)
    [row] = conflicts(admin.as_actor()).rows
    assert (row.person, row.number, row.family, row.family_id) == (
        "Ramona Ventura",
        "S7777777",
        None,
        None,
    )


def test_a_supervisor_sees_the_family_where_it_is_one_of_theirs(
    supervisor: User, specialist: User, family: Case
) -> None:
    record_conflict(specialist.id, actor=supervisor.as_actor(), now=NOW, case=family)
    [row] = conflicts(supervisor.as_actor()).rows
    assert row.family == "Marte, Luz"
    make_assignment(family)  # another unit carries it now
    [row] = conflicts(supervisor.as_actor()).rows
    assert row.family is None


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERVISOR, Role.SPECIALIST, Role.HELPLINE])
def test_nobody_sees_or_ends_an_entry_about_themself(
    session: Database, unit: Unit, family: Case, admin: User, role: Role
) -> None:
    """ADV-01, security.md: the list does not tell who is on it which family it is."""
    user = make_user(role, unit=unit)
    entry = record_conflict(user.id, actor=admin.as_actor(), now=NOW, case=family)
    own = record_conflict(user.id, actor=user.as_actor(), now=NOW, number_key="S0888888")
    assert not sees(user, entry)
    assert not sees(user, own)
    assert conflicts(user.as_actor()).rows == []


def test_a_supervisor_who_is_kept_out_learns_of_no_colleague_who_is(
    supervisor: User, specialist: User, family: Case, admin: User
) -> None:
    actor = admin.as_actor()
    by_case = record_conflict(specialist.id, actor=actor, now=NOW, case=family)
    by_number = keep_out_by_number(specialist, "s 777777 7", actor=actor, now=NOW)
    assert sees(supervisor, by_case)
    assert sees(supervisor, by_number)
    keep_out_by_number(supervisor, "S-777777-7", actor=actor, now=NOW)
    assert not sees(supervisor, by_case)
    assert not sees(supervisor, by_number)


def test_a_supervisor_sees_no_entry_about_another_units_people_and_families(
    session: Database, supervisor: User, admin: User
) -> None:
    theirs = make_assignment()
    entry = record_conflict(make_specialist().id, actor=admin.as_actor(), now=NOW, case=theirs.case)
    assert not sees(supervisor, entry)
    assert sees(admin, entry)


@pytest.mark.parametrize("number", ["", "   ", "no digits", "-", "9" * 41])
def test_what_can_be_no_case_number_is_refused(specialist: User, admin: User, number: str) -> None:
    with pytest.raises(Refused) as refused:
        keep_out_by_number(specialist, number, actor=admin.as_actor(), now=NOW)
    assert set(refused.value.problems) == {"number"}
    with pytest.raises(Refused):
        keep_oneself_out(number, actor=specialist.as_actor(), now=NOW)


def test_said_again_in_another_spelling_it_is_the_same_entry(specialist: User, admin: User) -> None:
    first = keep_out_by_number(specialist, "S-777777-7", actor=admin.as_actor(), now=NOW)
    assert keep_oneself_out("7777777 s", actor=specialist.as_actor(), now=NOW) is first


def test_of_two_who_end_an_entry_the_second_is_told_who_was_quicker(
    session: Database, specialist: User, supervisor: User, admin: User
) -> None:
    """Pitfall 5: also where they looked at it before the other ended it."""
    entry = keep_out_by_number(specialist, "S-777777-7", actor=admin.as_actor(), now=NOW)
    end_conflict(entry, actor=supervisor.as_actor(), now=NOW)
    for seen in (NOW, None):
        set_committed_value(entry, "ended_at", seen)
        with pytest.raises(AlreadyDone) as already:
            end_conflict(entry, actor=admin.as_actor(), now=NOW + timedelta(hours=1))
        assert already.value.by == supervisor.name
    assert entry.ended_at == NOW


def test_what_was_offered_of_the_family_is_taken_back_and_its_parents_wait_again(
    session: Database, supervisor: User, specialist: User, family: Case, admin: User
) -> None:
    offer = make_assignment(
        family, specialist, state=AssignmentState.OFFERED, supervisor=supervisor
    )
    other = make_assignment(
        make_family(), specialist, state=AssignmentState.OFFERED, supervisor=supervisor
    )
    keep_out_by_number(specialist, "S-777777-7", actor=admin.as_actor(), now=NOW)
    session.refresh(offer)
    session.refresh(other)
    assert (offer.state, other.state) == (AssignmentState.LAPSED, AssignmentState.OFFERED)
    waiting = session.scalars(select(Waiting).where(Waiting.ended_at.is_(None))).all()
    assert [row.case_id for row in waiting] == [family.id]


def test_a_family_that_they_were_asked_to_take_over_stays_where_it_is(
    session: Database, supervisor: User, specialist: User, family: Case, admin: User
) -> None:
    """They could not see it any more, and it would wait for them for ever."""
    carrier = make_specialist(unit=specialist.unit)
    asked, other = (
        make_hand_over(
            make_assignment(case, carrier, supervisor=supervisor), specialist, state=state
        )
        for case, state in ((family, HandOverState.GIVEN), (make_family(), HandOverState.ASKED))
    )
    keep_out_by_number(specialist, "S-777777-7", actor=admin.as_actor(), now=NOW)
    session.refresh(asked)
    session.refresh(other)
    assert (asked.state, other.state) == (HandOverState.TAKEN_BACK, HandOverState.ASKED)
    assert asked.assignment.state is AssignmentState.ACCEPTED


def test_a_family_whose_carrier_is_kept_out_is_shown_to_the_supervisor(
    session: Database, supervisor: User, specialist: User, family: Case, admin: User
) -> None:
    stint = make_assignment(family, specialist, supervisor=supervisor)
    viewer = supervisor.as_actor()
    assert kept_out_carriers(viewer, family) == []
    entry = keep_out_by_number(specialist, "S7777777", actor=admin.as_actor(), now=NOW)
    assert kept_out_carriers(viewer, family) == ["Ramona Ventura"]
    assert [row.person for row in conflicts_of_family(viewer, family)] == ["Ramona Ventura"]
    assert stint.state is AssignmentState.ACCEPTED, "how it ends is for a supervisor to say"
    end_conflict(entry, actor=viewer, now=NOW)
    assert kept_out_carriers(viewer, family) == []
    assert conflicts(viewer).rows == []


def test_a_family_whose_carriers_account_is_disabled_is_shown_to_the_supervisor_too(
    session: Database, supervisor: User, specialist: User, family: Case, admin: User
) -> None:
    """They are asked to prepare a hand-over in vain: nobody signs in to do it."""
    make_assignment(family, specialist, supervisor=supervisor)
    disable_user(specialist, actor=admin.as_actor(), now=NOW)
    assert kept_out_carriers(supervisor.as_actor(), family) == ["Ramona Ventura"]
    assert conflicts_of_family(supervisor.as_actor(), family) == []
