"""When something fails on our side: nobody outside learns what, nothing half-done is kept."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts import queries
from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import Role
from parents_partners.core.db import db
from tests.browser import Browser
from tests.factories import make_user

OpenBrowser = Callable[[User | None], Browser]
FAMILY = "Quillfeather-Mbeki"


@pytest.fixture
def failing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page of accounts writes something, then fails with a family's name in the exception."""

    def fail(**_asked: object) -> None:
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
