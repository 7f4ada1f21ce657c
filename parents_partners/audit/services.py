from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.core.db import Base, db


class Acting(Protocol):
    """Whoever acts. `id` None is the command line or the clock."""

    @property
    def id(self) -> int | None: ...
    @property
    def role(self) -> StrEnum | None: ...


def record(
    event: Event,
    subject: Base,
    *,
    actor: Acting,
    now: datetime,
    case_id: int | None = None,
    referral_id: int | None = None,
    **detail: Any,
) -> AuditEvent:
    """Write down what `actor` did to `subject`, in the transaction of the change itself.

    `detail` takes ids, codes and counts only: the log outlives what it speaks of."""
    row = AuditEvent(
        at=now,
        event=event,
        actor_id=actor.id,
        actor_role=actor.role.value if actor.role else None,
        subject=subject.__tablename__,
        subject_id=getattr(subject, "id", None),
        case_id=case_id,
        referral_id=referral_id,
        detail=detail,
    )
    db.session.add(row)
    return row
