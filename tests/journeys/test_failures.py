"""When something fails on our side: nobody outside learns what, nothing half-done is kept."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from psycopg.errors import DeadlockDetected, DiskFull, SerializationFailure
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.orm.exc import StaleDataError

from parents_partners.accounts import queries, services
from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import Role
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone
from tests.browser import Browser
from tests.factories import make_user

OpenBrowser = Callable[[User | None], Browser]
FAMILY = "Quillfeather-Mbeki"


@pytest.fixture
def failing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page of accounts writes something, then fails with a family's name in the exception."""

    def fail(*_wanted: object, **_asked: object) -> None:
        db.session.add(Unit(name="Half done"))
        db.session.flush()
        raise ValueError(f"cannot show {FAMILY}")

    monkeypatch.setattr(queries, "accounts", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return


def test_a_failure_shows_a_page_that_says_nothing_of_its_cause(
    session: scoped_session[Session],
    browser_for: OpenBrowser,
    failing: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = browser_for(make_user(Role.ADMIN)).open("/accounts", status=500)
    assert page.heading == "Something went wrong on our side"
    written = capsys.readouterr().err
    for word in (FAMILY, "Traceback"):
        assert word not in page.source
        assert word not in written
    assert '"exception": "builtins.ValueError"' in written


def test_what_a_failed_request_had_written_is_undone(
    session: scoped_session[Session], browser_for: OpenBrowser, failing: None
) -> None:
    browser_for(make_user(Role.ADMIN)).open("/accounts", status=500)
    assert session.scalar(select(func.count()).select_from(Unit)) == 0


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("UPDATE", {}, DeadlockDetected()),
        OperationalError("UPDATE", {}, SerializationFailure()),
        StaleDataError("0 were matched"),
    ],
)
def test_of_two_who_write_at_one_moment_the_one_whom_the_database_sends_back_is_told(
    session: scoped_session[Session],
    browser_for: OpenBrowser,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    """Pitfall 5: a deadlock is nobody's failure, and trying again is all that helps."""

    def fail(*_wanted: object, **_asked: object) -> None:
        db.session.add(Unit(name="Half done"))
        db.session.flush()
        raise error

    monkeypatch.setattr(queries, "accounts", fail)
    page = browser_for(make_user(Role.ADMIN)).open("/accounts", status=409)
    assert page.heading == "This was changed in the meantime"
    assert session.scalar(select(func.count()).select_from(Unit)) == 0


def test_who_is_told_that_somebody_was_quicker_gets_their_words_back(
    session: scoped_session[Session], browser_for: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pitfalls 2 and 5: no browser keeps what was typed on our pages. A password is not shown."""

    def overtake(*_wanted: object, **_asked: object) -> None:
        raise AlreadyDone("This unit is there.", by=None, at=None)

    monkeypatch.setattr(services, "add_unit", overtake)
    typed = {"name": "The unit\nby <the> river", "password": "correct horse", "code": "river"}
    page = browser_for(make_user(Role.ADMIN)).send("/units/new", typed, status=409)
    assert "by <the> river" in page.text
    assert "correct horse" not in page.source
    assert "river" not in page.text.replace("by <the> river", "")
    page = browser_for(make_user(Role.ADMIN)).send("/units/new", {"name": "River"}, status=409)
    assert "What you typed" not in page


def test_any_other_error_of_the_database_is_a_failure(
    session: scoped_session[Session], browser_for: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_wanted: object, **_asked: object) -> None:
        raise OperationalError("UPDATE", {}, DiskFull())

    monkeypatch.setattr(queries, "accounts", fail)
    monkeypatch.setitem(browser_for(None).app.config, "PROPAGATE_EXCEPTIONS", False)
    browser_for(make_user(Role.ADMIN)).open("/accounts", status=500)
