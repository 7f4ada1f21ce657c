"""Two at once: a hand-over that is taken while a parent takes their consent back, the support
ends, or the supervisor takes the hand-over back (R-06, pitfall 5)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from parents_partners.accounts.types import Role
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import AssignedParent, Assignment, HandOver
from parents_partners.advocates.services import handing_over
from parents_partners.advocates.services.support import end
from parents_partners.advocates.types import AssignmentState, HandOverState
from parents_partners.cases.models import Case, Person
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_hand_over,
    make_specialist,
    make_user,
    parents_of,
)

ROUNDS = 4


def take(ids):
    hand_over = db.session.get(HandOver, ids["hand_over"])
    handing_over.take(hand_over, actor=ids["taker"], now=NOW)


def take_back(ids):
    hand_over = db.session.get(HandOver, ids["hand_over"])
    handing_over.take_back(hand_over, actor=ids["supervisor"], now=NOW)


def withdraw(ids):
    withdraw_consents(
        db.session.get(Case, ids["case"]),
        db.session.get(Person, ids["parent"]),
        list(ConsentScope),
        actor=ids["supervisor"],
        now=NOW,
    )


def end_it(ids):
    end(db.session.get(Assignment, ids["stint"]), "goals_reached", actor=ids["giver"], now=NOW)


def at_once(app, barrier, act, ids):
    """Gives whether it was done."""
    with app.app_context():
        barrier.wait()
        try:
            act(ids)
            db.session.commit()
        except (AlreadyDone, Refused):
            db.session.rollback()
            return False
        finally:
            db.session.remove()
        return True


def a_family():
    giver = make_specialist()
    taker = make_specialist(unit=giver.unit)
    supervisor = make_user(Role.SUPERVISOR, unit=giver.unit)
    case = make_family()
    stint = make_assignment(case, giver, supervisor=supervisor, state=AssignmentState.IN_CONTACT)
    ids = {
        "case": case.id,
        "parent": parents_of(case)[0].id,
        "stint": stint.id,
        "giver": giver.as_actor(),
        "taker": taker.as_actor(),
        "supervisor": supervisor.as_actor(),
        "hand_over": make_hand_over(stint, taker, state=HandOverState.GIVEN).id,
    }
    db.session.commit()
    return ids


@pytest.mark.parametrize("other", [take, take_back, withdraw, end_it])
def test_of_two_at_once_one_stint_is_left_at_most_and_none_without_consent(own_database, other):
    for _ in range(ROUNDS):
        with own_database.app_context():
            ids = a_family()
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(at_once, own_database, barrier, do, ids) for do in (take, other)]
            done = [one.result(timeout=60) for one in running]
        with own_database.app_context():
            states = db.session.scalars(
                select(Assignment.state).where(Assignment.case_id == ids["case"])
            ).all()
            open_parents = db.session.scalars(
                select(AssignedParent).where(
                    AssignedParent.case_id == ids["case"], AssignedParent.released_at.is_(None)
                )
            ).all()
            hand_over = db.session.get(HandOver, ids["hand_over"])
            assert hand_over.closed_at is not None
            if other is withdraw:
                assert not set(states) & OPEN
                assert open_parents == []
            else:
                assert sum(done) == 1
                assert len(open_parents) <= 1
                taken = hand_over.state is HandOverState.TAKEN
                assert (len(states) == 2) == taken
