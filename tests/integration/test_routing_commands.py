"""`flask --app app specialists …` and `offers lapse`, on both engines."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Away, Specialist
from parents_partners.advocates.types import AssignmentState
from parents_partners.core.db import db
from tests.factories import TODAY, make_assignment, make_family, make_specialist, make_user


@pytest.fixture
def run(app: Flask, session: Any) -> Any:
    def run(*words: str, code: int = 0) -> str:
        session.flush()
        result = app.test_cli_runner().invoke(args=words)
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_a_profile_is_set_listed_and_put_on_leave(session: Any, run: Any) -> None:
    user: User = make_user(Role.SPECIALIST, email="rosa@example.org")
    run(
        *("specialists", "set", "rosa@example.org", "--capacity", "6", "--language", "es"),
        *("--language", "en", "--borough", "bronx", "--will-not-take", "housing"),
    )
    profile = db.session.get_one(Specialist, user.id)
    assert (profile.languages, profile.concerns_not_taken) == (["es", "en"], ["housing"])
    assert "rosa@example.org\t6\tes,en\tbronx" in run("specialists", "list")
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    run("specialists", "away", "rosa@example.org", TODAY.isoformat(), tomorrow)
    days = session.scalars(select(Away.from_on).where(Away.specialist_id == user.id)).all()
    assert days == [TODAY]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("set", "nobody@example.org", "--capacity", "6"), "no account"),
        (("set", "rosa@example.org", "--capacity", "6", "--language", "tlh"), "Not in the list"),
        (("away", "rosa@example.org", "2026-12-01", "2026-12-02"), "no profile yet"),
        (("away", "ana@example.org", "tomorrow", "2026-12-02"), "like 2026-12-08"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    session: Any, run: Any, words: tuple[str, ...], why: str
) -> None:
    make_user(Role.SPECIALIST, email="rosa@example.org")
    make_specialist(user=make_user(Role.SPECIALIST, email="ana@example.org"))
    assert why in run("specialists", *words, code=1)


def test_unanswered_offers_lapse_by_command(session: Any, run: Any, clock: Any) -> None:
    assignment = make_assignment(make_family(), state=AssignmentState.OFFERED)
    assert run("offers", "lapse") == "Lapsed: 0\n"
    clock.shift(timedelta(days=2).total_seconds())
    assert run("offers", "lapse") == "Lapsed: 1\n"
    session.refresh(assignment)
    assert assignment.state is AssignmentState.LAPSED
