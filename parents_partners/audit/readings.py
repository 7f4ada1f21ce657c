"""Who was shown what of which family (S-22).

A view notes a reading where it makes the page; the edge writes down what was noted once it is
settled that the page goes out: with all else that the request did, or, where that was refused and
the page is given back, by itself. What nobody was shown is no reading."""

from typing import Any

from flask import g, request
from sqlalchemy import insert

from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.core.db import Base, about_to_write, db


def note_reading_of_family(case_id: int) -> None:
    """This page shows words or names of a family."""
    _note(Event.FAMILY_READ, "case", case_id, case_id=case_id)


def note_reading_of_referral(referral_id: int, *, case_id: int | None) -> None:
    """This page shows what a referral says."""
    _note(Event.REFERRAL_READ, "referral", referral_id, case_id=case_id, referral_id=referral_id)


def note_reading_of_offer(assignment_id: int, *, case_id: int, referral_id: int | None) -> None:
    """This page shows whom an offer is for."""
    _note(Event.OFFER_READ, "assignment", assignment_id, case_id=case_id, referral_id=referral_id)


def note_reading_of_list(rows: int) -> None:
    """This page names families or referrals in so many rows. That is one reading, which says of
    which page and of how many rows; an empty list is none."""
    if rows:
        _note(Event.FAMILIES_LISTED, "list", None, page=request.endpoint, rows=rows)


def note_reading_of_call(call_id: int, *, case_id: int | None, referral_id: int | None) -> None:
    """This page shows who called and what they said."""
    _note(Event.CALL_READ, "call", call_id, case_id=case_id, referral_id=referral_id)


def note_search(rows: int) -> None:
    """This page shows so many rows that a search found: never what was searched for. That nothing
    was found is on record, too: who tries names until one is known learns something each time."""
    _note(Event.FAMILIES_SEARCHED, "search", None, page=request.endpoint, rows=rows)


def note_export(name: str, rows: int, saved_as: str, why: str | None) -> None:
    """This answer is a file of so many rows of a list. `why` is a code of `export_reason`."""
    _note(Event.LIST_EXPORTED, "list", None, list=name, rows=rows, saved_as=saved_as, why=why)


_WRITE = insert(Base.metadata.tables[AuditEvent.__tablename__])


def write_readings() -> None:
    """What was noted for this answer, from now on in the log."""
    if readings := g.pop("readings", None):
        db.session.connection().execute(_WRITE, readings)


def _note(
    event: Event,
    subject: str,
    subject_id: int | None,
    *,
    case_id: int | None = None,
    referral_id: int | None = None,
    **detail: Any,
) -> None:
    if not about_to_write.get():
        raise RuntimeError(f"{request.endpoint} notes a reading: mark it with writes=True.")
    if subject_id is not None:
        detail["page"] = request.endpoint
    # Not of the session yet: what the request did may still be undone.
    g.setdefault("readings", []).append(
        {
            "at": g.now,
            "event": event,
            "actor_id": g.actor.id,
            "actor_role": g.actor.role.value,
            "subject": subject,
            "subject_id": subject_id,
            "case_id": case_id,
            "referral_id": referral_id,
            "detail": detail,
        }
    )
