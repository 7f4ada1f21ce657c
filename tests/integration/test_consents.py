"""ADV-05: a consent is confirmed to the specialist, added to, and taken back, whole or in part;
what it allowed stops in the same transaction."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from parents_partners.accounts.types import Role
from parents_partners.advocates.models import AssignedParent, Waiting
from parents_partners.advocates.services import routing
from parents_partners.advocates.types import AssignmentState, WaitingSince
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Consent
from parents_partners.cases.services.consents import (
    confirm_consents,
    hold_consents,
    record_consents,
    withdraw_consents,
)
from parents_partners.cases.types import (
    KEPT,
    ConsentCommand,
    ConsentScope,
    HowAsked,
    what_stops,
)
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_family,
    make_parent,
    make_specialist,
    make_user,
    parents_of,
)

ALL = tuple(ConsentScope)
SUPPORT, SHARE, ATTEND = (
    ConsentScope.SUPPORT,
    ConsentScope.SHARE_WITH_AGENCY,
    ConsentScope.ATTEND_MEETINGS,
)

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def supervisor():
    return make_user(Role.SUPERVISOR).as_actor()


def withdraw(case, person, scopes, actor):
    return withdraw_consents(case, person, scopes, actor=actor, now=NOW)


def test_taking_everything_back_ends_the_support_in_the_same_transaction(supervisor):
    case = make_family()
    [parent] = parents_of(case)
    assignment = make_assignment(case, state=AssignmentState.IN_CONTACT)
    withdraw(case, parent, ALL, supervisor)
    assert assignment.state is AssignmentState.ENDED
    assert assignment.outcome == "consent_withdrawn"
    assert assignment.parents[0].released_at == NOW


def test_taking_everything_back_makes_an_open_offer_lapse(supervisor):
    case = make_family()
    [parent] = parents_of(case)
    assignment = make_assignment(case, state=AssignmentState.OFFERED)
    withdraw(case, parent, ALL, supervisor)
    assert assignment.state is AssignmentState.LAPSED


def test_taking_everything_back_ends_a_place_in_the_queue(session, supervisor):
    case = make_family()
    [parent] = parents_of(case)
    routing.wait(case, parent, WaitingSince.FILED, actor=supervisor, now=NOW)
    withdraw(case, parent, ALL, supervisor)
    assert session.scalars(select(Waiting.ended_at)).all() == [NOW]


def test_the_other_parent_of_the_stint_stays_supported(session, supervisor):
    case = make_family()
    [mother] = parents_of(case)
    father = make_parent(case, "José", "Marte")
    assignment = make_assignment(case, state=AssignmentState.IN_CONTACT, parents=[mother, father])
    withdraw(case, father, ALL, supervisor)
    session.expire_all()
    assert assignment.state is AssignmentState.IN_CONTACT
    left = session.scalars(
        select(AssignedParent.person_id).where(AssignedParent.released_at.is_(None))
    ).all()
    assert left == [mother.id]


def test_who_still_allows_meetings_stays_in_the_stint_for_meetings_only(supervisor):
    case = make_family()
    [parent] = parents_of(case)
    assignment = make_assignment(case, state=AssignmentState.IN_CONTACT)
    words = withdraw(case, parent, [SUPPORT], supervisor)
    assert assignment.state is AssignmentState.IN_CONTACT
    assert "The Family Specialist contacts this parent about meetings only." in words


def test_taking_back_what_the_agency_may_learn_stops_no_contact(supervisor):
    case = make_family()
    [parent] = parents_of(case)
    assignment = make_assignment(case, state=AssignmentState.IN_CONTACT)
    words = withdraw(case, parent, [SHARE], supervisor)
    assert assignment.state is AssignmentState.IN_CONTACT
    assert words[0].startswith("Nothing more is shared with the agency")


def test_taking_back_twice_changes_nothing_the_second_time(session, supervisor):
    case = make_family()
    [parent] = parents_of(case)
    withdraw(case, parent, ALL, supervisor)
    assert withdraw(case, parent, ALL, supervisor) == ()
    events = select(AuditEvent).where(AuditEvent.event == Event.CONSENT_WITHDRAWN)
    assert len(session.scalars(events).all()) == 1


def test_a_withdrawn_consent_stays_on_record_with_who_recorded_it(session, supervisor):
    case = make_family()
    [parent] = parents_of(case)
    withdraw(case, parent, [ATTEND], supervisor)
    row = session.scalars(select(Consent).where(Consent.scope == ATTEND)).one()
    assert (row.withdrawn_at, row.withdrawal_recorded_by_id) == (NOW, supervisor.id)


def test_the_log_names_scopes_and_never_the_parent(session, supervisor):
    case = make_family()
    [parent] = parents_of(case)
    withdraw(case, parent, [ATTEND], supervisor)
    row = session.scalars(
        select(AuditEvent).where(AuditEvent.event == Event.CONSENT_WITHDRAWN)
    ).one()
    assert row.detail == {"scopes": ["attend_meetings"], "heard_from": "parent"}


def test_a_specialist_confirms_each_consent_once():
    case = make_family()
    [parent] = parents_of(case)
    specialist = make_specialist().as_actor()
    confirm_consents(case, parent, ALL, actor=specialist, now=NOW)
    confirm_consents(case, parent, ALL, actor=specialist, now=NOW + timedelta(days=1))
    rows = parent_consents(case, parent)
    assert {row.confirmed_at for row in rows} == {NOW}
    assert {row.confirmed_by_id for row in rows} == {specialist.id}


def test_a_scope_that_is_given_later_counts_from_then_and_is_confirmed():
    case = make_family()
    parent = make_parent(case, "Ada", "Marte", scopes=(SUPPORT,))
    specialist = make_specialist().as_actor()
    command = ConsentCommand(frozenset({SUPPORT, ATTEND}), TODAY, HowAsked.PHONE)
    record_consents(case, parent, command, actor=specialist, now=NOW)
    assert hold_consents(case.id)[parent.id] == {SUPPORT, ATTEND}
    [added] = [row for row in parent_consents(case, parent) if row.scope is ATTEND]
    assert (added.recorded_at, added.confirmed_at, added.asked_by) == (NOW, NOW, specialist.name)


def test_nothing_new_or_a_day_to_come_is_no_consent():
    case = make_family()
    [parent] = parents_of(case)
    specialist = make_specialist().as_actor()
    known = ConsentCommand(frozenset({SUPPORT}), TODAY, HowAsked.PHONE)
    with pytest.raises(Refused) as refused:
        record_consents(case, parent, known, actor=specialist, now=NOW)
    assert list(refused.value.problems) == ["scopes"]
    other = make_parent(case, "Ada", "Marte", scopes=())
    tomorrow = ConsentCommand(frozenset({SUPPORT}), TODAY + timedelta(days=1), HowAsked.PHONE)
    with pytest.raises(Refused) as refused:
        record_consents(case, other, tomorrow, actor=specialist, now=NOW)
    assert list(refused.value.problems) == ["asked_on"]


@pytest.mark.parametrize(("days", "in_force"), [(-1, False), (0, True)])
def test_an_answer_from_before_a_withdrawal_undoes_it_not(supervisor, days, in_force):
    """ADV-05: what a parent said last counts, as where a referral is filed."""
    case = make_family()
    parent = make_parent(case, "Ada", "Marte", scopes=(SUPPORT, ATTEND))
    withdraw_consents(case, parent, [ATTEND], actor=supervisor, now=NOW - timedelta(days=1))
    withdrawn_on = TODAY - timedelta(days=1)
    specialist = make_specialist().as_actor()
    said = ConsentCommand(frozenset({ATTEND}), withdrawn_on + timedelta(days=days), HowAsked.PHONE)
    if in_force:
        record_consents(case, parent, said, actor=specialist, now=NOW)
    else:
        with pytest.raises(Refused) as refused:
            record_consents(case, parent, said, actor=specialist, now=NOW)
        assert list(refused.value.problems) == ["asked_on"]
    assert (ATTEND in hold_consents(case.id)[parent.id]) is in_force


def test_only_what_was_read_to_the_parent_is_confirmed():
    """ADV-05: what came in with another referral meanwhile is read to them another time."""
    case = make_family()
    parent = make_parent(case, "Ada", "Marte", scopes=(SUPPORT, ATTEND))
    specialist = make_specialist().as_actor()
    confirm_consents(case, parent, [SUPPORT], actor=specialist, now=NOW)
    assert {row.scope for row in parent_consents(case, parent) if row.confirmed_at} == {SUPPORT}


@pytest.mark.parametrize("withdrawn", [{SUPPORT}, {SHARE}, {ATTEND}, {SUPPORT, ATTEND}, set(ALL)])
def test_every_withdrawal_says_that_the_past_stays_on_record(withdrawn):
    words = what_stops(frozenset(withdrawn), frozenset(ALL) - withdrawn)
    assert words[-1] == KEPT
    assert len(words) > 1


def parent_consents(case, person):
    return db.session.scalars(
        select(Consent).where(Consent.case_id == case.id, Consent.person_id == person.id)
    ).all()
