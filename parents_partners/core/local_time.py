"""Dates and times as people write them: a local day is a date, an instant is aware UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from parents_partners.core.words import clock_words, date_words

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WHEN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
)
_LONGEST = 64
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_WIDEST_OFFSET = timedelta(hours=14)

WRITE_A_DATE = "Write the date as year, month and day, like 2026-12-08."
WRITE_A_TIME = "Write the date and the time like 2026-12-08T14:30."
ADD_A_TIME = "The time of day is missing. Write it too: about what time is enough."


class Unreadable(ValueError):
    """What was written is no date or time that can be relied on. The text says what to do."""


@dataclass(frozen=True)
class When:
    """An instant (aware, UTC) and, where the local time came twice, which of the two was taken."""

    at: datetime
    assumed: str | None = None


def read_date(text: str) -> date:
    """A local day, written 2026-12-08. Raises Unreadable."""
    match = _DATE.fullmatch(_short(text))
    if match is None:
        raise Unreadable(WRITE_A_DATE)
    year, month, day = (int(part) for part in match.groups())
    _refuse_strange_year(year)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(f"There is no such day. {WRITE_A_DATE}") from None


def read_when(text: str, zone: ZoneInfo) -> When:
    """An instant: with an offset or Z as written, else a local time of `zone`. A local time that
    came twice is taken as the first and said so; one that does not exist raises Unreadable, as
    does whatever cannot be read."""
    match = _WHEN.fullmatch(_short(text))
    if match is None:
        raise Unreadable(ADD_A_TIME if _DATE.fullmatch(_short(text)) else WRITE_A_TIME)
    day, hour, minute, second, fraction, zulu, sign, hours, minutes = match.groups()
    on = read_date(day)
    try:
        clock = time(int(hour), int(minute), int(second or 0))
    except ValueError:
        raise Unreadable(f"The time of day goes from 00:00 to 23:59. {WRITE_A_TIME}") from None
    clock = clock.replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")))
    if zulu:
        when = When(datetime.combine(on, clock, UTC))
    elif sign:
        offset = _offset(sign, hours, minutes)
        when = When(datetime.combine(on, clock, offset).astimezone(UTC))
    else:
        when = _local(datetime.combine(on, clock, zone))
    _refuse_strange_year(when.at.year)
    return when


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The day on which an instant lies in `zone`."""
    return instant.astimezone(zone).date()


def _short(text: str) -> str:
    """Trimmed; empty, thus unreadable, where it is too long to be a date at all."""
    text = text.strip()
    return text if len(text) <= _LONGEST else ""


def _refuse_strange_year(year: int) -> None:
    # Beyond these years the arithmetic of zones and deadlines runs out of calendar.
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Unreadable(f"Check the year: {year:04} cannot be right.")


def _offset(sign: str, hours: str, minutes: str) -> timezone:
    size = timedelta(hours=int(hours), minutes=int(minutes))
    if int(minutes) > 59 or size > _WIDEST_OFFSET:
        raise Unreadable("There is no such offset. Write it like -05:00, or leave it out.")
    return timezone(-size if sign == "-" else size)


def _local(first: datetime) -> When:
    second = first.replace(fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return When(first.astimezone(UTC))
    on = date_words(first.date())
    if before < after:
        jump = _jump(second.astimezone(UTC), first.astimezone(UTC), first)
        raise Unreadable(
            f"This time does not exist: on {on} the clocks go from {clock_words(jump + before)} to"
            f" {clock_words(jump + after)}. Check the time."
        )
    return When(
        first.astimezone(UTC),
        f"{clock_words(first)} comes twice on {on}, when the clocks go back. We took the first"
        f" ({_with_offset(first)}); if it was the second, write {_with_offset(second)}.",
    )


def _jump(early: datetime, late: datetime, missing: datetime) -> datetime:
    """The UTC instant between the two at which the clocks jump over the missing local time."""
    after = late.astimezone(missing.tzinfo).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(missing.tzinfo).utcoffset() == after:
            late = middle
        else:
            early = middle
    return (late + timedelta(milliseconds=500)).replace(microsecond=0)


def _with_offset(local: datetime) -> str:
    return local.isoformat(timespec="minutes")
