"""Runs the migrations on the app's own engine: one set serves SQLite and PostgreSQL."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from parents_partners import models
from parents_partners.core.db import Base, db

__all__ = ["models"]  # imported so that the metadata is whole


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter a table in place: Alembic copies it.
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="core_db.",
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise RuntimeError("Migrations need a database: they look at what is there.")

given = current_app.config.get("MIGRATION_CONNECTION")
if given is not None:
    migrate(given)
else:
    engine = db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Copying a table drops the old one; that must not trip over references to it.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        migrate(connection)
        connection.commit()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
