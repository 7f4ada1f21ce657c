"""Somebody is disabled, or an offer comes to nothing, while others are in the middle of something:
all hold what they share in one order, so nobody waits for ever (R-06, pitfall 5). A pause puts the
two where they would meet. Commits are real, on a database of the test's own."""

from collections.abc import Callable
from functools import partial
from time import sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from parents_partners.accounts import services as accounts
from parents_partners.accounts.models import User
from parents_partners.accounts.services import accounts as account_verbs
from parents_partners.accounts.types import COMMAND_LINE, Actor, Role
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import Assignment, HandOver, Specialist
from parents_partners.advocates.services import handing_over, routing
from parents_partners.advocates.types import AssignmentState, HandOverState
from parents_partners.cases.models import Case, Person
from parents_partners.core.db import db
from parents_partners.referrals.models import Referral
from parents_partners.referrals.services import deciding
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_filed_referral,
    make_hand_over,
    make_parent,
    make_specialist,
    make_user,
    parents_of,
)
from tests.integration.test_two_administrators import at_once

PAUSE = 0.3


@pytest.fixture
def pause_before(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], None]:
    """Let this function wait a little before it does its work."""

    def patch(module: Any, name: str) -> None:
        act = getattr(module, name)

        def later(*args: Any, **named: Any) -> Any:
            sleep(PAUSE)
            return act(*args, **named)

        monkeypatch.setattr(module, name, later)

    return patch


def disable(user_id: int) -> None:
    sleep(PAUSE / 3)  # the other is under way
    accounts.disable_user(db.session.get_one(User, user_id), actor=COMMAND_LINE, now=NOW)


def open_stints_of(user_id: int) -> list[AssignmentState]:
    mine = select(Assignment.state).where(Assignment.specialist_id == user_id)
    return [state for state in db.session.scalars(mine) if state in OPEN]


def a_ready_hand_over() -> tuple[int, Actor]:
    taker = make_specialist()
    stint = make_assignment(
        make_family(), make_specialist(unit=taker.unit), state=AssignmentState.IN_CONTACT
    )
    hand_over = make_hand_over(stint, taker, state=HandOverState.GIVEN)
    db.session.commit()
    return hand_over.id, taker.as_actor()


def take(hand_over_id: int, taker: Actor) -> None:
    handing_over.take(db.session.get_one(HandOver, hand_over_id), actor=taker, now=NOW)


def test_who_takes_a_family_over_while_being_disabled_comes_before_or_after(
    own_database: Flask, pause_before: Callable[[Any, str], None]
) -> None:
    with own_database.app_context():
        hand_over_id, taker = a_ready_hand_over()
    assert taker.id is not None
    pause_before(handing_over, "_begin")
    done = at_once(own_database, partial(take, hand_over_id, taker), partial(disable, taker.id))
    assert done[1]
    with own_database.app_context():
        assert not db.session.get_one(User, taker.id).active
        assert bool(open_stints_of(taker.id)) == done[0]


def test_who_is_disabled_takes_no_family_over_any_more(own_database: Flask) -> None:
    """R-06: let in while they could still sign in, they come too late."""
    with own_database.app_context():
        hand_over_id, taker = a_ready_hand_over()
        assert taker.id is not None
        accounts.disable_user(db.session.get_one(User, taker.id), actor=COMMAND_LINE, now=NOW)
        db.session.commit()
    assert at_once(own_database, partial(take, hand_over_id, taker)) == [False]
    with own_database.app_context():
        assert open_stints_of(taker.id) == []
        hand_over = db.session.get_one(HandOver, hand_over_id)
        assert hand_over.state is HandOverState.TAKEN_BACK
        assert hand_over.closed_by_id is None  # the command line did it


def test_an_offer_to_somebody_who_is_being_disabled_comes_to_nothing(
    own_database: Flask, pause_before: Callable[[Any, str], None]
) -> None:
    with own_database.app_context():
        specialist = make_specialist(capacity=9)
        supervisor = make_user(Role.SUPERVISOR, unit=specialist.unit).as_actor()
        case = make_family()
        offered = parents_of(case)
        other = make_parent(case, "Ana", "Ruiz")
        make_assignment(case, specialist, state=AssignmentState.OFFERED, parents=offered)
        db.session.commit()
        case_id, person_id, user_id = case.id, other.id, specialist.id

    def offer() -> None:
        routing.offer(
            db.session.get_one(Case, case_id),
            [db.session.get_one(Person, person_id)],
            db.session.get_one(Specialist, user_id),
            actor=supervisor,
            now=NOW,
        )

    pause_before(routing, "refuse_unsuitable")
    assert at_once(own_database, offer, partial(disable, user_id))[1]
    with own_database.app_context():
        assert open_stints_of(user_id) == []


def test_an_offer_is_taken_back_while_its_referral_is_withdrawn(
    own_database: Flask, pause_before: Callable[[Any, str], None]
) -> None:
    with own_database.app_context():
        referral = make_filed_referral()
        assert referral.case is not None
        offer = make_assignment(
            referral.case, state=AssignmentState.OFFERED, referral_id=referral.id
        )
        supervisor = make_user(Role.SUPERVISOR).as_actor()
        db.session.commit()
        ids = referral.id, offer.id

    def withdraw() -> None:
        deciding.withdraw(db.session.get_one(Referral, ids[0]), actor=supervisor, now=NOW)

    def take_back() -> None:
        sleep(PAUSE / 3)
        routing.take_back(db.session.get_one(Assignment, ids[1]), actor=supervisor, now=NOW)

    pause_before(deciding, "_withdraw_consents_of")
    at_once(own_database, withdraw, take_back)
    with own_database.app_context():
        assert db.session.get_one(Assignment, ids[1]).state not in OPEN


def test_a_link_is_used_while_its_account_is_disabled(
    own_database: Flask, pause_before: Callable[[Any, str], None]
) -> None:
    with own_database.app_context():
        user = make_user(Role.REFERRER)
        db.session.commit()
        user_id = user.id
        token = accounts.make_link(user, actor=COMMAND_LINE, now=NOW).token
        db.session.commit()

    def choose() -> None:
        sleep(PAUSE / 3 * 2)  # while the other is about to end the links
        accounts.choose_password(token, "hashed", now=NOW)

    pause_before(account_verbs, "end_links")
    done = at_once(own_database, choose, partial(disable, user_id))
    assert done == [False, True]
