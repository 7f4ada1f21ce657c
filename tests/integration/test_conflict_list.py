"""Who stands on the conflict list never meets the family, under whatever number it comes
(security.md): filed under a known case, referred a second time, marked as a duplicate."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.actor import signed_in
from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import COMMAND_LINE, Actor, Role
from parents_partners.advocates.models import Specialist
from parents_partners.advocates.queries.families import families_of
from parents_partners.advocates.queries.queue import triage_queue
from parents_partners.advocates.queries.suggestions import suggestions_for_case
from parents_partners.advocates.services import routing
from parents_partners.advocates.types import QueueFilter
from parents_partners.cases.models import Case, Conflict
from parents_partners.cases.queries import case_for
from parents_partners.cases.services.conflicts import end_conflict, record_conflict
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries import (
    LookAlikes,
    look_alikes_of,
    referral_for,
    submission_of,
)
from parents_partners.referrals.services import mark_duplicate
from tests.factories import (
    NOW,
    make_case,
    make_family,
    make_filed_referral,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
    make_waiting,
    parents_of,
)

Database = scoped_session[Session]


@pytest.fixture
def unit(session: Database) -> Unit:
    return make_unit()


@pytest.fixture
def supervisor(unit: Unit) -> User:
    return make_user(Role.SUPERVISOR, unit=unit)


@pytest.fixture
def family(session: Database) -> Case:
    """Known under a number of its own; the referral that was filed there wrote another."""
    family = make_case(number="N-2222222")
    make_filed_referral(case=family, case__number="S-1111111")
    session.refresh(family)
    make_waiting(family)
    return family


def keep_away(session: Database, user: User, **from_what: object) -> Conflict:
    entry = Conflict(user_id=user.id, recorded_at=NOW, **from_what)
    session.add(entry)
    session.flush()
    return entry


def sees_family(viewer: User, family: Case) -> bool:
    try:
        return case_for(viewer.as_actor(), family.public_id) is family
    except Absent:
        return False


def sees_referral(viewer: User, referral: Referral) -> bool:
    try:
        return referral_for(viewer.as_actor(), referral.public_id) is referral
    except Absent:
        return False


@pytest.mark.parametrize("number", ["S1111111", "N2222222"])
def test_a_family_is_out_of_sight_by_every_number_it_is_known_under(
    session: Database, supervisor: User, family: Case, number: str
) -> None:
    assert sees_family(supervisor, family)
    keep_away(session, supervisor, number_key=number)
    assert not sees_family(supervisor, family)
    viewer = supervisor.as_actor()
    assert families_of(viewer).rows == []
    assert triage_queue(viewer, QueueFilter(), now=NOW).rows == []


def test_an_entry_by_case_holds_for_a_new_referral_that_writes_a_number_of_an_earlier_one(
    session: Database, supervisor: User, family: Case
) -> None:
    again = make_referral(case__number="s 111111 1")
    assert sees_referral(supervisor, again)
    keep_away(session, supervisor, case_id=family.id)
    assert not sees_referral(supervisor, again)


def test_an_entry_by_number_holds_for_a_new_referral_of_that_family_under_another_number(
    session: Database, supervisor: User, family: Case
) -> None:
    again = make_referral(case__number="N-222222-2")
    keep_away(session, supervisor, number_key="S1111111")
    assert not sees_referral(supervisor, again)


def test_a_duplicate_is_as_far_out_of_sight_as_its_original(
    session: Database, supervisor: User, family: Case
) -> None:
    original = session.scalars(select(Referral).where(Referral.case_id == family.id)).one()
    duplicate = make_referral(case__number=None)
    mark_duplicate(duplicate, original, actor=make_user(Role.SUPERVISOR).as_actor(), now=NOW)
    assert sees_referral(supervisor, duplicate)
    keep_away(session, supervisor, case_id=family.id)
    assert not sees_referral(supervisor, duplicate)


def test_so_is_the_duplicate_of_one_that_became_a_duplicate_itself(
    session: Database, supervisor: User, family: Case
) -> None:
    original = session.scalars(select(Referral).where(Referral.case_id == family.id)).one()
    second, third = make_referral(case__number=None), make_referral(case__number=None)
    colleague = make_user(Role.SUPERVISOR).as_actor()
    mark_duplicate(third, second, actor=colleague, now=NOW)
    mark_duplicate(second, original, actor=colleague, now=NOW)
    assert sees_referral(supervisor, third)
    keep_away(session, supervisor, case_id=family.id)
    assert not sees_referral(supervisor, third)


def test_so_is_an_undecided_original_by_the_number_of_its_duplicate_and_every_other_duplicate(
    session: Database, supervisor: User
) -> None:
    original, numbered, other = (
        make_referral(case__number=number) for number in (None, "D-3333333", None)
    )
    for duplicate in (numbered, other):
        mark_duplicate(duplicate, original, actor=make_user(Role.SUPERVISOR).as_actor(), now=NOW)
    assert sees_referral(supervisor, original)
    assert sees_referral(supervisor, other)
    keep_away(session, supervisor, number_key="D3333333")
    assert not sees_referral(supervisor, numbered)
    assert not sees_referral(supervisor, original)
    assert not sees_referral(supervisor, other)


def test_a_family_is_out_of_sight_by_the_number_of_a_duplicate(
    session: Database, supervisor: User, family: Case
) -> None:
    original = session.scalars(select(Referral).where(Referral.case_id == family.id)).one()
    duplicate = make_referral(case__number="D-3333333")
    mark_duplicate(duplicate, original, actor=make_user(Role.SUPERVISOR).as_actor(), now=NOW)
    keep_away(session, supervisor, number_key="D3333333")
    assert not sees_family(supervisor, family)
    assert not sees_referral(supervisor, original)


def test_no_look_alike_leads_to_a_family_of_the_list(
    session: Database, supervisor: User, family: Case
) -> None:
    """The names are the same; only the number on the list is another."""
    again = make_referral(case__number=None)
    viewer = supervisor.as_actor()
    before = look_alikes_of(viewer, again, submission_of(again))
    assert before.families
    assert before.referrals
    keep_away(session, supervisor, number_key="S1111111")
    assert look_alikes_of(viewer, again, submission_of(again)) == LookAlikes([], [])


@pytest.mark.parametrize("number", ["S1111111", "N2222222"])
def test_a_specialist_of_the_list_is_not_available_under_any_number_of_the_family(
    session: Database, unit: Unit, supervisor: User, family: Case, number: str
) -> None:
    specialist = make_specialist(unit=unit)
    actor = supervisor.as_actor()
    [before] = suggestions_for_case(actor, family, now=NOW)
    assert before.public_id == specialist.public_id
    keep_away(session, specialist, number_key=number)
    [after] = suggestions_for_case(actor, family, now=NOW)
    assert after.public_id is None
    with pytest.raises(Refused):
        routing.offer(
            family,
            parents_of(family),
            session.get_one(Specialist, specialist.id),
            actor=actor,
            now=NOW,
        )


def test_an_entry_keeps_nobody_from_another_family(
    session: Database, supervisor: User, family: Case
) -> None:
    keep_away(session, supervisor, number_key="X9999999")
    keep_away(session, make_user(Role.SUPERVISOR), case_id=family.id)
    keep_away(session, supervisor, case_id=family.id, ended_at=NOW)
    without_number = make_referral(case__number=None)
    assert sees_family(supervisor, family)
    assert sees_referral(supervisor, without_number)


def test_the_same_conflict_said_twice_is_one_entry_and_ends_once(session: Database) -> None:
    family, colleague = make_family(), make_specialist()
    actor = COMMAND_LINE
    first = record_conflict(colleague.id, actor=actor, now=NOW, case=family)
    assert record_conflict(colleague.id, actor=actor, now=NOW, case=family) is first
    by_number = record_conflict(colleague.id, actor=actor, now=NOW, number_key="S0999999")
    again = record_conflict(colleague.id, actor=actor, now=NOW, number_key="S0999999")
    assert again is by_number
    end_conflict(first, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone):
        end_conflict(first, actor=actor, now=NOW)
    assert record_conflict(colleague.id, actor=actor, now=NOW, case=family) is not first


def test_whether_somebody_is_on_the_list_is_asked_with_who_they_are(
    session: Database, supervisor: User, family: Case
) -> None:
    colleague = make_user(Role.SUPERVISOR, unit=supervisor.unit)
    keep_away(session, colleague, case_id=family.id)
    assert not has_conflicts(supervisor)
    entry = keep_away(session, supervisor, case_id=family.id)
    assert has_conflicts(supervisor)
    entry.ended_at = NOW
    session.flush()
    assert not has_conflicts(supervisor)


def has_conflicts(user: User) -> bool:
    found = signed_in(user.fs_uniquifier)
    assert found is not None
    return found.actor.has_conflicts


def test_an_actor_whom_nobody_looked_up_may_have_conflicts(
    supervisor: User,
) -> None:
    assert Actor(id=1, name="", role=Role.SUPERVISOR).has_conflicts
    assert supervisor.as_actor().has_conflicts
