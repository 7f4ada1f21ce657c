"""Referrals as documents, in the form of the referral schema."""

from copy import deepcopy
from typing import Any

_PLAIN: dict[str, Any] = {
    "channel": "online",
    "received_at": "2026-11-20T09:42:00-05:00",
    "referrer": {
        "name": "Denise Okafor-Reyes",
        "title": "Case Planner",
        "organization": "Harborview Family Services",
        "phone": "(718) 555-0123",
        "email": "dokafor@harborview.example.org",
    },
    "programme_discussed": {
        "on": "2026-11-17",
        "by": "Denise Okafor-Reyes",
        "brochure_given": True,
        "brochure_language": "es",
    },
    "case": {
        "name": "Marte, Luz",
        "number": "S-012345-6",
        "stage": "foster_care",
        "opened_on": "2026-11-01",
        "borough": "bronx",
        "agency": "Harborview Family Services",
        "agency_phone": "(718) 555-0120",
        "caseworker": {
            "name": "Denise Okafor-Reyes",
            "title": "Case Planner",
            "organization": "Harborview Family Services",
            "phone": "(718) 555-0123",
            "email": "dokafor@harborview.example.org",
        },
    },
    "parents": [
        {
            "first_name": "Luz",
            "last_name": "Marte",
            "relationship": "mother",
            "phone": "(347) 555-0161",
            "preferred_language": "es",
            "interpreter_needed": True,
            "safe_contact": {"voicemail": True, "text": True},
            "agreement": {
                "answer": "agreed",
                "asked_by": "Denise Okafor-Reyes",
                "asked_on": "2026-11-17",
                "how": "in_person",
                "scope": ["support", "share_with_agency", "attend_meetings"],
            },
        }
    ],
    "children": [
        {
            "first_name": "Yandel",
            "last_name": "Marte",
            "date_of_birth": "2016-11-10",
            "setting": "family_foster_care",
            "removed_at": "2026-11-05T22:40:00-05:00",
            "placed_at": "2026-11-06T03:15:00-05:00",
            "placement_agency": "Harborview Family Services",
        }
    ],
    "conferences": [{"kind": "FTC", "starts_at": "2026-11-25T10:00:00-05:00", "place": "Room B"}],
    "reasons": ["difficulty_navigating"],
    "history": {
        "issues": "Remand on 5 November.",
        "progress": "First visit was warm.",
        "stage": "Day 4 in care.",
    },
}


def referral_document(**changes: Any) -> dict[str, Any]:
    """A valid referral in the form of the referral schema. A key reaches inside with `__`:
    `referral_document(case__number=None, parents__0__first_name="Ada")`."""
    document = deepcopy(_PLAIN)
    for key, value in changes.items():
        inside: Any = document
        *path, last = [int(part) if part.isdigit() else part for part in key.split("__")]
        for part in path:
            inside = inside[part]
        inside[last] = value
    return document
