"""A referral beside the sample's, written on its days: its agency has a question to answer."""

from typing import Any

_WORKER = {
    "name": "Janelle Mercado",
    "title": "Case Planner",
    "organization": "Harborview Family Services",
    "phone": "(718) 555-0128",
    "email": "jmercado@harborview.example.org",
}

ASKED: dict[str, Any] = {
    "external_id": "HV-2026-11-0452",
    "channel": "online",
    "received_at": "2026-11-18T15:20:00-05:00",
    "referrer": _WORKER,
    "programme_discussed": {
        "on": "2026-11-17",
        "by": "Janelle Mercado",
        "brochure_given": True,
        "brochure_language": "en",
    },
    "case": {
        "name": "Pemberton-Ayala, Coralie",
        "number": "S-071446-2",
        "stage": "preventive",
        "opened_on": "2026-09-28",
        "borough": "bronx",
        "agency": "Harborview Family Services",
        "agency_phone": "(718) 555-0120",
        "caseworker": _WORKER,
    },
    "parents": [
        {
            "first_name": "Coralie",
            "last_name": "Pemberton-Ayala",
            "relationship": "mother",
            "phone": "(347) 555-0183",
            "preferred_language": "en",
            "interpreter_needed": False,
            "safe_contact": {"voicemail": True, "text": True},
            "agreement": {
                "answer": "agreed",
                "asked_by": "Janelle Mercado",
                "asked_on": "2026-11-17",
                "how": "phone",
                "scope": ["support", "share_with_agency"],
            },
        }
    ],
    "children": [
        {
            "first_name": "Anselm",
            "last_name": "Pemberton-Ayala",
            "date_of_birth": "2021-06-03",
            "setting": "home",
        }
    ],
    "conferences": [
        {"kind": "FTC", "starts_at": "2026-12-03T11:00:00-05:00", "place": "Third Avenue office"}
    ],
    "reasons": ["difficulty_navigating"],
    "history": {
        "issues": "Anselm missed five weeks of day care while they moved between two shelters.",
        "progress": "She found the new day care by herself and keeps every appointment with us.",
        "stage": "Preventive services since September. The next conference decides what goes on.",
    },
}
