"""Figures and the rows behind them, from plain values."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from parents_partners.advocates.types import AssignmentState
from parents_partners.advocates.workload import (
    Figure,
    Period,
    Rules,
    Work,
    figures_of,
    rows_behind,
)

NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


def rules(first: date = date(2026, 11, 1), last: date = TODAY) -> Rules:
    return Rules(2, 14, first, last, TODAY, NEW_YORK)


def days_ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def work(state: AssignmentState = AssignmentState.IN_CONTACT, **changes: object) -> Work:
    """Accepted ten days ago, first contact a day later, last contact three days ago."""
    values: dict[str, object] = {
        "stint_id": 1,
        "specialist_id": 7,
        "specialist": "Rosa",
        "case_id": 5,
        "family_id": "f5",
        "family": "Marte",
        "state": state,
        "offered_at": days_ago(11),
        "answer_by": days_ago(10),
        "accepted_at": days_ago(10),
        "first_contact_at": days_ago(9),
        "ended_at": None,
        "contact_at": days_ago(3),
    }
    return Work(**values | changes)  # type: ignore[arg-type]


def kinds(one: Work, within: Rules | None = None) -> set[Figure]:
    return {figure for figure in Figure if rows_behind(figure, [one], within or rules())}


ACCEPTED = {"state": AssignmentState.ACCEPTED, "first_contact_at": None, "contact_at": None}


@pytest.mark.parametrize(
    ("changes", "figure"),
    [
        ({"first_contact_at": days_ago(8)}, Figure.ON_TIME),  # on the last day
        ({"first_contact_at": days_ago(7)}, Figure.LATE),
        ({**ACCEPTED, "accepted_at": days_ago(2)}, Figure.DUE),  # today is the last day
        ({**ACCEPTED, "accepted_at": days_ago(3)}, Figure.LATE),
        (
            {**ACCEPTED, "state": AssignmentState.ENDED, "ended_at": days_ago(7)},
            Figure.LATE,
        ),
        ({**ACCEPTED, "state": AssignmentState.ENDED, "ended_at": days_ago(9)}, None),
    ],
)
def test_a_first_contact_is_on_time_late_or_still_due(
    changes: dict[str, object], figure: Figure | None
) -> None:
    """REF-06"""
    found = kinds(work(**changes)) & {Figure.ON_TIME, Figure.LATE, Figure.DUE}
    assert found == ({figure} if figure else set())


@pytest.mark.parametrize(
    ("accepted_at", "counts"),
    [
        (datetime(2026, 11, 1, 0, 30, tzinfo=NEW_YORK), True),
        (datetime(2026, 10, 31, 23, 30, tzinfo=NEW_YORK), False),
        (datetime(2026, 11, 10, 23, 30, tzinfo=NEW_YORK), True),
        (datetime(2026, 11, 11, 0, 30, tzinfo=NEW_YORK), False),
    ],
)
def test_a_period_holds_its_first_and_its_last_local_day_whole(
    accepted_at: datetime, counts: bool
) -> None:
    """Pitfall 10"""
    within = rules(date(2026, 11, 1), date(2026, 11, 10))
    one = work(accepted_at=accepted_at, first_contact_at=accepted_at + timedelta(hours=1))
    assert (Figure.ON_TIME in kinds(one, within)) is counts


def test_periods_are_whole_local_days() -> None:
    assert Period.THIS_MONTH.days(TODAY) == (date(2026, 11, 1), TODAY)
    assert Period.LAST_MONTH.days(date(2027, 1, 15)) == (date(2026, 12, 1), date(2026, 12, 31))
    first, last = Period.LAST_90_DAYS.days(TODAY)
    assert ((last - first).days + 1, last) == (90, TODAY)


@pytest.mark.parametrize(("days", "silent"), [(13, False), (14, True), (20, True)])
def test_a_family_is_without_contact_for_too_long_from_the_day_that_is_set(
    days: int, silent: bool
) -> None:
    one = work(contact_at=days_ago(days))
    assert (Figure.SILENT in kinds(one)) is silent
    assert figures_of([one], [], rules()).longest == days


def test_before_a_first_contact_there_is_no_silence_to_count() -> None:
    one = work(**ACCEPTED)
    assert not {Figure.SILENT, Figure.CONTACTS} & kinds(one)
    assert figures_of([one], [], rules()).longest is None


def test_a_family_that_one_specialist_supports_twice_is_one_family_with_its_longest_silence() -> (
    None
):
    twice = [work(), work(stint_id=2, contact_at=days_ago(15)), work(stint_id=3, specialist_id=8)]
    assert len(rows_behind(Figure.FAMILIES, twice, rules())) == 2
    [row] = rows_behind(Figure.SILENT, twice, rules())
    assert row.work.stint_id == 2


def test_an_offer_is_no_family_that_is_supported() -> None:
    offer = work(AssignmentState.OFFERED, accepted_at=None, first_contact_at=None, contact_at=None)
    assert kinds(offer) == {Figure.OFFERS}
