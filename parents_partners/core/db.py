"""The database: one declarative base, the column types that keep instants honest, and the
engine's manners on SQLite (stack.md: the default driver loses updates silently)."""

import secrets
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    Index,
    MetaData,
    String,
    TypeDecorator,
    event,
    insert,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An instant in UTC. Takes and gives aware datetimes only, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs its time zone.")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """In one step, where TypeDecorator takes two: a page may show a thousand instants."""
        return _from_text if dialect.name == "sqlite" else _in_utc


def _from_text(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{kept}+00:00") if kept is not None else None


def _in_utc(kept: datetime | None) -> datetime | None:
    return kept.astimezone(UTC) if kept is not None else None


def coded(enum: type[StrEnum], name: str) -> Enum:
    """A column of an enum's values, readable in both engines, with its check constraint."""
    return Enum(
        enum,
        name=name,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=40,
    )


def unique_where(name: str, *columns: str, where: str) -> Index:
    """At most one row of these values among those that `where` (SQL) is true of: "one open
    assignment a case and parent"."""
    return Index(
        name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where)
    )


def new_public_id() -> str:
    """Random, so that an address tells nothing about how many families there are."""
    return secrets.token_hex(10)


PublicId = Annotated[str, mapped_column(String(20), unique=True, default=new_public_id)]


class Base(DeclarativeBase):
    # On the registry, because Flask-SQLAlchemy derives a second base from this one.
    registry = registry(
        metadata=MetaData(naming_convention=NAMES), type_annotation_map={datetime: Instant}
    )


class Versioned:
    """What people edit: a stale form is noticed, never silently overwritten."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 (called with the class)
        return {"version_id_col": cls.version}


db = SQLAlchemy(
    model_class=Base,
    session_options={"join_transaction_mode": "create_savepoint"},
    # An error that reaches a log or a terminal must not repeat what a row says of a family.
    engine_options={"hide_parameters": True},
)
migrate = Migrate(db=db, render_as_batch=True, compare_type=True)


def rows(query: Executable, values: Mapping[str, Any] | None = None) -> list[Any]:
    """What a query of columns gives, as plain named tuples: in the session's own transaction but
    without the part of the session that makes entities, a third of the cost of a small query.
    SQLAlchemy's own rows look a column up by its name at each asking, which takes longer than to
    fetch it. For pages that are busy."""
    session = db.session()
    session.flush()
    found = session.connection().execute(query, values)
    return list(map(_row_of(tuple(found.keys())), found.all()))


def only_row(query: Executable, values: Mapping[str, Any] | None = None) -> Any:
    """The same for a query that gives one row or none: None then."""
    found = rows(query, values)
    return found[0] if found else None


@cache
def _row_of(columns: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    """Columns without a name, or of a name that stands twice, are known by their place alone."""
    row: Any = namedtuple("Row", columns, rename=True)  # type: ignore[misc]  # the query says them
    make: Callable[[Iterable[Any]], Any] = row._make
    return make


def add_rows(model: type[Base], values: list[dict[str, Any]]) -> None:
    """Write rows of one table in one statement, without entities, which take one statement a row
    on SQLite. What the session holds goes first: the rows may hang on it."""
    if values:
        session = db.session()
        session.flush()
        session.connection().execute(insert(model.metadata.tables[model.__tablename__]), values)


@contextmanager
def unless_taken(refuse_taken: Callable[[], object]) -> Iterator[None]:
    """For what may be there once, such as a unit of a name: whoever adds it or is called so looked
    whether it is taken, and somebody else takes it at the same moment. Then what was done inside
    is undone, and `refuse_taken` looks again and raises what there is to say. On PostgreSQL only:
    on SQLite whoever writes is alone."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError:
        refuse_taken()
        raise


about_to_write: ContextVar[bool] = ContextVar("about_to_write", default=True)
"""Whether the transaction that begins next may write. SQLite then takes its write lock at once:
a deferred transaction that turns into a writing one fails, or loses what it read."""


@event.listens_for(Engine, "connect")
def _settle_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    if not _is_sqlite(connection):
        return
    # The driver must not begin transactions by itself: it begins them too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # nothing that was acknowledged may be lost
        "foreign_keys=ON",
        "busy_timeout=10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_on_sqlite(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if about_to_write.get() else "BEGIN")


def _is_sqlite(connection: Any) -> bool:
    return type(connection).__module__.startswith("sqlite3")
