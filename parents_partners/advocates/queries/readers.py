"""Who looked at a family: for those who work with it (security.md, audit log)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.queries import ids_of_family
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case
from parents_partners.core.db import db
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key

_LOOKED_AT = (Event.FAMILY_READ, Event.REFERRAL_READ)


@dataclass(frozen=True)
class Reading:
    """One look at a page about the family, or about a referral of it."""

    id: int
    at: datetime
    event: Event
    reader: str
    role: Role


def readings_of(viewer: Actor, case: Case, *, after: str | None = None) -> Page[Reading]:
    """Newest first, those from before the referral was filed too. To whom the family was offered
    is the supervisors' business: a specialist sees no reading of an offer."""
    kinds = _LOOKED_AT if viewer.role is Role.SPECIALIST else (*_LOOKED_AT, Event.OFFER_READ)
    chosen = (
        select(AuditEvent.id, AuditEvent.at, AuditEvent.event, User.name, User.role)
        .join(User, User.id == AuditEvent.actor_id)
        .where(
            AuditEvent.event.in_(kinds),
            AuditEvent.id.in_(ids_of_family(case.id)),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    match read_key(after):
        case (datetime() as at, int() as event_id):
            chosen = chosen.where(tuple_(AuditEvent.at, AuditEvent.id) < tuple_(at, event_id))
    rows = [Reading(*row) for row in db.session.execute(chosen).tuples()]
    return page_of(rows, lambda row: (row.at, row.id))
