"""Runs the migrations on the app's own engine: one set serves SQLite and PostgreSQL."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from parents_partners import models
from parents_partners.core.db import Base, db
from parents_partners.core.search import is_compared

__all__ = ["models"]  # imported so that the metadata is whole


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter a table in place: Alembic copies it.
        render_as_batch=True,
        compare_type=True,
        include_name=is_compared,
        user_module_prefix="core_db.",
    )
    with context.begin_transaction():
        context.run_migrations()


def references(connection: Connection, *, checked: bool) -> None:
    """SQLite copies a table to alter it, and drops the old one: that must not trip over what
    refers to it. The pragma is heard outside a transaction only, so it goes to the driver.

    Raises RuntimeError where a reference leads nowhere afterwards."""
    if connection.dialect.name != "sqlite":
        return
    driver: Any = connection.connection.driver_connection
    if checked and (broken := driver.execute("PRAGMA foreign_key_check").fetchall()):
        raise RuntimeError(f"References that lead nowhere: {broken[:5]}")
    driver.execute(f"PRAGMA foreign_keys={'ON' if checked else 'OFF'}")


if context.is_offline_mode():
    raise RuntimeError("Migrations need a database: they look at what is there.")

given = current_app.config.get("MIGRATION_CONNECTION")
if given is not None:
    migrate(given)
else:
    with db.engine.connect() as connection:
        references(connection, checked=False)
        migrate(connection)
        connection.commit()
        references(connection, checked=True)
