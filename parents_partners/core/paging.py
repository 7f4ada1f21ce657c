"""Pages by key, not by number: page 400 costs what page 1 costs, and a row that arrives while
somebody reads neither repeats nor hides another."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

PAGE_SIZE = 50
_BEYOND_ANY_ID = 2**31

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows and, where there is more, the key to go on from."""

    rows: Sequence[Row]
    next_key: str | None


def page_of(
    rows: Sequence[Row], key_of: Callable[[Row], tuple[Any, ...]], size: int = PAGE_SIZE
) -> Page[Row]:
    """Make a page from a query that asked for `size + 1` rows."""
    if len(rows) <= size:
        return Page(rows, None)
    kept = rows[:size]
    return Page(kept, write_key(key_of(kept[-1])))


def every_row(page_after: Callable[[str | None], Page[Row]]) -> Iterator[Row]:
    """All rows of a paged list, a page at a time, for a file."""
    key: str | None = None
    while True:
        page = page_after(key)
        yield from page.rows
        if page.next_key is None:
            return
        key = page.next_key


def write_key(values: tuple[Any, ...]) -> str:
    """The values as text for an address. Datetimes, numbers and strings only."""
    plain = [
        {"at": value.astimezone(UTC).isoformat()} if isinstance(value, datetime) else value
        for value in values
    ]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read_key(text: str | None) -> tuple[Any, ...] | None:
    """The values again; None where there is no key or somebody changed it: the first page."""
    if not text:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return tuple(_read_value(value) for value in plain)
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None


def _read_value(value: Any) -> datetime | str | int:
    """Raises an error of `read_key` for what no page could have given."""
    match value:
        case {"at": str() as written}:
            at = datetime.fromisoformat(written)
            if at.tzinfo is None:
                raise ValueError("A key's instants are aware.")
            return at.astimezone(UTC)
        case str():
            value.encode()  # half a character cannot be
            if "\x00" in value:
                raise ValueError("A key holds no NUL.")
            return value
        # PostgreSQL compares no id with a truth, which Python counts among the numbers.
        case int() if not isinstance(value, bool) and abs(value) < _BEYOND_ANY_ID:
            return value
    raise ValueError("A key holds instants, texts and ids.")
