"""A supervisor looks at what the unit carries: every number is the length of its list."""

import re
from datetime import datetime, timedelta

import pytest

from config import NEW_YORK
from parents_partners.accounts.types import Role
from parents_partners.advocates.types import AssignmentState
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_assignment,
    make_family,
    make_hand_over,
    make_specialist,
    make_task,
    make_unit,
    make_user,
)


@pytest.fixture
def unit(session):
    return make_unit()


@pytest.fixture
def supervisor(unit):
    return make_user(Role.SUPERVISOR, unit=unit)


@pytest.fixture
def busy(unit, supervisor):
    """Two specialists with something behind every figure; the second of them away."""
    rosa = make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name="Rosa Jimenez"))
    mei = make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name="Mei Tsai"))
    for number, (who, state) in enumerate(
        [
            (rosa, AssignmentState.IN_CONTACT),
            (rosa, AssignmentState.IN_CONTACT),
            (rosa, AssignmentState.ACCEPTED),
            (rosa, AssignmentState.OFFERED),
            (mei, AssignmentState.IN_CONTACT),
            (mei, AssignmentState.ENDED),
        ]
    ):
        stint = make_assignment(
            make_family(f"Family {number}"), who, state=state, supervisor=supervisor
        )
        if state is AssignmentState.IN_CONTACT:
            make_activity(stint, happened_at=NOW - timedelta(days=number * 10))
            make_task(stint, due_on=TODAY - timedelta(days=1))
    late = make_assignment(
        make_family("Late"), mei, state=AssignmentState.ACCEPTED, supervisor=supervisor
    )
    late.offered_at = NOW - timedelta(days=20)
    late.accepted_at = NOW - timedelta(days=19)
    # Another unit's: nobody here sees it.
    make_assignment(make_family("Elsewhere"), state=AssignmentState.IN_CONTACT)
    return rosa


@pytest.mark.parametrize("period", ["this_month", "last_month", "last_90_days"])
def test_every_number_of_the_page_is_the_length_of_the_list_that_it_opens(
    browser_for, supervisor, busy, period
):
    page = browser_for(supervisor).open(f"/workload?period={period}")
    links = [
        (link.get("href"), "".join(link.itertext()))
        for link in page.root.iter("a")
        if "/workload/list" in link.get("href", "")
    ]
    assert len(links) > 20
    for address, words in links:
        number = int(re.match(r"\d+", words).group())
        listed = browser_for(supervisor).open(address)
        if "of=contacts" in address:
            assert f"{number} days ago" in listed or number < 2
        else:
            assert len(listed.rows) == number, (address, words)
        assert "Elsewhere" not in listed


def test_figures_stand_in_the_table_and_in_the_charts(browser_for, supervisor, busy):
    page = browser_for(supervisor).open("/workload")
    assert "Rosa Jimenez" in page
    assert "3 of 10" in page
    charts = [one for one in page.root.iter() if one.get("role") == "img"]
    assert len(charts) == 3
    spoken = "".join(charts[0].itertext())
    assert "Rosa Jimenez 3 of 10" in spoken
    assert "Mei Tsai 2 of 10" in spoken


def test_figures_of_another_units_people_are_absent(browser_for, supervisor, busy):
    """Personnel records (18 NYCRR 465.1): only their own unit's supervisor."""
    other = make_user(Role.SUPERVISOR)
    browser_for(other).open(f"/workload/list?specialist={busy.public_id}", status=404)
    browser_for(other).open(f"/workload/list?specialist={'0' * 20}", status=404)
    assert "Rosa Jimenez" not in browser_for(other).open("/workload")
    assert "Family 0" in browser_for(supervisor).open(f"/workload/list?specialist={busy.public_id}")


def test_a_hand_over_that_waits_too_long_is_shown_as_late(browser_for, supervisor, busy):
    stint = make_assignment(
        make_family("Waits"), busy, supervisor=supervisor, state=AssignmentState.IN_CONTACT
    )
    make_hand_over(stint, make_specialist(unit=busy.unit), asked_at=NOW - timedelta(days=6))
    assert "Late" not in browser_for(supervisor).open("/workload").text.split("Hand-overs")[1]
    stint = make_assignment(
        make_family("Waits longer"), busy, supervisor=supervisor, state=AssignmentState.IN_CONTACT
    )
    make_hand_over(stint, make_specialist(unit=busy.unit), asked_at=NOW - timedelta(days=7))
    page = browser_for(supervisor).open("/workload")
    assert "Late Waits for Rosa Jimenez" in page


def test_a_support_that_is_over_counts_from_the_first_to_the_last_day_of_the_period(
    browser_for, supervisor, busy
):
    """Pitfall 10: whole local days, and not one more."""
    for name, accepted in (
        ("The evening before", datetime(2026, 9, 30, 23, 59, tzinfo=NEW_YORK)),
        ("First morning", datetime(2026, 10, 1, 0, 0, tzinfo=NEW_YORK)),
        ("Last evening", datetime(2026, 10, 31, 23, 59, tzinfo=NEW_YORK)),
        ("The morning after", datetime(2026, 11, 1, 0, 0, tzinfo=NEW_YORK)),
    ):
        stint = make_assignment(
            make_family(name), busy, supervisor=supervisor, state=AssignmentState.ENDED
        )
        stint.offered_at, stint.accepted_at = accepted - timedelta(hours=1), accepted
        stint.first_contact_at = accepted + timedelta(hours=2)
    page = browser_for(supervisor).open("/workload/list?of=on_time&period=last_month")
    assert "First morning" in page
    assert "Last evening" in page
    assert "The evening before" not in page
    assert "The morning after" not in page


def test_nothing_asked_for_that_is_no_figure_or_period_is_an_error(browser_for, supervisor, busy):
    page = browser_for(supervisor).open("/workload/list?of=x&period=y&after=z")
    assert page.rows
