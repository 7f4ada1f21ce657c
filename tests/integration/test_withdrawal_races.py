"""R-06: a withdrawal of consent and an acceptance, an offer or an entry at the same moment. Whoever
comes first, once the withdrawal is committed nothing rests on the consent any more."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from parents_partners.accounts.types import Role
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import (
    AssignedParent,
    Assignment,
    ServiceReferral,
    Specialist,
    Waiting,
)
from parents_partners.advocates.services.answering import accept, decline
from parents_partners.advocates.services.routing import offer, wait
from parents_partners.advocates.services.service_referrals import go_on
from parents_partners.advocates.services.service_referrals import offer as offer_service
from parents_partners.advocates.types import (
    AssignmentState,
    ServiceAction,
    ServiceCommand,
    ServiceState,
    ServiceStepCommand,
    WaitingSince,
)
from parents_partners.cases.models import Case, Person
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_family,
    make_service,
    make_specialist,
    make_user,
    parents_of,
)

ROUNDS = 6


def withdraw(ids):
    withdraw_consents(
        db.session.get(Case, ids["case"]),
        db.session.get(Person, ids["parent"]),
        list(ConsentScope),
        actor=ids["supervisor"],
        now=NOW,
    )


def accept_it(ids):
    accept(db.session.get(Assignment, ids["assignment"]), actor=ids["specialist"], now=NOW)


def decline_it(ids):
    assignment = db.session.get(Assignment, ids["assignment"])
    decline(assignment, "schedule", actor=ids["specialist"], now=NOW)


def offer_it(ids):
    offer(
        db.session.get(Case, ids["case"]),
        [db.session.get(Person, ids["parent"])],
        db.session.get(Specialist, ids["specialist"].id),
        actor=ids["supervisor"],
        now=NOW,
    )


def offer_a_service(ids):
    command = ServiceCommand(ids["parent_public"], "housing", None, TODAY)
    offer_service(
        db.session.get(Assignment, ids["assignment"]), command, actor=ids["specialist"], now=NOW
    )


def go_on_with_it(ids):
    service = db.session.get(ServiceReferral, ids["service"])
    command = ServiceStepCommand(ServiceAction.ACCEPT, TODAY)
    go_on(service, command, version=ids["version"], actor=ids["specialist"], now=NOW)


def at_once(app, barrier, act, ids):
    with app.app_context():
        barrier.wait()
        try:
            act(ids)
            db.session.commit()
        except (AlreadyDone, Refused):
            db.session.rollback()
        finally:
            db.session.remove()


def a_family(*, offered):
    specialist = make_specialist()
    supervisor = make_user(Role.SUPERVISOR, unit=specialist.unit)
    case = make_family()
    [parent] = parents_of(case)
    ids = {
        "case": case.id,
        "parent": parent.id,
        "specialist": specialist.as_actor(),
        "supervisor": supervisor.as_actor(),
    }
    if offered:
        ids["assignment"] = make_assignment(
            case, specialist, supervisor=supervisor, state=AssignmentState.OFFERED
        ).id
    else:
        wait(case, parent, WaitingSince.FILED, actor=supervisor.as_actor(), now=NOW)
    db.session.commit()
    return ids


def a_family_with_a_service():
    specialist = make_specialist()
    stint = make_assignment(specialist=specialist, state=AssignmentState.IN_CONTACT)
    [parent] = parents_of(stint.case)
    service = make_service(stint, kind="legal")
    ids = {
        "case": stint.case_id,
        "parent": parent.id,
        "parent_public": parent.public_id,
        "assignment": stint.id,
        "service": service.id,
        "version": service.version,
        "specialist": specialist.as_actor(),
        "supervisor": make_user(Role.SUPERVISOR, unit=specialist.unit).as_actor(),
    }
    db.session.commit()
    return ids


@pytest.mark.parametrize("act", [offer_a_service, go_on_with_it])
def test_after_a_committed_withdrawal_no_service_is_open(own_database, act):
    for _ in range(ROUNDS):
        with own_database.app_context():
            ids = a_family_with_a_service()
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            running = [
                pool.submit(at_once, own_database, barrier, do, ids) for do in (withdraw, act)
            ]
            for one in running:
                one.result(timeout=30)
        with own_database.app_context():
            states = db.session.scalars(
                select(ServiceReferral.state).where(ServiceReferral.case_id == ids["case"])
            ).all()
            assert set(states) == {ServiceState.FELL_THROUGH}


@pytest.mark.parametrize("act", [accept_it, decline_it, offer_it])
def test_after_a_committed_withdrawal_nothing_is_open_for_that_parent(own_database, act):
    for _ in range(ROUNDS):
        with own_database.app_context():
            ids = a_family(offered=act is not offer_it)
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            running = [
                pool.submit(at_once, own_database, barrier, do, ids) for do in (withdraw, act)
            ]
            for one in running:
                one.result(timeout=30)
        with own_database.app_context():
            states = db.session.scalars(
                select(Assignment.state).where(Assignment.case_id == ids["case"])
            ).all()
            assert not set(states) & OPEN
            for row in (AssignedParent.released_at, Waiting.ended_at):
                open_rows = select(row.class_).where(
                    row.is_(None), row.class_.case_id == ids["case"]
                )
                assert db.session.scalars(open_rows).all() == []
