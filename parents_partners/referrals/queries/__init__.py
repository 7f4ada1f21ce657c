"""What pages read of referrals. Every query goes through `visible_to(viewer)`."""

from parents_partners.referrals.queries.listing import (
    OpenQuestion,
    ReferralRow,
    open_questions,
    referrals_for,
)
from parents_partners.referrals.queries.possible import (
    LookAlikes,
    Match,
    PossibleCase,
    PossibleReferral,
    look_alikes_of,
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
    "LookAlikes",
    "Match",
    "OpenQuestion",
    "PossibleCase",
    "PossibleReferral",
    "ReferralRow",
    "as_submitted",
    "look_alikes_of",
    "open_questions",
    "referral_for",
    "referrals_for",
    "standing_of",
    "submission_of",
]
