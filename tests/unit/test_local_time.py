from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parents_partners.core.local_time import (
    Unreadable,
    local_day,
    read_date,
    read_when,
)
from parents_partners.core.words import date_words, when_words

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-12-08T10:00", 15),
        ("2026-12-08T10:00:00", 15),
        (" 2026-12-08T10:00:00.000\n", 15),
        ("2026-12-08T10:00Z", 10),
        ("2026-12-08T10:00:00-05:00", 15),
        ("2026-12-08T10:00+01:00", 9),
    ],
)
def test_an_instant_is_read_with_its_offset_or_as_new_york_s_time(written: str, hour: int) -> None:
    when = read_when(written, NEW_YORK)
    assert when.at == datetime(2026, 12, 8, hour, tzinfo=UTC)
    assert when.at.tzinfo is UTC
    assert when.assumed is None


def test_a_local_time_that_comes_twice_is_taken_as_the_first_and_said_so() -> None:
    when = read_when("2026-11-01T01:30:00", NEW_YORK)
    assert when.at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert when.assumed is not None
    assert "comes twice" in when.assumed
    assert "2026-11-01T01:30-05:00" in when.assumed


def test_a_local_time_that_comes_twice_is_clear_with_an_offset() -> None:
    when = read_when("2026-11-01T01:30:00-05:00", NEW_YORK)
    assert when.at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert when.assumed is None


@pytest.mark.parametrize("written", ["2027-03-14T02:00", "2027-03-14T02:30", "2027-03-14T02:59:59"])
def test_a_local_time_that_does_not_exist_is_refused_with_the_jump(written: str) -> None:
    with pytest.raises(Unreadable, match=r"does not exist.* from 2:00 AM to 3:00 AM"):
        read_when(written, NEW_YORK)


def test_the_first_moment_after_the_jump_exists() -> None:
    assert read_when("2027-03-14T03:00", NEW_YORK).at == datetime(2027, 3, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "next Tuesday around 10, tbc",
        "",
        "2026-12-08",
        "2026-12-08 10:00",
        "12/08/2026 10:00",
        "2026-12-08T24:00",
        "2026-12-08T10:60",
        "2026-02-30T10:00",
        "0000-01-01T00:00",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-14:00",
        "1900-01-01T00:00+14:00",
        "2026-12-08T10:00+99:99",
        "2026-12-08T10:00+14:30",
        "２０２６-12-08T10:00",
        "2026-12-08T10:00:00." + "0" * 1_000_000,
    ],
)
def test_what_cannot_be_relied_on_is_refused_in_words(written: str) -> None:
    with pytest.raises(Unreadable, match=r"Write|Check"):
        read_when(written, NEW_YORK)


@given(st.text() | st.from_regex(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?"))
def test_any_text_is_an_instant_of_our_days_or_refused(written: str) -> None:
    try:
        when = read_when(written, NEW_YORK)
    except Unreadable:
        return
    assert 1900 <= when.at.year <= 2199
    local_day(when.at, NEW_YORK)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - a wall clock
def test_every_local_time_that_exists_reads_back_as_itself(wall: datetime) -> None:
    try:
        when = read_when(wall.isoformat(), NEW_YORK)
    except Unreadable as error:
        assert "does not exist" in str(error)  # noqa: PT017
        return
    assert when.at.astimezone(NEW_YORK).replace(tzinfo=None) == wall


def test_a_date_is_read_as_written() -> None:
    assert read_date("2026-11-17") == date(2026, 11, 17)


@pytest.mark.parametrize("written", ["11/17/2026", "2026-13-01", "1016-11-10", "", "2026-1-1"])
def test_a_date_that_cannot_be_relied_on_is_refused_in_words(written: str) -> None:
    with pytest.raises(Unreadable, match=r"Write|Check"):
        read_date(written)


def test_a_local_day_is_the_day_in_new_york() -> None:
    assert local_day(datetime(2026, 11, 13, 4, 59, tzinfo=UTC), NEW_YORK) == date(2026, 11, 12)
    assert local_day(datetime(2026, 11, 13, 5, 0, tzinfo=UTC), NEW_YORK) == date(2026, 11, 13)


def test_days_and_moments_are_written_without_an_order_of_numbers_to_mistake() -> None:
    assert date_words(date(2026, 3, 4)) == "Wed, Mar 4, 2026"
    assert (
        when_words(datetime(2026, 11, 13, 5, 5, tzinfo=UTC), NEW_YORK)
        == "Fri, Nov 13, 2026, 12:05 AM"
    )
