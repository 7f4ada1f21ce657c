"""The verbs of a referral: taken in, asked about, filed under a family, or closed."""

from parents_partners.referrals.services.deciding import (
    answer,
    ask,
    decline,
    mark_duplicate,
    withdraw,
)
from parents_partners.referrals.services.filing import file
from parents_partners.referrals.services.importing import Outcome, Sent, take_in
from parents_partners.referrals.services.receiving import Receipt, receive, sender_named

__all__ = [
    "Outcome",
    "Receipt",
    "Sent",
    "answer",
    "ask",
    "decline",
    "file",
    "mark_duplicate",
    "receive",
    "sender_named",
    "take_in",
    "withdraw",
]
