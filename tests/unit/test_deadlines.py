"""By which day a referral is routed (REF-06)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parents_partners.referrals.deadlines import Routing

ROUTING = Routing(early_case_days=14, early_days=1, usual_days=3, zone=ZoneInfo("America/New_York"))
RECEIVED_AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""Nine in the evening of the twentieth in New York."""

USUAL, SOONER = date(2026, 11, 23), date(2026, 11, 21)


def routed_by(**known: Any) -> date:
    nothing = {"removed_at": None, "placed_at": None, "opened_on": None}
    return ROUTING.routed_by(RECEIVED_AT, **nothing | known)


def test_a_referral_is_routed_in_the_days_of_the_setting() -> None:
    assert routed_by() == USUAL


@pytest.mark.parametrize("what", ["removed_at", "placed_at"])
def test_a_case_is_early_for_fourteen_days_after_a_removal_or_a_placement(what: str) -> None:
    fourteen_days_before = RECEIVED_AT - timedelta(days=14)
    assert routed_by(**{what: fourteen_days_before}) == SOONER
    assert routed_by(**{what: fourteen_days_before - timedelta(seconds=1)}) == USUAL


def test_a_case_is_early_until_the_end_of_the_fourteenth_day_after_opening() -> None:
    assert routed_by(opened_on=date(2026, 11, 6)) == SOONER
    assert routed_by(opened_on=date(2026, 11, 5)) == USUAL


def test_a_new_placement_makes_an_old_case_early_again() -> None:
    long_ago = RECEIVED_AT - timedelta(days=300)
    known = {"removed_at": long_ago, "opened_on": long_ago.date()}
    assert routed_by(**known) == USUAL
    assert routed_by(**known, placed_at=RECEIVED_AT - timedelta(days=2)) == SOONER
