"""ADV-03: a referral to a service is followed to its end. ADV-05: only with the parent's consent
to support, and not a step after it was taken back."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from parents_partners.accounts.types import Role
from parents_partners.advocates.models import ServiceReferral
from parents_partners.advocates.queries.service_referrals import (
    quiet_services,
    service_row,
    services_of,
)
from parents_partners.advocates.services import service_referrals as services
from parents_partners.advocates.types import (
    AssignmentState,
    ServiceAction,
    ServiceCommand,
    ServiceState,
    ServiceStepCommand,
)
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.errors import AlreadyDone, Refused
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_family,
    make_parent,
    make_service,
    make_specialist,
    make_user,
    parents_of,
)

pytestmark = pytest.mark.usefixtures("session")

ACCEPT, MAKE, START, FINISH, FALL = (
    ServiceAction.ACCEPT,
    ServiceAction.MAKE,
    ServiceAction.START,
    ServiceAction.FINISH,
    ServiceAction.FALL_THROUGH,
)


@pytest.fixture
def specialist():
    return make_specialist()


@pytest.fixture
def stint(session, specialist):
    """Accepted 39 days ago."""
    stint = make_assignment(specialist=specialist, state=AssignmentState.IN_CONTACT)
    stint.offered_at = NOW - timedelta(days=40)
    stint.accepted_at = NOW - timedelta(days=39)
    session.flush()
    return stint


def offer(stint, actor, **changes):
    values = {
        "person": parents_of(stint.case)[0].public_id,
        "kind": "housing",
        "provider": None,
        "happened_on": TODAY,
    } | changes
    return services.offer(stint, ServiceCommand(**values), actor=actor.as_actor(), now=NOW)


def go_on(service, action, actor, *, day=TODAY, version=None, **changes):
    services.go_on(
        service,
        ServiceStepCommand(action, day, **changes),
        version=version or service.version,
        actor=actor.as_actor(),
        now=NOW,
    )


def refusal(act, *args, **changes):
    with pytest.raises(Refused) as refused:
        act(*args, **changes)
    return list(refused.value.problems)


def test_it_is_followed_from_the_offer_to_the_end(session, stint, specialist):
    service = offer(stint, specialist, happened_on=TODAY - timedelta(days=9))
    for action, days in ((ACCEPT, 8), (MAKE, 6), (START, 2), (FINISH, 0)):
        day = TODAY - timedelta(days=days)
        go_on(service, action, specialist, day=day, provider="Canary House")
    row = service_row(service)
    assert row.state is ServiceState.FINISHED
    assert [(step.state, (TODAY - step.happened_on).days) for step in row.steps] == [
        (ServiceState.OFFERED, 9),
        (ServiceState.ACCEPTED, 8),
        (ServiceState.MADE, 6),
        (ServiceState.STARTED, 2),
        (ServiceState.FINISHED, 0),
    ]
    assert {step.recorded_by for step in row.steps} == {specialist.name}


def test_the_log_has_codes_and_neither_provider_nor_parent(session, stint, specialist):
    service = offer(stint, specialist, provider="Canary House")
    go_on(service, ACCEPT, specialist)
    go_on(service, FALL, specialist, reason="no_place")
    rows = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject == ServiceReferral.__tablename__)
        .order_by(AuditEvent.id)
    ).all()
    assert [(row.event, row.detail) for row in rows] == [
        (Event.SERVICE_OFFERED, {"service": "housing"}),
        (Event.SERVICE_ACCEPTED, {"service": "housing"}),
        (Event.SERVICE_FELL_THROUGH, {"service": "housing", "reason": "no_place"}),
    ]
    assert "Canary" not in json.dumps([row.detail for row in rows])


def test_only_a_parent_of_the_stint_is_offered_a_service(stint, specialist):
    apart = make_parent(stint.case, "José")
    assert refusal(offer, stint, specialist, person=apart.public_id) == ["person"]
    assert refusal(offer, stint, specialist, person="0" * 20) == ["person"]


def test_a_parent_who_allows_meetings_only_is_offered_no_service(specialist):
    """ADV-05: `attend_meetings` without `support` is contact about meetings only."""
    case = make_family()
    parent = make_parent(case, "José", scopes=(ConsentScope.ATTEND_MEETINGS,))
    stint = make_assignment(case, specialist, parents=[parent])
    assert refusal(offer, stint, specialist, person=parent.public_id) == ["person"]


def test_a_kind_that_the_programme_does_not_have_is_refused(stint, specialist):
    assert refusal(offer, stint, specialist, kind="yachting") == ["kind"]


def test_the_same_service_is_not_put_on_the_list_twice(stint, specialist):
    first = offer(stint, specialist)
    assert refusal(offer, stint, specialist) == ["kind"]
    offer(stint, specialist, provider="Another office")
    go_on(first, FALL, specialist, reason="parent_declined")
    offer(stint, specialist)


@pytest.mark.parametrize(("days", "taken"), [(1, False), (0, True), (-39, True), (-40, False)])
def test_a_service_is_offered_within_the_stint_and_not_in_the_future(
    stint, specialist, days, taken
):
    day = TODAY + timedelta(days=days)
    if taken:
        offer(stint, specialist, happened_on=day)
    else:
        assert refusal(offer, stint, specialist, happened_on=day) == ["happened_on"]


@pytest.mark.parametrize(("days", "taken"), [(1, False), (0, True), (-5, True), (-6, False)])
def test_a_step_comes_after_the_one_before_and_not_in_the_future(stint, specialist, days, taken):
    service = offer(stint, specialist, happened_on=TODAY - timedelta(days=5))
    day = TODAY + timedelta(days=days)
    if taken:
        go_on(service, ACCEPT, specialist, day=day)
    else:
        assert refusal(go_on, service, ACCEPT, specialist, day=day) == ["happened_on"]


def test_a_referral_is_made_to_somebody(stint, specialist):
    service = make_service(stint, state=ServiceState.ACCEPTED)
    assert refusal(go_on, service, MAKE, specialist) == ["provider"]
    go_on(service, MAKE, specialist, provider="Canary House")
    assert service.provider == "Canary House"


def test_why_it_will_not_happen_is_said_and_a_parents_no_is_an_answer(stint, specialist):
    service = offer(stint, specialist)
    assert refusal(go_on, service, FALL, specialist) == ["reason"]
    assert refusal(go_on, service, FALL, specialist, reason="bored") == ["reason"]
    # A withdrawal is recorded as what it is.
    assert refusal(go_on, service, FALL, specialist, reason="consent_withdrawn") == ["reason"]
    go_on(service, FALL, specialist, reason="parent_declined")
    assert service.fell_through_reason == "parent_declined"


def test_no_step_is_left_out(stint, specialist):
    service = offer(stint, specialist)
    for action in (MAKE, START, FINISH):
        with pytest.raises(AlreadyDone):
            go_on(service, action, specialist, provider="Canary House")
    assert service.state is ServiceState.OFFERED


def test_of_two_who_go_on_at_once_the_second_is_told(stint, specialist):
    supervisor = make_user(Role.SUPERVISOR, unit=specialist.unit)
    service = offer(stint, specialist)
    seen = service.version
    go_on(service, ACCEPT, supervisor, version=seen)
    for action, changes in ((ACCEPT, {}), (FALL, {"reason": "other"}), (None, {})):
        with pytest.raises(AlreadyDone) as already:
            go_on(service, action, specialist, version=seen, **changes)
        assert already.value.by == supervisor.name
    assert service.state is ServiceState.ACCEPTED


def test_asking_in_vain_is_noted_and_brings_it_no_further(stint, specialist):
    service = make_service(stint, state=ServiceState.MADE, on=TODAY - timedelta(days=20))
    people = {(service.case_id, service.person_id)}
    assert quiet_services(people, before=TODAY - timedelta(days=14))
    go_on(service, None, specialist)
    row = service_row(service)
    assert (row.state, row.asked_on) == (ServiceState.MADE, TODAY)
    assert [step.state for step in row.reached] == [
        ServiceState.OFFERED,
        ServiceState.ACCEPTED,
        ServiceState.MADE,
    ]
    assert quiet_services(people, before=TODAY - timedelta(days=14)) == []


def test_a_service_is_quiet_from_the_day_on_that_the_setting_says(stint):
    service = make_service(stint, on=TODAY - timedelta(days=14))
    people = {(service.case_id, service.person_id)}
    assert len(quiet_services(people, before=TODAY - timedelta(days=14))) == 1
    assert quiet_services(people, before=TODAY - timedelta(days=15)) == []
    # Of another parent it is somebody else's to ask.
    assert quiet_services({(service.case_id, 0)}, before=TODAY) == []


def test_with_the_consent_to_support_every_open_service_ends(session, stint, specialist):
    """ADV-05: in the same transaction, also where contact about meetings goes on."""
    open_ones = [
        make_service(stint, state=state, provider="Canary House")
        for state in (
            ServiceState.OFFERED,
            ServiceState.ACCEPTED,
            ServiceState.MADE,
            ServiceState.STARTED,
        )
    ]
    finished = make_service(stint, state=ServiceState.FINISHED)
    [parent] = parents_of(stint.case)
    actor = specialist.as_actor()
    withdraw_consents(stint.case, parent, [ConsentScope.ATTEND_MEETINGS], actor=actor, now=NOW)
    assert {one.state for one in open_ones} & {ServiceState.FELL_THROUGH} == set()
    withdraw_consents(stint.case, parent, [ConsentScope.SUPPORT], actor=actor, now=NOW)
    assert {(one.state, one.fell_through_reason) for one in open_ones} == {
        (ServiceState.FELL_THROUGH, services.CONSENT_WITHDRAWN)
    }
    assert finished.state is ServiceState.FINISHED
    with pytest.raises(AlreadyDone):
        go_on(open_ones[0], ACCEPT, specialist)
    assert refusal(offer, stint, specialist) == ["person"]


def test_one_parents_withdrawal_leaves_the_other_parents_services_alone(specialist):
    case = make_family()
    [mother] = parents_of(case)
    father = make_parent(case, "José")
    stint = make_assignment(case, specialist)
    hers, his = make_service(stint), make_service(stint, person_id=father.id)
    assert hers.person_id == mother.id
    withdraw_consents(case, mother, list(ConsentScope), actor=specialist.as_actor(), now=NOW)
    assert hers.state is ServiceState.FELL_THROUGH
    assert his.state is ServiceState.OFFERED


def test_nothing_goes_on_where_support_is_not_in_force_but_its_end_can_be_noted(specialist):
    """It can have come so by a consent that was never given for support."""
    case = make_family()
    parent = make_parent(case, "José", scopes=(ConsentScope.ATTEND_MEETINGS,))
    stint = make_assignment(case, specialist, parents=[parent])
    service = make_service(stint)
    assert refusal(go_on, service, ACCEPT, specialist) == [""]
    go_on(service, FALL, specialist, reason="other")


def test_what_goes_on_stands_first(stint):
    ended = make_service(stint, state=ServiceState.FINISHED)
    going_on = make_service(stint)
    latest = make_service(stint, state=ServiceState.FINISHED)
    assert [row.id for row in services_of(stint.case)] == [going_on.id, latest.id, ended.id]
