from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parents_partners.audit.types import Event
from parents_partners.core.db import Base, coded


class AuditEvent(Base):
    """One thing done or read. The database refuses to change or delete a row (triggers of the
    first migration). `detail` holds ids, codes and counts, never a family's words or names."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_case_id_at", "case_id", "at"),
        Index("ix_audit_event_referral_id_at", "referral_id", "at"),
        Index("ix_audit_event_actor_id_at", "actor_id", "at"),
        Index("ix_audit_event_event_at", "event", "at"),
        Index("ix_audit_event_subject_subject_id_at", "subject", "subject_id", "at"),
        Index("ix_audit_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event: Mapped[Event] = mapped_column(coded(Event, "event"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_role: Mapped[str | None] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    # By name: accounts stand above the log, which never imports them.
    actor: Mapped[Any] = relationship("User", viewonly=True)
