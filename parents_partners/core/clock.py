"""The time. Services never ask for it: whoever calls them says what time it is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def programme_zone() -> ZoneInfo:
    """The zone in which the programme's days begin and end."""
    zone: ZoneInfo = current_app.config["TIME_ZONE"]
    return zone


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day. With `end_of_day`, the only way ranges are built, so
    that no boundary day is dropped (pitfall 10)."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the day after: the open end of a range that includes `day`."""
    return start_of_day(day + timedelta(days=1), zone)
