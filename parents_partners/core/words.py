"""Dates and distances in the words that people say. Local times of the programme's zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_words(day: date) -> str:
    """`Wed, Nov 25, 2026`. By hand: strftime is slow in lists and differs between machines."""
    return f"{_DAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}, {day.year}"


def clock_words(local: datetime) -> str:
    """`10:00 AM`, of a time that is local already."""
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'AM' if local.hour < 12 else 'PM'}"


def time_words(instant: datetime, zone: ZoneInfo) -> str:
    """`10:00 AM`, local."""
    return clock_words(instant.astimezone(zone))


def when_words(instant: datetime, zone: ZoneInfo) -> str:
    """`Wed, Nov 25, 2026, 10:00 AM`, local."""
    local = instant.astimezone(zone)
    return f"{date_words(local)}, {clock_words(local)}"


def distance_words(day: date, today: date) -> str:
    """How far a day is from today: `today`, `in 2 days`, `yesterday`, `3 days ago`."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def count_words(count: int, singular: str, plural: str | None = None) -> str:
    """`1 family`, `3 families`, `no families`."""
    noun = singular if count == 1 else plural or f"{singular}s"
    return f"{count or 'no'} {noun}"


def joined_words(parts: list[str], conjunction: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"


def age_on(day: date, date_of_birth: date) -> int:
    """Completed years on `day`. Born on 29 February: a year older on 1 March."""
    before_birthday = (day.month, day.day) < (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - before_birthday
