"""Raw SQL on either engine: one connection a thread, kept."""

import json
import sqlite3
import threading
from datetime import UTC, date, datetime
from typing import Any

import psycopg


class Raw:
    """SQL is written with `?`. The few words in which the engines differ stand in braces."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url.replace("postgresql+psycopg://", "postgresql://")
        self._own = threading.local()

    def connection(self) -> "Connection":
        if not hasattr(self._own, "connection"):
            self._own.connection = Connection(self._url)
        connection: Connection = self._own.connection
        return connection


class Connection:
    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._texts: dict[str, str] = {}
        self._driver: Any
        if self.is_sqlite:
            self._driver = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
                self._driver.execute(f"PRAGMA {pragma}")
        else:
            self._driver = psycopg.connect(url, autocommit=True)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        found = self._driver.execute(self._text(sql), values)
        return found.fetchall() if found.description else []

    def many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        self._driver.cursor().executemany(self._text(sql), rows)

    def marks(self, values: list[Any]) -> str:
        return ", ".join("?" * len(values)) or "NULL"

    def later(self, instant: str, days: str) -> str:
        """SQL of the instant so many days later."""
        if self.is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%f', {instant}, '{days} days') || '000'"
        return f"({instant} + interval '{days} days')"

    def instant(self, value: Any) -> datetime | None:
        if not self.is_sqlite or value is None:
            return value  # type: ignore[no-any-return]
        return datetime.fromisoformat(value).replace(tzinfo=UTC)

    def day(self, value: Any) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value

    def document(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def stored(self, instant: datetime) -> Any:
        return instant.isoformat(" ", "microseconds")[:26] if self.is_sqlite else instant

    def _text(self, sql: str) -> str:
        if self.is_sqlite:
            return sql
        if sql not in self._texts:
            self._texts[sql] = sql.replace("%", "%%").replace("?", "%s")
        return self._texts[sql]
