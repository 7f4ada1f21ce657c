"""Family Specialists, their stints with parents, and the places in the queue."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parents_partners.accounts.models import User
from parents_partners.advocates.types import (
    AssignmentState,
    WaitingSince,
)
from parents_partners.cases.models import Case, Person
from parents_partners.core.db import Base, PublicId, Versioned, coded, unique_where


class Specialist(Versioned, Base):
    """A Family Specialist's working profile. Sets of codes stand in JSON lists: they are small,
    read whole and compared in code. `capacity` counts families."""

    __tablename__ = "specialist"
    __table_args__ = (CheckConstraint("capacity >= 0", name="capacity_not_negative"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    capacity: Mapped[int]
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    boroughs: Mapped[list[str]] = mapped_column(JSON, default=list)
    age_bands: Mapped[list[str]] = mapped_column(JSON, default=list)
    concerns_taken: Mapped[list[str]] = mapped_column(JSON, default=list)
    concerns_not_taken: Mapped[list[str]] = mapped_column(JSON, default=list)

    user: Mapped[User] = relationship()


class Away(Base):
    """Days on which a specialist is not available, both included. No reason is kept (PP-10)."""

    __tablename__ = "away"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="until_not_before_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    specialist_id: Mapped[int] = mapped_column(ForeignKey("specialist.user_id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]


class Assignment(Versioned, Base):
    """One stint. `unit_id` is the specialist's unit when it was offered: the unit answers for
    what it did even if the specialist moves later (pitfall 4). `answer_by` is when an unanswered
    offer lapses."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint(
            "accepted_at IS NULL OR accepted_at >= offered_at", name="accepted_after_offered"
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= accepted_at", name="ended_after_accepted"),
        CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)",
            name="decline_reason_iff_declined",
        ),
        CheckConstraint(
            "(state IN ('declined', 'lapsed')) = (closed_unaccepted_at IS NOT NULL)",
            name="closed_unaccepted_iff_time",
        ),
        CheckConstraint(
            "(state IN ('accepted', 'in_contact', 'ended')) = (accepted_at IS NOT NULL)",
            name="accepted_iff_time",
        ),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_iff_time"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="outcome_iff_ended"),
        CheckConstraint(
            "state <> 'in_contact' OR first_contact_at IS NOT NULL", name="in_contact_has_first"
        ),
        Index("ix_assignment_case_id_state", "case_id", "state"),
        Index("ix_assignment_specialist_id_state", "specialist_id", "state"),
        Index("ix_assignment_unit_id_state", "unit_id", "state"),
        # The measure above the queue: of six years of stints only the last ninety days.
        Index("ix_assignment_unit_id_first_contact_at", "unit_id", "first_contact_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
    specialist_id: Mapped[int] = mapped_column(ForeignKey("specialist.user_id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[AssignmentState] = mapped_column(
        coded(AssignmentState, "assignment_state"), default=AssignmentState.OFFERED
    )
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    choice_reason: Mapped[str | None] = mapped_column(String(500))
    answer_by: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None] = mapped_column(String(40))
    closed_unaccepted_at: Mapped[datetime | None]
    first_contact_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    outcome: Mapped[str | None] = mapped_column(String(40))

    case: Mapped[Case] = relationship()
    specialist: Mapped[Specialist] = relationship()
    parents: Mapped[list["AssignedParent"]] = relationship(back_populates="assignment")


class AssignedParent(Base):
    """A parent whom a stint is for. `released_at` is set when the stint is over for them; at
    most one open stint a case and parent."""

    __tablename__ = "assigned_parent"
    __table_args__ = (
        unique_where(
            "uq_assigned_parent_one_open", "case_id", "person_id", where="released_at IS NULL"
        ),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    released_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship(back_populates="parents")
    person: Mapped[Person] = relationship()


class Waiting(Base):
    """A parent of a filed case who has no specialist yet: a place in the queue."""

    __tablename__ = "waiting"
    __table_args__ = (
        unique_where("uq_waiting_one_open", "case_id", "person_id", where="ended_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
    since: Mapped[datetime]
    why: Mapped[WaitingSince] = mapped_column(coded(WaitingSince, "waiting_why"))
    ended_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    person: Mapped[Person] = relationship()
