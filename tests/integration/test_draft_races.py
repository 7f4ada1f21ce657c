"""A draft of an activity is saved while something happens to it. Commits are real, on a database of
the test's own."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from parents_partners.accounts.types import Actor
from parents_partners.advocates.models import ActivityDraft, Assignment
from parents_partners.advocates.services import activities, support
from parents_partners.cases.models import Case, Person
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.db import db
from tests.factories import NOW, make_assignment, parents_of
from tests.meeting import Act, meet


@pytest.fixture
def stint(own_database: Flask) -> tuple[int, Actor]:
    with own_database.app_context():
        stint = make_assignment()
        db.session.commit()
        return stint.id, stint.specialist.user.as_actor()


def keep(stint_id: int, actor: Actor) -> None:
    typed = {"note": ["She asked about the visit."]}
    activities.keep_draft(db.session.get_one(Assignment, stint_id), typed, actor=actor, now=NOW)


def end(stint_id: int, actor: Actor) -> None:
    support.end(db.session.get_one(Assignment, stint_id), "goals_reached", actor=actor, now=NOW)


def withdraw(stint_id: int, actor: Actor) -> None:
    case = db.session.get_one(Case, db.session.get_one(Assignment, stint_id).case_id)
    person = db.session.get_one(Person, parents_of(case)[0].id)
    withdraw_consents(case, person, list(ConsentScope), actor=actor, now=NOW)


def test_two_windows_that_save_a_draft_at_once_both_succeed(
    own_database: Flask, stint: tuple[int, Actor]
) -> None:
    act = Act(partial(keep, *stint), until="FROM activity_draft")
    assert meet(own_database, act, act) == [True, True]


@pytest.mark.parametrize("stop", [end, withdraw])
def test_no_draft_is_left_of_support_that_ends_at_that_moment(
    own_database: Flask, stint: tuple[int, Actor], stop: Callable[[int, Actor], None]
) -> None:
    """ADV-05: what was typed goes with the support; nobody could reach it any more."""
    acts = (
        Act(partial(keep, *stint), until="FROM activity_draft"),
        Act(partial(stop, *stint), until="DELETE FROM activity_draft"),
    )
    assert meet(own_database, *acts)[1]
    assert meet(own_database, Act(partial(keep, *stint), until="FROM activity")) == [False]
    with own_database.app_context():
        assert db.session.scalars(select(ActivityDraft)).all() == []
