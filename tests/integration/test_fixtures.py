"""The tests' own ground: what it promises has to hold, or green says nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import Role
from tests.browser import Browser
from tests.factories import make_filed_referral, make_unit, make_user

OpenBrowser = Callable[[User | None], Browser]


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_commits_is_gone_before_the_next(
    session: scoped_session[Session], time: str
) -> None:
    assert session.scalar(select(func.count()).select_from(Unit)) == 0, time
    make_unit("Left over")
    session.commit()


def test_a_rollback_within_a_test_keeps_what_was_committed(
    session: scoped_session[Session],
) -> None:
    make_unit("Kept")
    session.commit()
    make_unit("Undone")
    session.rollback()
    assert session.scalars(select(Unit.name)).all() == ["Kept"]


def test_foreign_keys_are_enforced(session: scoped_session[Session]) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        session.execute(text("INSERT INTO away VALUES (1, 999, '2026-11-21', '2026-11-22')"))


def test_a_request_sees_what_the_test_made_and_the_test_what_it_committed(
    app: Flask, browser_for: OpenBrowser, session: scoped_session[Session]
) -> None:
    browser = browser_for(make_user(Role.ADMIN))
    response = browser.request("GET", "/no-such-page")
    assert response.status_code == 404
    assert session.scalar(select(func.count()).select_from(User)) == 1


def test_a_referral_of_the_factory_is_received_and_filed_as_real_ones_are(
    session: scoped_session[Session],
) -> None:
    referral = make_filed_referral(case__name="Rivera, Ana")
    assert referral.reference.startswith("PP-2026-")
    assert referral.case is not None
    assert referral.case.name == "Rivera, Ana"
