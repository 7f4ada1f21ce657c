"""Many rows into either engine, as quickly as it takes them."""

import json
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table

AT_ONCE = 5_000


class Loader:
    """Takes rows table by table and gives each an id. What a row does not say is NULL, but for a
    public id and the first version. `finish` writes what is left."""

    def __init__(self, connection: Connection, metadata: MetaData, chance: random.Random) -> None:
        self._connection = connection
        self._tables: dict[str, Table] = {
            table.name: table
            for table in metadata.sorted_tables  # parents before children
        }
        self._chance = chance
        self._rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._ids: dict[str, int] = defaultdict(int)
        self._writers: dict[str, Callable[[dict[str, Any]], tuple[Any, ...]]] = {}
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._waiting = 0
        self.written = 0

    def add(self, table: str, **values: Any) -> int:
        """The row's id (0 for a table that has none)."""
        self._ids[table] += 1
        values.setdefault("id", self._ids[table])
        if table not in self._writers:
            self._writers[table] = self._writer(self._tables[table])
        self._rows[table].append(self._writers[table](values))
        self._waiting += 1
        if self._waiting >= 20 * AT_ONCE:
            self.flush()
        return values["id"]

    def flush(self) -> None:
        for name, table in self._tables.items():
            if rows := self._rows[name]:
                self._insert(table, rows)
                self.written += len(rows)
                rows.clear()
        self._waiting = 0

    def finish(self) -> None:
        """Write what is left, tell PostgreSQL which ids are taken, and let the engine look at
        what it has got: it plans by that."""
        self.flush()
        self._connection.commit()
        if self._is_sqlite:
            self._connection.exec_driver_sql("ANALYZE")
            self._connection.exec_driver_sql("PRAGMA optimize")
            self._connection.commit()
            return
        for name, last in self._ids.items():
            if "id" in self._tables[name].c:
                self._connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), {last})"
                )
        self._connection.commit()
        with self._connection.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")

    def _insert(self, table: Table, rows: list[tuple[Any, ...]]) -> None:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        driver: Any = self._connection.connection.driver_connection
        if self._is_sqlite:
            marks = ", ".join("?" * len(table.columns))
            driver.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', rows)
            return
        with (
            driver.cursor() as cursor,
            cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def _writer(self, table: Table) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
        names = [column.name for column in table.columns]
        has_public_id, is_versioned = "public_id" in names, "version" in names
        stored = _STORED_BY_SQLITE if self._is_sqlite else _STORED_BY_POSTGRESQL
        chance = self._chance

        def write(values: dict[str, Any]) -> tuple[Any, ...]:
            if has_public_id:
                values.setdefault("public_id", f"{chance.getrandbits(80):020x}")
            if is_versioned:
                values["version"] = 1
            get = values.get
            row = [get(name) for name in names]
            for place, value in enumerate(row):
                if (store := stored.get(type(value))) is not None:
                    row[place] = store(value)
            return tuple(row)

        return write


_Stored = dict[type, Callable[[Any], Any]]
_STORED_BY_POSTGRESQL: _Stored = {dict: json.dumps, list: json.dumps}
_STORED_BY_SQLITE: _Stored = {
    **_STORED_BY_POSTGRESQL,
    # In UTC, as the product stores it.
    datetime: lambda value: value.isoformat(" ", "microseconds")[:26],
    date: date.isoformat,
}
