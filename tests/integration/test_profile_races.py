"""Two begin the same profile at the same moment. Commits are real, on a database of the test's
own."""

from functools import partial

from flask import Flask
from sqlalchemy import func, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Specialist
from parents_partners.advocates.services import profiles
from parents_partners.advocates.types import ProfileCommand
from parents_partners.core.db import db
from tests.factories import NOW, make_unit, make_user
from tests.meeting import Act, meet


def test_of_two_who_begin_a_profile_at_once_the_second_is_told(own_database: Flask) -> None:
    """PP-04: what the specialist does not take is never saved over by who sets the capacity."""
    with own_database.app_context():
        unit = make_unit()
        user = make_user(Role.SPECIALIST, unit=unit)
        supervisor = make_user(Role.SUPERVISOR, unit=unit)
        db.session.commit()
        user_id, both = user.id, (user.as_actor(), supervisor.as_actor())

    def begin(actor: Actor) -> None:
        command = ProfileCommand(
            version=0,
            capacity=None if actor.id == user_id else 6,
            languages=(),
            boroughs=(),
            age_bands=(),
            concerns_taken=(),
            concerns_not_taken=(),
        )
        profiles.change_profile(db.session.get_one(User, user_id), command, actor=actor, now=NOW)

    acts = [Act(partial(begin, actor), until="FROM specialist") for actor in both]
    assert sorted(meet(own_database, *acts)) == [False, True]
    with own_database.app_context():
        assert db.session.scalar(select(func.count()).select_from(Specialist)) == 1
