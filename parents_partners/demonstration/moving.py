"""The sample referrals speak of November 2026; the demonstration moves them to today."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WRITTEN_ON = date(2026, 11, 21)
DATES = frozenset({"on", "opened_on", "asked_on", "date_of_birth"})
INSTANTS = frozenset({"received_at", "removed_at", "placed_at", "starts_at"})


def days_since_written(today: date) -> timedelta:
    """By how much every date is moved: whole days, so that mornings stay mornings."""
    return today - WRITTEN_ON


def moved(document: Any, by: timedelta, zone: ZoneInfo) -> Any:
    """A copy of a sample document with every date and instant moved by whole local days."""
    if isinstance(document, list):
        return [moved(item, by, zone) for item in document]
    if not isinstance(document, dict):
        return document
    copy = {key: _moved_value(key, value, by, zone) for key, value in document.items()}
    if copy.get("removed_at") and copy.get("placed_at"):
        # In one sample the clocks go back between the two. On another day they do not, and the
        # child would be placed before being removed: the distance is kept, not the hour.
        apart = _instant(document["placed_at"], zone) - _instant(document["removed_at"], zone)
        removed_at = datetime.fromisoformat(copy["removed_at"]).astimezone(UTC)
        copy["placed_at"] = (removed_at + apart).astimezone(zone).isoformat()
    return copy


def _moved_value(key: str, value: Any, by: timedelta, zone: ZoneInfo) -> Any:
    if isinstance(value, str) and key in DATES:
        return (date.fromisoformat(value) + by).isoformat()
    if isinstance(value, str) and key in INSTANTS:
        return _moved_instant(value, by, zone).isoformat()
    return moved(value, by, zone)


def _moved_instant(text: str, by: timedelta, zone: ZoneInfo) -> datetime:
    """The same local time on another day. It is written with its offset then, so that a time
    which the clocks skip on the new day is still an instant."""
    local = _instant(text, zone).astimezone(zone)
    # Adding drops which of two equal local times was meant, in the night when clocks go back.
    return (local + by).replace(fold=local.fold)


def _instant(text: str, zone: ZoneInfo) -> datetime:
    """Aware, in UTC: the difference of two is the time that passed."""
    written = datetime.fromisoformat(text)
    return (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)
