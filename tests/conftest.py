"""The database, the app, the clock and the browser of every test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.core.db import db
from tests.browser import Browser
from tests.databases import ENGINES, Database, app_on
from tests.factories import NOW
from tests.unfinished_work import watch_for_unfinished_work

ON_BOTH_ENGINES = ("tests/integration", "tests/hostile", "tests/migrations")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=["sqlite", "postgresql", "both"],
        help="the database to test on; without it both where the engine can matter, else SQLite",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engine") or (
            "both" if _folder_of(metafunc).startswith(ON_BOTH_ENGINES) else "sqlite"
        )
        engines = list(ENGINES) if chosen == "both" else [chosen]
        metafunc.parametrize("database", engines, indirect=True, scope="session")


def _folder_of(metafunc: pytest.Metafunc) -> str:
    return metafunc.definition.path.relative_to(metafunc.config.rootpath).as_posix()


@pytest.fixture(scope="session")
def started_engines() -> Iterator[Callable[[str], Database]]:
    """Starts each engine once, when the first test asks for it."""
    with ExitStack() as stack:
        started: dict[str, Database] = {}

        def start(name: str) -> Database:
            if name not in started:
                started[name] = stack.enter_context(ENGINES[name]())
            return started[name]

        yield start


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, started_engines: Callable[[str], Database]
) -> Database:
    return started_engines(request.param)


@pytest.fixture(scope="session")
def app(database: Database) -> Iterator[Flask]:
    """The product on a migrated database that no test ever commits to."""
    with app_on(database.fresh("shared")) as app:
        watch_for_unfinished_work(app)
        yield app


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands still at NOW. `clock.move_to(...)` and `clock.shift(seconds)` change it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(app: Flask, clock: time_machine.Traveller) -> Iterator[scoped_session[Session]]:
    """The database, within a transaction that is undone afterwards.

    Flask-SQLAlchemy's session asks `db.engines` for its bind, so the engine itself is swapped for
    the connection that holds the outer transaction; every commit inside is a savepoint's."""
    with app.app_context():
        engine = db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            db.engines[None] = connection
            try:
                yield db.session
            finally:
                db.session.remove()
                db.engines[None] = engine
                outer.rollback()


@pytest.fixture
def browser_for(app: Flask, session: scoped_session[Session]) -> Callable[[User | None], Browser]:
    """Makes a browser in which this user is signed in; `None`: nobody is."""

    def open_browser(user: User | None) -> Browser:
        session.flush()
        return Browser(app, user)

    return open_browser


_copies = count(1)


@pytest.fixture
def own_database(database: Database, clock: time_machine.Traveller) -> Iterator[Flask]:
    """The product on a database of the test's own, where commits are real: for races."""
    with app_on(database.fresh(f"own_{next(_copies)}")) as app:
        watch_for_unfinished_work(app)
        yield app


class Statements:
    """The SQL that was executed while it was watched."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def writing(self) -> list[str]:
        return [text for text in self.texts if text.startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.fixture
def statements(app: Flask, session: scoped_session[Session]) -> Iterator[Statements]:
    """What reaches the database from here on; `statements.texts.clear()` starts anew."""
    seen = Statements()

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.texts.append(text)

    connection = db.engines[None]
    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)
