"""What a specialist did (ADV-02)."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parents_partners.advocates.models.stints import Assignment
from parents_partners.advocates.types import (
    ActivityMode,
    SupportKind,
)
from parents_partners.cases.models import Person
from parents_partners.core.db import Base, PublicId, coded


class Activity(Base):
    """One contact or piece of work of a stint (ADV-02). `happened_at` is when, `logged_at` when
    it was written down; `minutes` may be 0 for an attempt. Never changed afterwards."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_within_a_day"),
        Index("ix_activity_case_id_happened_at", "case_id", "happened_at"),
        Index("ix_activity_assignment_id_happened_at", "assignment_id", "happened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    happened_at: Mapped[datetime]
    minutes: Mapped[int]
    mode: Mapped[ActivityMode] = mapped_column(coded(ActivityMode, "activity_mode"))
    made: Mapped[bool]
    logged_at: Mapped[datetime]
    logged_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)

    assignment: Mapped[Assignment] = relationship()
    kinds: Mapped[list["ActivityKind"]] = relationship()
    participants: Mapped[list["ActivityParticipant"]] = relationship()
    note: Mapped["ActivityNote | None"] = relationship()


class ActivityKind(Base):
    __tablename__ = "activity_kind"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    kind: Mapped[SupportKind] = mapped_column(coded(SupportKind, "support_kind"), primary_key=True)


class ActivityParticipant(Base):
    """A family member who took part, or whom the attempt was meant to reach."""

    __tablename__ = "activity_participant"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)

    person: Mapped[Person] = relationship()


class ActivityNote(Base):
    """A specialist's words, for the specialist and their supervisors only (REF-07)."""

    __tablename__ = "activity_note"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class ActivityDraft(Base):
    """What a specialist has typed of an activity so far: one a family and specialist."""

    __tablename__ = "activity_draft"

    specialist_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True, index=True)
    document: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    updated_at: Mapped[datetime]
