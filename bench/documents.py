"""Referrals as documents, in the form of the referral schema."""

from typing import TYPE_CHECKING, Any

from bench.people import People

if TYPE_CHECKING:
    from bench.generate import Said

SENTENCES = 4
"""In each of the three parts of a history."""


def document_of(said: "Said", people: People) -> dict[str, Any]:
    """As a referral keeps it: instants in UTC, nothing that was not given."""
    planner = {
        "name": "Denise Okafor-Reyes",
        "title": "Case Planner",
        "organization": said.agency[1],
        "phone": "(212) 555-0123",
        "email": "planner@example.org",
    }
    asked_on = said.received_at.date().isoformat()
    removed_at = said.removed_at.isoformat()
    return {
        "received_at": said.received_at.isoformat(),
        "channel": "online",
        "referrer": planner,
        "programme_discussed": {
            "on": asked_on,
            "by": planner["name"],
            "brochure_given": True,
        },
        "case": {
            "name": said.name,
            "number": said.number,
            "stage": said.stage,
            "opened_on": said.opened_at.date().isoformat(),
            "borough": said.borough,
            "agency": said.agency[1],
            "agency_phone": "(212) 555-0120",
            "caseworker": planner,
        },
        "parents": [
            {
                "first_name": parent.person.first,
                "last_name": parent.person.last,
                "relationship": parent.relationship,
                "phone": parent.phone[0],
                "preferred_language": parent.language,
                "interpreter_needed": parent.language != "en",
                "safe_contact": {"voicemail": parent.may_leave_voicemail, "text": True},
                "agreement": {
                    "answer": "agreed",
                    "asked_by": planner["name"],
                    "asked_on": asked_on,
                    "how": "in_person",
                    "scope": sorted(parent.scopes),
                },
            }
            for parent in said.parents
        ],
        "children": [
            {
                "first_name": child.person.first,
                "last_name": child.person.last,
                "date_of_birth": child.born_on.date().isoformat(),
                "setting": "family_foster_care",
                "removed_at": removed_at,
                "placed_at": removed_at,
                "placement_agency": said.agency[1],
            }
            for child in said.children
        ],
        "conferences": [
            {
                "kind": said.conference_kind,
                "starts_at": said.conference_at.isoformat(),
                "place": "Third Avenue office",
            }
        ],
        "reasons": ["difficulty_navigating"],
        "history": {part: people.words(SENTENCES) for part in ("issues", "progress", "stage")},
    }
