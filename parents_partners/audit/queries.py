from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import READINGS, Event
from parents_partners.core.db import db
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key


@dataclass(frozen=True)
class EventRow:
    """A line of the audit log: who, when, in which role, about which number; nothing of a family.
    `actor_name` and `actor_role` None are the command line or the clock. `listed`: of a list that
    was looked at, the `page` and how many `rows` it had."""

    id: int
    at: datetime
    event: Event
    actor_name: str | None
    actor_role: str | None
    subject: str
    subject_id: int | None
    listed: Mapping[str, Any] | None


def events(
    *, kind: Event | None = None, after: str | None = None, size: int = PAGE_SIZE
) -> Page[EventRow]:
    """The log, newest first. `after` is a page's `next_key`."""
    chosen = (
        select(AuditEvent)
        .options(joinedload(AuditEvent.actor))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(size + 1)
    )
    if kind is not None:
        chosen = chosen.where(AuditEvent.event == kind)
    match read_key(after):
        case (datetime() as at, int() as event_id):
            chosen = chosen.where(tuple_(AuditEvent.at, AuditEvent.id) < tuple_(at, event_id))
    return page_of([_row(event) for event in db.session.scalars(chosen)], _key, size)


@dataclass(frozen=True)
class Change:
    """Who changed something, and when. `by` None: the clock or the command line did."""

    by: str | None
    at: datetime


def last_change(**of: str | int) -> Change | None:
    """The latest event that was more than a reading: of a `case_id`, of a `referral_id`, of one
    `subject` and `subject_id`. None if nothing was written down."""
    event = db.session.scalar(
        select(AuditEvent)
        .options(joinedload(AuditEvent.actor))
        .filter_by(**of)
        .where(AuditEvent.event.not_in(READINGS))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    if event is None:
        return None
    return Change(by=event.actor.name if event.actor else None, at=event.at)


def last_changes(event: Event, named: str) -> dict[str, Change]:
    """The latest event of this kind for each value that its detail has under `named`."""
    what = AuditEvent.detail[named].as_string()
    newest = (
        select(func.max(AuditEvent.id)).where(AuditEvent.event == event).group_by(what).subquery()
    )
    return {
        row.detail[named]: Change(by=row.actor.name if row.actor else None, at=row.at)
        for row in db.session.scalars(
            select(AuditEvent)
            .options(joinedload(AuditEvent.actor))
            .where(AuditEvent.id.in_(select(newest)))
        )
        if named in row.detail
    }


def _row(event: AuditEvent) -> EventRow:
    return EventRow(
        id=event.id,
        at=event.at,
        event=event.event,
        actor_name=event.actor.name if event.actor else None,
        actor_role=event.actor_role,
        subject=event.subject,
        subject_id=event.subject_id,
        listed=event.detail if event.event is Event.FAMILIES_LISTED else None,
    )


def _key(row: EventRow) -> tuple[datetime, int]:
    return row.at, row.id
