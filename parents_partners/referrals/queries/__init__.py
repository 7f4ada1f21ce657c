"""What pages read of referrals. Every query goes through `visible_to(viewer)`."""

from parents_partners.referrals.queries.comparing import (
    Beside,
    PairBeside,
    beside_family,
    beside_of,
    beside_referral,
    person_in,
)
from parents_partners.referrals.queries.listing import (
    OpenQuestion,
    ReferralRow,
    open_questions,
    referrals_for,
)
from parents_partners.referrals.queries.possible import (
    LookAlikes,
    PossibleCase,
    PossibleReferral,
    look_alikes_of,
)
from parents_partners.referrals.queries.said import (
    Said,
    SaidBeside,
    look_alike_for,
    said_about,
    said_of_people,
    sayings_about,
)
from parents_partners.referrals.queries.standings import standing_of
from parents_partners.referrals.queries.submitted import (
    AsSubmitted,
    as_submitted,
    out_of_reach,
    referral_for,
    submission_of,
)

__all__ = [
    "AsSubmitted",
    "Beside",
    "LookAlikes",
    "OpenQuestion",
    "PairBeside",
    "PossibleCase",
    "PossibleReferral",
    "ReferralRow",
    "Said",
    "SaidBeside",
    "as_submitted",
    "beside_family",
    "beside_of",
    "beside_referral",
    "look_alike_for",
    "look_alikes_of",
    "open_questions",
    "out_of_reach",
    "person_in",
    "referral_for",
    "referrals_for",
    "said_about",
    "said_of_people",
    "sayings_about",
    "standing_of",
    "submission_of",
]
