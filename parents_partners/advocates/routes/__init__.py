"""The pages of supervisors and Family Specialists: one blueprint, one room a page family."""

from flask import Blueprint

blueprint = Blueprint("advocates", __name__)

from parents_partners.advocates.routes import (  # noqa: E402 (they need the blueprint)
    activity,
    caseload,
    exports,
    families,
    family,
    hand_over,
    messages,
    profiles,
    readers,
    search,
    service_referrals,
    support,
    tasks,
    today,
    triage,
    triage_compare,
    triage_family,
    triage_referral,
    workload,
)

__all__ = [
    "activity",
    "blueprint",
    "caseload",
    "exports",
    "families",
    "family",
    "hand_over",
    "messages",
    "profiles",
    "readers",
    "search",
    "service_referrals",
    "support",
    "tasks",
    "today",
    "triage",
    "triage_compare",
    "triage_family",
    "triage_referral",
    "workload",
]
