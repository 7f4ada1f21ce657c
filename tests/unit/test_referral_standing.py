"""What a referrer reads of a referral (REF-07), from plain values."""

from datetime import UTC, date, datetime, timedelta

import pytest

from parents_partners.referrals.standing import (
    Deadlines,
    Decided,
    ParentSupport,
    Standing,
    Stint,
    standing,
)
from parents_partners.referrals.types import ReferralState, StandingStage

FILED_AT = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
REASONS = {"reunified": "Support was completed", "consent_withdrawn": "Closed", "other": "Other"}
DEADLINES = Deadlines(
    first_contact_days=2,
    today=date(2026, 11, 21),
    helpline_phone="(212) 676-9421",
)


def stint(state: str, *, days: int = 1, specialist: str = "Rosa Tavarez", **changes) -> Stint:
    """A stint offered this many days after the referral was filed."""
    values = {
        "offered_at": FILED_AT + timedelta(days=days),
        "over_at": None,
        "first_contact_on": None,
        "outcome": None,
    } | changes
    return Stint(state=state, specialist=specialist, **values)


def ended(outcome: str = "reunified", *, days: int = 1) -> Stint:
    return stint("ended", days=days, over_at=FILED_AT + timedelta(days=days), outcome=outcome)


def parent(*stints: Stint, consents: bool = True, waits: bool = False) -> ParentSupport:
    return ParentSupport(may_be_contacted=consents, waits=waits, stints=stints)


def filed(*parents: ParentSupport) -> Standing:
    decided = Decided(ReferralState.FILED, FILED_AT)
    return standing(decided, parents, public_reasons=REASONS, deadlines=DEADLINES)


def undecided(state: ReferralState, **changes) -> Standing:
    decided = Decided(state, decide_by=date(2026, 11, 23), **changes)
    return standing(decided, [], public_reasons=REASONS, deadlines=DEADLINES)


def test_a_new_referral_is_received_and_says_by_when_it_is_offered() -> None:
    now = undecided(ReferralState.SUBMITTED)
    assert now.words == "Received"
    assert now.next_words is not None
    assert "by Mon, Nov 23, 2026" in now.next_words


def test_a_referral_that_waits_too_long_admits_it_and_says_whom_to_call() -> None:
    late = Decided(ReferralState.SUBMITTED, decide_by=date(2026, 11, 20))
    now = standing(late, [], public_reasons={}, deadlines=DEADLINES)
    assert now.next_words is not None
    assert "is late" in now.next_words
    assert "(212) 676-9421" in now.next_words


def test_an_open_question_is_said_to_be_what_it_waits_for() -> None:
    assert undecided(ReferralState.QUESTION_ASKED).stage is StandingStage.QUESTION_ASKED


def test_a_declined_referral_says_the_public_reason() -> None:
    now = undecided(ReferralState.DECLINED, decline_reason="other")
    assert now.words == "Declined: other"
    assert now.is_closed


def test_who_sent_a_duplicate_is_told_where_to_say_that_the_parent_withdrew() -> None:
    """ADV-05: whoever hears it first can have it recorded."""
    said = undecided(ReferralState.DUPLICATE).next_words
    assert said is not None
    assert said.startswith("If the parent changes their mind")
    assert DEADLINES.helpline_phone in said


def test_an_agency_learns_of_a_duplicate_that_it_is_closed_and_of_no_other_referral() -> None:
    """REF-07: the earlier one may be another agency's."""
    now = undecided(ReferralState.DUPLICATE)
    assert now.is_closed
    said = f"{now.stage.label} {now.words} {now.next_words}".lower()
    for telling in ("already", "earlier", "duplicate", "another", "family"):
        assert telling not in said


def test_of_a_withdrawn_referral_an_agency_reads_closed_and_no_more() -> None:
    """REF-07: as after a withdrawal of what was filed; the parent may have told us and not them."""
    assert undecided(ReferralState.WITHDRAWN) == Standing(StandingStage.CLOSED, "Closed")


@pytest.mark.parametrize(
    ("stints", "stage"),
    [
        ((), StandingStage.BEING_ASSIGNED),
        ((stint("offered"),), StandingStage.BEING_ASSIGNED),
        ((stint("declined"),), StandingStage.BEING_ASSIGNED),
        ((stint("lapsed"),), StandingStage.BEING_ASSIGNED),
        ((stint("declined"), stint("accepted", days=2)), StandingStage.ASSIGNED),
        ((stint("in_contact"),), StandingStage.IN_CONTACT),
        ((ended(),), StandingStage.CLOSED),
        ((ended(), stint("offered", days=3)), StandingStage.BEING_ASSIGNED),
    ],
)
def test_a_filed_referral_follows_the_latest_stint_of_its_parent(
    stints: tuple[Stint, ...], stage: StandingStage
) -> None:
    assert filed(parent(*stints)).stage is stage


def test_an_offer_that_nobody_accepted_names_no_specialist() -> None:
    assert "Rosa" not in str(filed(parent(stint("offered"))))


def test_of_two_stints_offered_at_one_instant_the_later_row_counts() -> None:
    assert filed(parent(stint("declined"), stint("accepted"))).stage is StandingStage.ASSIGNED


def test_an_assigned_referral_names_the_specialist_and_when_they_call() -> None:
    now = filed(parent(stint("accepted")))
    assert now.words == "Assigned to Rosa Tavarez"
    assert now.next_words is not None
    assert "within 2 days" in now.next_words


def test_the_first_contact_is_told_with_its_day() -> None:
    now = filed(parent(stint("in_contact", first_contact_on=date(2026, 11, 18))))
    assert now.words == "First contact made on Wed, Nov 18, 2026 by Rosa Tavarez"


def test_the_least_advanced_parent_decides_what_is_said() -> None:
    now = filed(parent(stint("in_contact")), parent(stint("accepted", specialist="Ivy Chen")))
    assert now.words == "Assigned to Ivy Chen"


def test_a_parent_who_withdrew_does_not_hold_up_the_other() -> None:
    now = filed(parent(consents=False), parent(stint("in_contact")))
    assert now.stage is StandingStage.IN_CONTACT


def test_the_end_of_support_is_told_with_the_neutral_reason_only() -> None:
    assert filed(parent(ended())).words == "Closed: support was completed"


def test_after_a_full_withdrawal_of_consent_only_closed_is_said() -> None:
    now = filed(parent(stint("in_contact"), consents=False), parent(ended(), consents=False))
    assert (now.words, now.next_words) == ("Closed", None)


def test_an_outcome_whose_public_words_are_closed_says_nothing_more() -> None:
    assert filed(parent(ended("consent_withdrawn"))).words == "Closed"


def test_what_ended_before_this_referral_was_filed_is_not_its_end() -> None:
    assert filed(parent(ended(days=-30))).stage is StandingStage.BEING_ASSIGNED


def test_a_parent_who_is_back_in_the_queue_is_being_assigned() -> None:
    assert filed(parent(ended(), waits=True)).stage is StandingStage.BEING_ASSIGNED


def handed_over(*, days: int = 1, first_contact_on: date | None = None, **changes) -> Stint:
    return stint(
        "ended",
        days=days,
        over_at=FILED_AT + timedelta(days=days + 3),
        outcome="handed_over",
        first_contact_on=first_contact_on,
        **changes,
    )


def test_after_a_hand_over_the_first_contact_stays_made_and_the_new_name_stands_there() -> None:
    """REF-07"""
    before = handed_over(first_contact_on=date(2026, 11, 12))
    for state in ("accepted", "in_contact"):
        now = filed(parent(before, stint(state, days=5, specialist="Mei Tsai")))
        assert now.stage is StandingStage.IN_CONTACT
        assert now.words == (
            "First contact made on Thu, Nov 12, 2026 by Rosa Tavarez, now with Mei Tsai"
        )


def test_of_several_hand_overs_the_first_contact_counts_and_the_last_name() -> None:
    first = handed_over(first_contact_on=date(2026, 11, 12))
    second = handed_over(days=4, specialist="Ana Ruiz")
    now = filed(parent(first, second, stint("accepted", days=8, specialist="Mei Tsai")))
    assert now.words.endswith("by Rosa Tavarez, now with Mei Tsai")


def test_a_hand_over_before_any_first_contact_says_who_makes_it() -> None:
    now = filed(parent(handed_over(), stint("accepted", days=5, specialist="Mei Tsai")))
    assert (now.stage, now.words) == (StandingStage.ASSIGNED, "Assigned to Mei Tsai")


def test_a_support_that_begins_after_another_one_ended_has_a_first_contact_of_its_own() -> None:
    earlier = ended()
    now = filed(parent(earlier, stint("accepted", days=5, specialist="Mei Tsai")))
    assert now.stage is StandingStage.ASSIGNED
