"""Why a family stands where it stands in the queue, in words. Needs no database."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from parents_partners.advocates.types import QueueState, WaitingSince
from parents_partners.core.local_time import local_day
from parents_partners.core.words import count_words, date_words, distance_words


class Place(NamedTuple):
    """What decided where somebody stands in the queue. `presses`: before all that only waits;
    `elsewhere`: others have to answer a question first; `early`: an early case (REF-06).
    `conference_kind` is a code."""

    state: QueueState
    since: datetime
    route_by: datetime
    presses: bool
    elsewhere: bool
    early: bool
    conference_at: datetime | None
    conference_kind: str | None
    removed_at: datetime | None
    placed_at: datetime | None
    opened_on: date | None


class Asked(NamedTuple):
    """The last question about a referral. `waits_for`: who answers it, in words; `answered_at`
    None: nobody has yet."""

    waits_for: str
    asked_at: datetime
    answered_at: datetime | None


class Clock(NamedTuple):
    """Whom a referral waits for since a question was asked. `call`: for so long that it is time to
    call them."""

    words: str
    call: bool


def clock_of(asked: Asked, *, today: date, zone: ZoneInfo, question_days: int) -> Clock:
    if asked.answered_at is not None:
        answered_on = local_day(asked.answered_at, zone)
        near = (today - answered_on).days < 2
        when = distance_words(answered_on, today) if near else _since(answered_on, today)
        return Clock(f"Answered {when}, waits for us", call=False)
    asked_on = local_day(asked.asked_at, zone)
    since = "today" if asked_on == today else _since(asked_on, today)
    late = asked_on + timedelta(days=question_days) <= today
    return Clock(f"Waits for {asked.waits_for} since {since}", call=late)


def _since(day: date, today: date) -> str:
    """`Tue, Nov 17 (4 days)`; with the year where it is another."""
    words = date_words(day)
    if day.year == today.year:
        words = words.rpartition(",")[0]
    return f"{words} ({count_words((today - day).days, 'day')})"


def waited_words(waited: timedelta) -> str:
    """How long something took: hours within a day, else whole days."""
    if waited < timedelta(hours=1):
        return "less than an hour"
    if waited < timedelta(days=1):
        return count_words(waited // timedelta(hours=1), "hour")
    return count_words(waited.days, "day")


def time_with_each(
    received_at: datetime, questions: Iterable[tuple[datetime, datetime | None]], now: datetime
) -> tuple[timedelta, timedelta]:
    """How long a referral that awaits a decision has waited for us, and for answers to the
    questions, given as (asked, answered)."""
    with_them = sum(((answered or now) - asked for asked, answered in questions), timedelta())
    return now - received_at - with_them, with_them


def why_here(
    place: Place,
    whys: Collection[WaitingSince],
    *,
    today: date,
    zone: ZoneInfo,
    kinds: Mapping[str, str],
    upcoming_days: int,
) -> tuple[str, ...]:
    """The reasons of a place in words, the one that decided it first."""
    waited = (today - local_day(place.since, zone)).days
    waiting = f"waiting {count_words(waited, 'day')}" if waited > 0 else "came in today"
    conference = None
    if place.conference_at and place.conference_kind:
        day = local_day(place.conference_at, zone)
        if day <= today + timedelta(days=upcoming_days):
            kind = kinds.get(place.conference_kind, place.conference_kind)
            conference = f"{kind} {distance_words(day, today)}"
    early = _early_words(place, today, zone) if place.early else None
    if conference and _is_decided_by_conference(place):
        reasons = [conference, early, waiting]
    elif early:
        reasons = [early, conference, waiting]
    else:
        reasons = [waiting, conference]
    if place.elsewhere and not place.presses:
        reasons.insert(0, "question asked")
    elif place.state is QueueState.QUESTION_ASKED:
        reasons.append("question asked")
    reasons += [why.label for why in WaitingSince if why in whys]
    return tuple(reason for reason in reasons if reason)


def _is_decided_by_conference(place: Place) -> bool:
    if place.presses and not place.early:
        return True
    return place.conference_at is not None and place.route_by == place.conference_at - timedelta(
        days=1
    )


def _early_words(place: Place, today: date, zone: ZoneInfo) -> str | None:
    """What happened last, as long as it explains why the case is early."""
    if place.placed_at:
        return f"placed {distance_words(local_day(place.placed_at, zone), today)}"
    if place.removed_at:
        return f"removed {distance_words(local_day(place.removed_at, zone), today)}"
    if place.opened_on:
        return f"case opened {distance_words(place.opened_on, today)}"
    return None


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
