"""A stint that goes on with another Family Specialist."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parents_partners.advocates.models.stints import Assignment, Specialist
from parents_partners.advocates.types import (
    HandOverState,
)
from parents_partners.core.db import Base, PublicId, Versioned, coded, unique_where


class HandOver(Versioned, Base):
    """A stint that goes on with another Family Specialist. The supervisor asks, who carries the
    family gives, with what is open and what the parents want passed on, and the other takes.
    `parents_asked_on` is the local day by which every parent of the stint was asked which notes
    pass on; None where not all of them could be: then none does. `choice_reason`: why another than
    the first suggested; it goes to the new stint (PP-05). `closed_by_id` None of a closed one: the
    command line did it, with the account of whoever was asked."""

    __tablename__ = "hand_over"
    __table_args__ = (
        CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)",
            name="decline_reason_iff_declined",
        ),
        CheckConstraint(
            "(state IN ('taken', 'declined', 'taken_back', 'stopped')) = (closed_at IS NOT NULL)",
            name="closed_iff_time",
        ),
        CheckConstraint(
            "closed_by_id IS NULL OR closed_at IS NOT NULL", name="closed_by_only_if_closed"
        ),
        CheckConstraint(
            "state NOT IN ('given', 'taken') OR given_at IS NOT NULL", name="given_has_time"
        ),
        CheckConstraint(
            "(state = 'taken') = (new_assignment_id IS NOT NULL)", name="new_stint_iff_taken"
        ),
        unique_where("uq_hand_over_one_open", "assignment_id", where="closed_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    to_specialist_id: Mapped[int] = mapped_column(ForeignKey("specialist.user_id"), index=True)
    state: Mapped[HandOverState] = mapped_column(
        coded(HandOverState, "hand_over_state"), default=HandOverState.ASKED
    )
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    given_at: Mapped[datetime | None]
    parents_asked_on: Mapped[date | None]
    decline_reason: Mapped[str | None] = mapped_column(String(40))
    # Asked for once, when the family goes over: no list of hand-overs reads it.
    choice_reason: Mapped[str | None] = mapped_column(String(500), deferred=True)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    new_assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)

    assignment: Mapped[Assignment] = relationship(foreign_keys=[assignment_id])
    new_assignment: Mapped[Assignment | None] = relationship(foreign_keys=[new_assignment_id])
    to_specialist: Mapped[Specialist] = relationship()
    words: Mapped["HandOverWords | None"] = relationship()
    notes: Mapped[list["HandOverNote"]] = relationship()


class HandOverWords(Base):
    """What is open and what matters, from one specialist to the next."""

    __tablename__ = "hand_over_words"

    hand_over_id: Mapped[int] = mapped_column(ForeignKey("hand_over.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class HandOverNote(Base):
    """An earlier entry whose note the parents chose to pass on."""

    __tablename__ = "hand_over_note"

    hand_over_id: Mapped[int] = mapped_column(ForeignKey("hand_over.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activity.id"), primary_key=True, index=True
    )
