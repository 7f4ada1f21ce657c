"""Parts of a query that both engines read alike: arithmetic with instants, and codes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Float, Integer, String, literal, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from parents_partners.core.db import Instant


def written_out(code: str) -> ColumnElement[str]:
    """A code as part of the statement itself, for comparisons of busy pages. SQLite plans a
    statement anew at each execution if the value that a partial index speaks of is sent beside it;
    PostgreSQL if it cannot guess how many rows a plan for any value would meet."""
    if not code.isidentifier():
        raise ValueError(code)
    return literal_column(f"'{code!s}'", String)


def is_one_of(column: Any, codes: Iterable[str]) -> ColumnElement[bool]:
    """The same for several, always in one order: the statement is the same text each time."""
    condition: ColumnElement[bool] = column.in_([written_out(code) for code in sorted(codes)])
    return condition


def so_many(rows: int) -> ColumnElement[int]:
    """A limit as part of the statement itself: a plan of PostgreSQL's for any limit reckons with a
    tenth of all rows, and reads the whole table for fifty of them."""
    return literal_column(f"{rows:d}", Integer)


class moved(FunctionElement[datetime]):  # noqa: N801 (reads like a function of SQL)
    """An instant that many days (of 24 hours) and hours later; a date counts from its first
    moment in UTC."""

    type = Instant()
    inherit_cache = True

    def __init__(self, start: ColumnElement[Any], *, days: int = 0, hours: int = 0) -> None:
        super().__init__(start, literal(f"{days * 24 + hours:+d} hours"))


@compiles(moved, "sqlite")
def _on_sqlite(element: moved, compiler: SQLCompiler, **options: Any) -> str:
    start, shift = (compiler.process(part, **options) for part in element.clauses)
    # Six digits of the second, as instants are stored, so that texts compare like instants.
    return f"(strftime('%Y-%m-%d %H:%M:%f', {start}, {shift}) || '000')"


@compiles(moved, "postgresql")
def _on_postgresql(element: moved, compiler: SQLCompiler, **options: Any) -> str:
    start, shift = (compiler.process(part, **options) for part in element.clauses)
    if isinstance(element.clauses.clauses[0].type, Date):
        start = f"(CAST({start} AS timestamp) AT TIME ZONE 'UTC')"
    return f"({start} + CAST({shift} AS interval))"


class elapsed(FunctionElement[float]):  # noqa: N801 (reads like a function of SQL)
    """Days of 24 hours from one instant to another, with their fraction."""

    type = Float()
    inherit_cache = True

    def __init__(self, since: ColumnElement[Any], until: ColumnElement[Any]) -> None:
        super().__init__(since, until)


@compiles(elapsed, "sqlite")
def _elapsed_on_sqlite(element: elapsed, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(part, **options) for part in element.clauses)
    return f"(julianday({until}) - julianday({since}))"


@compiles(elapsed, "postgresql")
def _elapsed_on_postgresql(element: elapsed, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(part, **options) for part in element.clauses)
    return f"(EXTRACT(EPOCH FROM {until} - {since}) / 86400)"
