"""The demonstration's people: as many as promised, and fit for the referrals they will carry."""

import json
from collections import Counter
from pathlib import Path

import pytest

from parents_partners.accounts.types import OrganisationKind, Role
from parents_partners.advocates.types import Profile
from parents_partners.demonstration.people import ORGANISATIONS, PEOPLE, one_per_role, others

SAMPLE = Path(__file__).parents[2] / "parents_partners" / "sample_data" / "referrals.jsonl"
REFERRALS = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]


def test_there_are_as_many_of_each_role_as_promised() -> None:
    assert Counter(person.role for person in PEOPLE) == {
        Role.REFERRER: 4,
        Role.HELPLINE: 2,
        Role.SPECIALIST: 12,
        Role.SUPERVISOR: 3,
        Role.ADMIN: 1,
        Role.AUDITOR: 1,
    }


def test_the_supervisors_answer_for_two_units_that_hold_every_specialist() -> None:
    units = {person.unit for person in PEOPLE if person.role is Role.SUPERVISOR}
    assert len(units) == 2
    assert {person.unit for person in PEOPLE if person.role is Role.SPECIALIST} == units


def test_referrers_come_from_four_organisations_that_sent_sample_referrals() -> None:
    theirs = {person.organisation for person in PEOPLE if person.role is Role.REFERRER}
    assert len(theirs) == 4
    assert theirs <= {
        (one["referrer"] or {})["organization"] for one in REFERRALS if one.get("referrer")
    }


def test_everybody_else_belongs_to_the_programme_which_runs_the_helpline() -> None:
    (programme,) = {person.organisation for person in PEOPLE if person.role is not Role.REFERRER}
    assert ORGANISATIONS[programme] is OrganisationKind.PROGRAMME
    helpline = [one for one in REFERRALS if one["channel"] == "helpline"]
    assert {one["referrer"]["organization"] for one in helpline} == {programme}


def test_somebody_speaks_the_language_of_every_parent_who_agreed() -> None:
    spoken = {
        language for person in PEOPLE if person.profile for language in person.profile.languages
    }
    asked = {
        parent.get("preferred_language", "en")
        for referral in REFERRALS
        for parent in referral["parents"]
        if parent["agreement"]["answer"] == "agreed"
    }
    assert asked <= spoken


def test_nobody_has_the_name_of_somebody_in_a_sample_referral() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert [person.name for person in PEOPLE if person.name in text] == []


def test_every_address_is_one_that_nobody_has() -> None:
    assert all(person.email.endswith("@example.org") for person in PEOPLE)
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)


def test_the_sign_in_page_lists_everybody_once_one_of_each_role_first() -> None:
    listed = [*one_per_role(), *others()]
    assert [person.role for person in listed[: len(Role)]] == list(Role)
    assert sorted(person.email for person in listed) == sorted(person.email for person in PEOPLE)


@pytest.mark.parametrize("profile", [person.profile for person in PEOPLE if person.profile])
def test_a_profile_can_be_offered_some_families_and_contradicts_itself_nowhere(
    profile: Profile,
) -> None:
    assert 6 <= profile.capacity <= 12
    assert profile.boroughs
    assert profile.age_bands
    assert not set(profile.concerns_taken) & set(profile.concerns_not_taken)
