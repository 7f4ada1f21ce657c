"""The sample referrals speak of November 2026; the demonstration moves them to today."""

from datetime import date, datetime, timedelta
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
    return {key: _moved_value(key, value, by, zone) for key, value in document.items()}


def _moved_value(key: str, value: Any, by: timedelta, zone: ZoneInfo) -> Any:
    if isinstance(value, str) and key in DATES:
        return (date.fromisoformat(value) + by).isoformat()
    if isinstance(value, str) and key in INSTANTS:
        return _moved_instant(value, by, zone).isoformat()
    return moved(value, by, zone)


def _moved_instant(text: str, by: timedelta, zone: ZoneInfo) -> datetime:
    """The same local time on another day. It is written with its offset then, so that a time
    which the clocks skip on the new day is still an instant."""
    instant = datetime.fromisoformat(text)
    local = instant.astimezone(zone) if instant.tzinfo else instant.replace(tzinfo=zone)
    # Adding drops which of two equal local times was meant, in the night when clocks go back.
    return (local + by).replace(fold=local.fold)
