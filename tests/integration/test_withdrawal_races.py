"""R-06: a withdrawal of consent and an acceptance, an offer or an entry at the same moment. Whoever
comes first, once the withdrawal is committed nothing rests on the consent any more."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from parents_partners.accounts.types import Role
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import AssignedParent, Assignment, Specialist, Waiting
from parents_partners.advocates.services.answering import accept, decline
from parents_partners.advocates.services.routing import offer, wait
from parents_partners.advocates.types import AssignmentState, WaitingSince
from parents_partners.cases.models import Case, Person
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
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
