"""What pages read of referrals. Every query goes through `visible_to(viewer)`."""

from parents_partners.referrals.queries.listing import (
    OpenQuestion,
    ReferralRow,
    open_questions,
    referrals_for,
)
from parents_partners.referrals.queries.possible import (
    Match,
    PossibleCase,
    PossibleReferral,
    possible_cases,
    possible_earlier_referrals,
)
from parents_partners.referrals.queries.standings import standing_of
from parents_partners.referrals.queries.submitted import (
    AsSubmitted,
    as_submitted,
    referral_for,
    submission_of,
)

__all__ = [
    "AsSubmitted",
    "Match",
    "OpenQuestion",
    "PossibleCase",
    "PossibleReferral",
    "ReferralRow",
    "as_submitted",
    "open_questions",
    "possible_cases",
    "possible_earlier_referrals",
    "referral_for",
    "referrals_for",
    "standing_of",
    "submission_of",
]
