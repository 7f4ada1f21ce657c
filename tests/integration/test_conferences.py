"""REF-04d: conferences are added, changed and cancelled; two people at once lose nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from parents_partners.cases.models import Conference
from parents_partners.cases.services.conferences import (
    add_conference,
    cancel_conference,
    change_conference,
)
from parents_partners.cases.types import ConferenceCommand, ConferenceState
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from tests.factories import NOW, make_case, make_conference, make_specialist

pytestmark = pytest.mark.usefixtures("session")

NEXT_WEEK = ConferenceCommand("SPR", NOW + timedelta(days=7), "Third Avenue office", None)


@pytest.fixture
def actor():
    return make_specialist().as_actor()


@pytest.fixture
def case():
    return make_case()


def test_a_conference_is_added_with_who_added_it(case, actor):
    conference = add_conference(case, NEXT_WEEK, actor=actor, now=NOW)
    assert (conference.kind, conference.added_by_id) == ("SPR", actor.id)
    assert conference.source_referral_id is None


@pytest.mark.parametrize(
    ("starts_at", "taken"),
    [
        (datetime(2026, 11, 21, 5, 0, tzinfo=UTC), True),  # midnight in New York
        (datetime(2026, 11, 21, 4, 59, tzinfo=UTC), False),  # the evening before
    ],
)
def test_earlier_today_is_taken_and_yesterday_is_not(case, actor, starts_at, taken):
    command = replace(NEXT_WEEK, starts_at=starts_at)
    if taken:
        assert add_conference(case, command, actor=actor, now=NOW).starts_at == starts_at
    else:
        with pytest.raises(Refused) as refused:
            add_conference(case, command, actor=actor, now=NOW)
        assert list(refused.value.problems) == ["starts_at"]


def test_the_same_conference_is_not_listed_twice(case, actor):
    add_conference(case, NEXT_WEEK, actor=actor, now=NOW)
    with pytest.raises(Refused) as refused:
        add_conference(case, NEXT_WEEK, actor=actor, now=NOW)
    assert "on the list already" in refused.value.problems["starts_at"]


def test_a_cancelled_conference_can_be_listed_anew(case, actor):
    first = add_conference(case, NEXT_WEEK, actor=actor, now=NOW)
    cancel_conference(first, actor=actor, now=NOW)
    assert add_conference(case, NEXT_WEEK, actor=actor, now=NOW).id != first.id


def test_a_kind_that_the_programme_does_not_have_is_refused(case, actor):
    with pytest.raises(Refused) as refused:
        add_conference(case, replace(NEXT_WEEK, kind="XYZ"), actor=actor, now=NOW)
    assert list(refused.value.problems) == ["kind"]


def change(conference, command, actor, version):
    change_conference(conference, command, version=version, actor=actor, now=NOW)


def test_a_stale_change_is_refused_with_who_was_quicker(case, actor):
    conference = add_conference(case, NEXT_WEEK, actor=actor, now=NOW)
    seen = conference.version
    change(conference, replace(NEXT_WEEK, place="Room 2"), actor, seen)
    other = make_specialist()
    with pytest.raises(AlreadyDone) as already:
        change(conference, replace(NEXT_WEEK, place="Room 3"), other.as_actor(), seen)
    assert (already.value.by, already.value.at) == (actor.name, NOW)
    assert conference.place == "Room 2"


def test_a_past_conference_can_be_corrected_without_moving_it(case, actor):
    conference = make_conference(case, days=-3)
    command = ConferenceCommand("FTC", conference.starts_at, "Room 2", None)
    change(conference, command, actor, conference.version)
    assert conference.place == "Room 2"


def test_a_cancelled_conference_stays_on_record_and_is_not_changed(case, actor):
    conference = add_conference(case, NEXT_WEEK, actor=actor, now=NOW)
    cancel_conference(conference, actor=actor, now=NOW)
    assert (conference.state, conference.cancelled_at) == (ConferenceState.CANCELLED, NOW)
    with pytest.raises(AlreadyDone):
        cancel_conference(conference, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone):
        change(conference, NEXT_WEEK, actor, conference.version)
    assert db.session.get(Conference, conference.id) is conference
