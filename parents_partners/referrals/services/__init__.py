"""The verbs of a referral: taken in, asked about, filed under a family, or closed."""

from parents_partners.referrals.services.deciding import (
    answer,
    ask,
    decline,
    hold,
    mark_duplicate,
    withdraw,
)
from parents_partners.referrals.services.filing import file
from parents_partners.referrals.services.importing import Outcome, Sent, take_in
from parents_partners.referrals.services.likeness import (
    SomeoneOf,
    say_of_family,
    say_of_person,
    say_of_referrals,
)
from parents_partners.referrals.services.likeness import (
    take_back as take_back_likeness,
)
from parents_partners.referrals.services.parting import Parted
from parents_partners.referrals.services.receiving import Receipt, receive, sender_named

__all__ = [
    "Outcome",
    "Parted",
    "Receipt",
    "Sent",
    "SomeoneOf",
    "answer",
    "ask",
    "decline",
    "file",
    "hold",
    "mark_duplicate",
    "receive",
    "say_of_family",
    "say_of_person",
    "say_of_referrals",
    "sender_named",
    "take_back_likeness",
    "take_in",
    "withdraw",
]
