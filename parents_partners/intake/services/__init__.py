"""The verbs of what comes in: a draft that becomes a referral, and a call to the helpline."""

from parents_partners.intake.services.calls import (
    change_call,
    record_call_back,
    start_referral,
    take_call,
)
from parents_partners.intake.services.drafts import delete, delete_old, keep, start, submit

__all__ = [
    "change_call",
    "delete",
    "delete_old",
    "keep",
    "record_call_back",
    "start",
    "start_referral",
    "submit",
    "take_call",
]
