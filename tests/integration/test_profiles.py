"""What a Family Specialist takes on is theirs to say, their capacity is not; days away have no
reason and show what they uncover (PP-04, PP-10, ADV-01)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Away, Specialist
from parents_partners.advocates.queries.profiles import (
    away_of,
    specialist_in_unit,
    specialists_of,
)
from parents_partners.advocates.services import profiles
from parents_partners.advocates.types import ProfileCommand
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Conflict
from parents_partners.core.errors import Absent, AlreadyDone, NotPermitted, Refused
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_conference,
    make_family,
    make_specialist,
    make_unit,
    make_user,
)

Database = scoped_session[Session]

PLAIN = ProfileCommand(
    languages=("en", "es"),
    boroughs=("bronx",),
    age_bands=("0-2",),
    concerns_taken=("housing",),
    concerns_not_taken=("sexual_abuse",),
    capacity=None,
    version=0,
)


@pytest.fixture
def unit(session: Database) -> Unit:
    return make_unit()


@pytest.fixture
def supervisor(unit: Unit) -> User:
    return make_user(Role.SUPERVISOR, unit=unit)


@pytest.fixture
def newcomer(unit: Unit) -> User:
    """A Family Specialist whose account is new: no profile yet."""
    return make_user(Role.SPECIALIST, unit=unit, name="Ramona Ventura")


def save(user: User, by: User, command: ProfileCommand) -> Specialist:
    return profiles.change_profile(user, command, actor=by.as_actor(), now=NOW)


def day(distance: int) -> date:
    return TODAY + timedelta(days=distance)


def changed_fields(session: Database) -> list[list[str]]:
    return [
        row.detail["fields"]
        for row in session.scalars(
            select(AuditEvent)
            .where(AuditEvent.event == Event.PROFILE_CHANGED)
            .order_by(AuditEvent.id)
        )
    ]


def test_a_new_specialist_gets_a_profile_when_it_is_first_saved_and_waits_for_a_capacity(
    session: Database, newcomer: User, supervisor: User
) -> None:
    [row] = specialists_of(supervisor.as_actor(), today=TODAY)
    assert row.capacity is None
    profile = save(newcomer, newcomer, PLAIN)
    assert (profile.capacity, profile.languages) == (0, ["en", "es"])
    save(newcomer, supervisor, replace(PLAIN, capacity=7, version=profile.version))
    [row] = specialists_of(supervisor.as_actor(), today=TODAY)
    assert row.capacity == 7


def test_what_stands_in_a_profile_is_not_in_the_log(session: Database, newcomer: User) -> None:
    """ADV-01: which fields, never what a specialist will not take."""
    save(newcomer, newcomer, PLAIN)
    save(newcomer, newcomer, replace(PLAIN, concerns_not_taken=(), version=1))
    assert changed_fields(session)[-1] == ["concerns_not_taken"]
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.event == Event.PROFILE_CHANGED)
    ).all()
    assert "sexual_abuse" not in str([event.detail for event in events])


def test_a_specialist_cannot_set_a_capacity_nor_change_a_colleagues_profile(
    session: Database, newcomer: User, unit: Unit
) -> None:
    with pytest.raises(NotPermitted):
        save(newcomer, newcomer, replace(PLAIN, capacity=50))
    with pytest.raises(NotPermitted):
        save(newcomer, make_specialist(unit=unit), PLAIN)


def test_a_specialist_keeps_the_capacity_that_the_supervisor_set(
    session: Database, unit: Unit
) -> None:
    specialist = make_specialist(unit=unit, capacity=12)
    assert save(specialist, specialist, replace(PLAIN, version=1)).capacity == 12


def test_who_saves_a_profile_that_somebody_else_changed_meanwhile_is_told(
    session: Database, newcomer: User, supervisor: User
) -> None:
    save(newcomer, newcomer, PLAIN)
    with pytest.raises(AlreadyDone) as late:
        save(newcomer, supervisor, replace(PLAIN, capacity=5))
    assert (late.value.by, late.value.at) == ("Ramona Ventura", NOW)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("languages", {"languages": ("xx",)}),
        ("boroughs", {"boroughs": ("hoboken",)}),
        (
            "concerns_not_taken",
            {"concerns_taken": ("housing",), "concerns_not_taken": ("housing",)},
        ),
        ("capacity", {"capacity": 100}),
    ],
)
def test_a_profile_that_contradicts_itself_or_the_lists_is_refused(
    session: Database, newcomer: User, supervisor: User, field: str, values: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        save(newcomer, supervisor, replace(PLAIN, **values))  # type: ignore[arg-type]
    assert set(refused.value.problems) == {field}


def away(session: Database, user: User, first: int, last: int) -> Away:
    return profiles.be_away(
        session.get_one(Specialist, user.id),
        day(first),
        day(last),
        actor=user.as_actor(),
        now=NOW,
    )


def test_days_away_show_the_conferences_that_they_uncover_both_ends_included(
    session: Database, unit: Unit, supervisor: User
) -> None:
    """PP-10, pitfall 10: late on the last evening still counts."""
    specialist = make_specialist(unit=unit)
    case = make_family("Marte, Luz")  # with a conference in four days
    make_assignment(case, specialist)
    make_conference(case, days=5, kind="SPR", starts_at=NOW + timedelta(days=5, hours=13))
    make_conference(case, days=6, kind="ICSC")
    away(session, specialist, 4, 5)
    for viewer in (specialist, supervisor):
        [row] = away_of(viewer.as_actor(), specialist, today=TODAY)
        assert [one.conference.kind for one in row.uncovers] == ["FTC", "SPR"]
        assert {one.family for one in row.uncovers} == {"Marte, Luz"}


def test_days_away_name_no_family_that_the_viewer_may_not_see(
    session: Database, unit: Unit, supervisor: User
) -> None:
    specialist, case = make_specialist(unit=unit), make_family()
    make_assignment(case, specialist)
    away(session, specialist, 4, 4)
    session.add(Conflict(user_id=supervisor.id, case_id=case.id, recorded_at=NOW))
    session.flush()
    [row] = away_of(supervisor.as_actor(), specialist, today=TODAY)
    assert row.uncovers == ()


def test_the_same_days_twice_are_one_entry_and_impossible_ones_are_refused(
    session: Database, unit: Unit
) -> None:
    specialist = make_specialist(unit=unit)
    assert away(session, specialist, 1, 3) is away(session, specialist, 1, 3)
    for first, last in ((3, 1), (-3, -1), (0, 400)):
        with pytest.raises(Refused):
            away(session, specialist, first, last)


def test_who_is_back_is_there_from_today_on(session: Database, unit: Unit) -> None:
    specialist = make_specialist(unit=unit)
    actor = specialist.as_actor()
    began, ahead = away(session, specialist, 0, 3), away(session, specialist, 5, 6)
    began.from_on = day(-2)
    session.flush()
    profiles.be_back(began, actor=actor, now=NOW)
    profiles.be_back(ahead, actor=actor, now=NOW)
    assert [(row.from_on, row.until_on) for row in session.scalars(select(Away))] == [
        (day(-2), day(-1))
    ]
    with pytest.raises(Refused):
        profiles.be_back(began, actor=actor, now=NOW)


def test_a_supervisor_finds_the_active_specialists_of_their_unit_only(
    session: Database, unit: Unit, supervisor: User, newcomer: User
) -> None:
    other = make_specialist()
    gone = make_user(Role.SPECIALIST, unit=unit, active=False)
    viewer = supervisor.as_actor()
    assert [row.name for row in specialists_of(viewer, today=TODAY)] == ["Ramona Ventura"]
    assert specialist_in_unit(viewer, newcomer.public_id) is newcomer
    for absent in (other, gone, supervisor):
        with pytest.raises(Absent):
            specialist_in_unit(viewer, absent.public_id)
