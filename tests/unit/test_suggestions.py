from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from parents_partners.advocates.suggestions import (
    Candidate,
    ConferenceAhead,
    FamilyToRoute,
    Suggestion,
    suggest,
)
from parents_partners.advocates.types import AgeBand
from parents_partners.cases.types import Borough

NEW_YORK = ZoneInfo("America/New_York")
TEN_ON_WEDNESDAY = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)

FAMILY = FamilyToRoute(
    languages={"es": "Spanish"},
    borough=Borough.BRONX,
    ages=(4,),
    concerns={},
    conferences=(),
)
PLAIN = Candidate(
    public_id="a" * 20,
    name="Rosa Jimenez",
    capacity=8,
    families=5,
    languages=frozenset({"en", "es"}),
    boroughs=frozenset({"bronx"}),
    age_bands=frozenset(),
    concerns_taken=frozenset(),
    concerns_not_taken=frozenset(),
)


def somebody(name: str, **changes: Any) -> Candidate:
    return replace(PLAIN, name=name, public_id=name.lower().ljust(20, "0"), **changes)


def suggestions(*candidates: Candidate, family: FamilyToRoute = FAMILY) -> list[Suggestion]:
    return suggest(family, candidates, NEW_YORK)


def names(*candidates: Candidate, family: FamilyToRoute = FAMILY) -> list[str]:
    return [suggestion.name for suggestion in suggestions(*candidates, family=family)]


def test_reasons_are_said_for_and_against() -> None:
    """PP-05: an assignment can be explained."""
    fits, fits_not = suggestions(
        PLAIN, somebody("Zoe", languages=frozenset({"en"}), boroughs=frozenset())
    )
    assert fits.reasons_for == (
        "Speaks Spanish",
        "Works in the Bronx",
        "Has room for 3 more families (5 of 8)",
    )
    assert fits.reasons_against == ()
    assert fits_not.reasons_for == ("Has room for 3 more families (5 of 8)",)
    assert fits_not.reasons_against == (
        "Does not speak Spanish",
        "Does not usually work in the Bronx",
    )


def test_who_worked_with_the_family_comes_before_who_speaks_its_language() -> None:
    known = somebody("Known", worked_with_family=True, languages=frozenset())
    assert names(PLAIN, known) == ["Known", "Rosa Jimenez"]


def test_the_language_counts_more_than_the_borough() -> None:
    speaks = somebody("Speaks", boroughs=frozenset())
    near = somebody("Near", languages=frozenset())
    assert names(near, speaks) == ["Speaks", "Near"]


def test_somebody_who_speaks_both_parents_languages_comes_before_who_speaks_one() -> None:
    family = replace(FAMILY, languages={"es": "Spanish", "fr": "French"})
    both = somebody("Zelie", languages=frozenset({"es", "fr"}))
    first, second = suggestions(PLAIN, both, family=family)
    assert first.reasons_for[0] == "Speaks Spanish and French"
    assert (second.reasons_for[0], second.reasons_against) == (
        "Speaks Spanish",
        ("Does not speak French",),
    )


def test_the_borough_counts_more_than_room_and_room_more_than_concerns() -> None:
    family = replace(FAMILY, concerns={"housing": "Housing"})
    near = somebody("Near", families=7)
    roomy = somebody("Roomy", families=0, boroughs=frozenset())
    takes = somebody("Takes", families=6, concerns_taken=frozenset({"housing"}))
    room = somebody("Room", families=5)
    assert names(roomy, near, family=family) == ["Near", "Roomy"]
    assert names(takes, room, family=family) == ["Room", "Takes"]
    assert names(somebody("Zero", families=6), takes, family=family) == ["Takes", "Zero"]


def test_a_full_caseload_comes_last_and_says_so() -> None:
    full = somebody("Full", families=8)
    last = suggestions(full, somebody("Other", languages=frozenset()))[-1]
    assert (last.name, last.available) == ("Full", True)
    assert last.reasons_against == ("Caseload is full (8 of 8)",)


def test_who_worked_with_the_family_stands_first_even_with_a_full_caseload() -> None:
    former = somebody("Former", families=8, worked_with_family=True)
    first = suggestions(somebody("Other"), former)[0]
    assert first.name == "Former"
    assert first.reasons_against == ("Caseload is full (8 of 8)",)


def test_children_of_ages_that_somebody_knows_are_a_reason() -> None:
    family = replace(FAMILY, ages=(1, 4, 12))
    knows = somebody("Knows", age_bands=frozenset({AgeBand.INFANT, AgeBand.PRETEEN}))
    first = suggestions(somebody("Aaron"), knows, family=family)[0]
    assert first.name == "Knows"
    assert "Knows children of 0 to 2 and 10 to 13 years" in first.reasons_for


def test_a_conference_at_the_same_time_is_a_clash_and_two_hours_later_is_none() -> None:
    family = replace(FAMILY, conferences=(ConferenceAhead("FTC", TEN_ON_WEDNESDAY),))
    an_hour_later = ConferenceAhead("SPR", TEN_ON_WEDNESDAY + timedelta(hours=1))
    two_hours_later = ConferenceAhead("SPR", TEN_ON_WEDNESDAY + timedelta(hours=2))
    busy = somebody("Busy", conferences=(an_hour_later,), families=0)
    free = somebody("Free", conferences=(two_hours_later,))
    first, second = suggestions(busy, free, family=family)
    assert (first.name, first.reasons_against) == ("Free", ())
    assert second.reasons_against == (
        "Already at a conference (SPR) on Wed, Nov 25, 2026, 11:00 AM,"
        " when this family has one (FTC)",
    )


def test_who_will_not_take_a_concern_cannot_be_chosen_and_it_is_said() -> None:
    """PP-04"""
    family = replace(FAMILY, concerns={"housing": "Housing", "neglect": "Neglect"})
    [suggestion] = suggestions(
        somebody("No", concerns_not_taken=frozenset({"housing"})), family=family
    )
    assert (suggestion.available, suggestion.public_id) == (False, None)
    assert suggestion.reasons_against == ("Will not take families with: Housing",)


def test_an_absence_and_a_conflict_look_the_same_and_hide_everything_else() -> None:
    family = replace(FAMILY, concerns={"housing": "Housing"})
    away, conflict, both = suggestions(
        somebody("Same", away=True),
        somebody("Same", in_conflict=True, worked_with_family=True, families=8),
        somebody("Same", in_conflict=True, concerns_not_taken=frozenset({"housing"})),
        family=family,
    )
    assert away == conflict == both == Suggestion(None, "Same", False, (), ())


def test_those_who_cannot_be_chosen_stand_last_in_the_order_of_their_names() -> None:
    assert names(
        somebody("Zoe", away=True), somebody("Yan"), somebody("Abe", in_conflict=True)
    ) == ["Yan", "Abe", "Zoe"]


def test_nothing_is_said_about_what_nobody_knows() -> None:
    family = FamilyToRoute(languages={}, borough=None, ages=(), concerns={}, conferences=())
    [suggestion] = suggestions(PLAIN, family=family)
    assert suggestion.reasons_for == ("Has room for 3 more families (5 of 8)",)
    assert suggestion.reasons_against == ()


CONCERNS = ("housing", "neglect", "immigration", "mental_health")
some_concerns = st.frozensets(st.sampled_from(CONCERNS))
candidates = st.builds(
    Candidate,
    public_id=st.text("0123456789abcdef", min_size=20, max_size=20),
    name=st.text(min_size=1, max_size=5),
    capacity=st.integers(0, 9),
    families=st.integers(0, 9),
    languages=st.frozensets(st.sampled_from(["en", "es"])),
    boroughs=st.frozensets(st.sampled_from(["bronx", "queens"])),
    age_bands=st.frozensets(st.sampled_from(list(AgeBand))),
    concerns_taken=some_concerns,
    concerns_not_taken=some_concerns,
    away=st.booleans(),
    in_conflict=st.booleans(),
    worked_with_family=st.booleans(),
)


@given(st.lists(candidates, max_size=8, unique_by=lambda one: one.public_id), some_concerns)
def test_nobody_is_ever_suggested_for_what_they_will_not_take(
    everybody: list[Candidate], concerns: frozenset[str]
) -> None:
    """PP-04: absolutely, whatever else speaks for them."""
    family = replace(FAMILY, concerns={code: code for code in concerns})
    may = {
        one.public_id
        for one in everybody
        if not one.away and not one.in_conflict and not one.concerns_not_taken & concerns
    }
    found = suggest(family, everybody, NEW_YORK)
    assert {one.public_id for one in found if one.available} == may
    assert len(found) == len(everybody)
    assert all(one.public_id is None for one in found if not one.available)
