"""What is to be done for a family: tasks, and services that it needs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parents_partners.accounts.models import User
from parents_partners.advocates.types import (
    ServiceState,
    TaskState,
)
from parents_partners.cases.models import Case, Person
from parents_partners.core.db import Base, PublicId, Versioned, coded


class Task(Versioned, Base):
    """Something to do for a family, with an owner and a local day by which it is done.
    `closed_by_id` None of a closed one: the command line or the clock did it."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_iff_time"),
        CheckConstraint(
            "closed_by_id IS NULL OR closed_at IS NOT NULL", name="closed_by_only_if_closed"
        ),
        Index("ix_task_owner_id_state_due_on", "owner_id", "state", "due_on"),
        Index("ix_task_case_id_state", "case_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    what: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date]
    state: Mapped[TaskState] = mapped_column(coded(TaskState, "task_state"), default=TaskState.OPEN)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    case: Mapped[Case] = relationship()
    owner: Mapped[User] = relationship(foreign_keys=[owner_id])


class ServiceReferral(Versioned, Base):
    """A needed service for one parent, followed to its end (ADV-03). `kind` is a code of the
    list `service_kind`, `fell_through_reason` one of `service_fell_through`."""

    __tablename__ = "service_referral"
    __table_args__ = (
        CheckConstraint(
            "(state = 'fell_through') = (fell_through_reason IS NOT NULL)",
            name="reason_iff_fell_through",
        ),
        Index("ix_service_referral_case_id_state", "case_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    provider: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[ServiceState] = mapped_column(
        coded(ServiceState, "service_state"), default=ServiceState.OFFERED
    )
    fell_through_reason: Mapped[str | None] = mapped_column(String(40))

    case: Mapped[Case] = relationship()
    person: Mapped[Person] = relationship()
    steps: Mapped[list["ServiceStep"]] = relationship(order_by="ServiceStep.id")


class ServiceStep(Base):
    """When a service came to a state: the local day it did, and when that was written down. The
    same state again: somebody asked that day, and there was nothing new. `recorded_by_id` None:
    the command line or the clock."""

    __tablename__ = "service_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    service_referral_id: Mapped[int] = mapped_column(ForeignKey("service_referral.id"), index=True)
    state: Mapped[ServiceState] = mapped_column(coded(ServiceState, "service_step_state"))
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
