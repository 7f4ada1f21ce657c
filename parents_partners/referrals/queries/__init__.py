"""What pages read of referrals. Every query goes through `visible_to(viewer)`."""

from parents_partners.referrals.queries.listing import ReferralRow, referrals_for
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
    "PossibleCase",
    "PossibleReferral",
    "ReferralRow",
    "as_submitted",
    "possible_cases",
    "possible_earlier_referrals",
    "referral_for",
    "referrals_for",
    "standing_of",
    "submission_of",
]
