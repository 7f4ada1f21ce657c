"""Why a family stands where it stands in the queue, in words. Needs no database."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import (
    RowMapping,
)

from parents_partners.advocates.types import QueueState, WaitingSince
from parents_partners.core.local_time import local_day
from parents_partners.core.words import count_words, distance_words


def why_here(
    row: RowMapping,
    whys: Collection[WaitingSince],
    *,
    today: date,
    zone: ZoneInfo,
    kinds: Mapping[str, str],
    upcoming_days: int,
) -> tuple[str, ...]:
    """The reasons of a row's place in words, the one that decided it first."""
    waited = (today - local_day(row["since"], zone)).days
    waiting = f"waiting {count_words(waited, 'day')}" if waited > 0 else "came in today"
    conference = early = None
    soon = today + timedelta(days=upcoming_days)
    if row["conference_at"] and local_day(row["conference_at"], zone) <= soon:
        kind = kinds.get(row["conference_kind"], row["conference_kind"])
        conference = f"{kind} {distance_words(local_day(row['conference_at'], zone), today)}"
    if row["early"]:
        early = _early_words(row, today, zone)
    presses = row["later"] == 0 and not row["early"]
    decided_by_conference = conference is not None and (
        presses or row["route_by"] == row["conference_at"] - timedelta(days=1)
    )
    if decided_by_conference:
        reasons = [conference, early, waiting]
    elif early:
        reasons = [early, conference, waiting]
    else:
        reasons = [waiting, conference]
    if row["state"] == QueueState.QUESTION_ASKED:
        reasons.append("question asked")
    reasons += [why.label for why in WaitingSince if why in whys]
    return tuple(reason for reason in reasons if reason)


def _early_words(row: RowMapping, today: date, zone: ZoneInfo) -> str:
    """What happened last, as long as it explains why the case is early."""
    if row["placed_at"]:
        return f"placed {distance_words(local_day(row['placed_at'], zone), today)}"
    if row["removed_at"]:
        return f"removed {distance_words(local_day(row['removed_at'], zone), today)}"
    return f"case opened {distance_words(row['opened_on'], today)}"


def age_of_case(
    removed_at: datetime | None, opened_on: date | None, today: date, zone: ZoneInfo
) -> str | None:
    """How long ago the children were removed or, without a removal, the case was opened."""
    if removed_at is not None:
        days = (today - local_day(removed_at, zone)).days
        return f"{count_words(days, 'day')} since removal" if days > 0 else "removed today"
    if opened_on is not None:
        days = (today - opened_on).days
        return f"{count_words(days, 'day')} since case opening" if days > 0 else "opened today"
    return None


def short_kind(label: str) -> str:
    """`FTC` of `Family Team Conference (FTC)`; a label without one stays whole."""
    before, bracket, inside = label.rpartition("(")
    return inside.removesuffix(")") if bracket and inside.endswith(")") and before else label
