from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parents_partners.accounts.models import Organisation, User
from parents_partners.cases.models import Case, Consent, Person
from parents_partners.cases.types import Borough, CaseStage
from parents_partners.core.db import Base, PublicId, Versioned, coded, unique_where
from parents_partners.referrals.types import Channel, KeyKind, KeyOf, Likeness, ReferralState


class Referral(Versioned, Base):
    """One referral, as lean as the queue needs it; what was submitted stands in `Submission`.

    `sender_key` is the organisation as named, or `self`; with `external_id` it makes a second
    arrival of the same referral the same row. `submission_key` does so for the online form.
    `received_at` is when it was received, `recorded_at` when it was written here (an import may
    come later). `removed_at` is the earliest removal and `placed_at` the latest placement
    that it mentions (REF-06)."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)",
            name="decline_reason_iff_declined",
        ),
        CheckConstraint(
            "(state = 'duplicate') = (duplicate_of_id IS NOT NULL)", name="original_iff_duplicate"
        ),
        CheckConstraint("(state = 'filed') = (case_id IS NOT NULL)", name="case_iff_filed"),
        CheckConstraint(
            "(state IN ('filed', 'declined', 'duplicate')) = (decided_at IS NOT NULL)",
            name="decided_iff_time",
        ),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_iff_decider"
        ),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_iff_time"
        ),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_iff_by"
        ),
        UniqueConstraint("sender_key", "external_id", name="uq_referral_sender_external_id"),
        Index("ix_referral_state_received_at", "state", "received_at"),
        Index("ix_referral_organisation_id_received_at", "organisation_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    channel: Mapped[Channel] = mapped_column(coded(Channel, "channel"))
    state: Mapped[ReferralState] = mapped_column(
        coded(ReferralState, "referral_state"), default=ReferralState.SUBMITTED
    )
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    sender_key: Mapped[str] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(String(64))
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    case_name: Mapped[str] = mapped_column(String(200))
    number_key: Mapped[str | None] = mapped_column(String(40), index=True)
    stage: Mapped[CaseStage] = mapped_column(coded(CaseStage, "stage"))
    borough: Mapped[Borough | None] = mapped_column(coded(Borough, "borough"))
    language: Mapped[str | None] = mapped_column(String(35))
    opened_on: Mapped[date | None]
    removed_at: Mapped[datetime | None]
    placed_at: Mapped[datetime | None]

    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
    decline_reason: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()
    case: Mapped[Case | None] = relationship()
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])
    submission: Mapped["Submission"] = relationship(back_populates="referral")
    questions: Mapped[list["Question"]] = relationship(order_by="Question.asked_at")
    filed_parents: Mapped[list["FiledParent"]] = relationship()


class Submission(Base):
    """What was submitted, in the form of the referral schema, less what it may not hold
    (REF-03). In a table of its own: the history is long and lists must not drag it along.
    `notes` are assumptions that were stated to the sender (a local time that comes twice)."""

    __tablename__ = "submission"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    notes: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)

    referral: Mapped[Referral] = relationship(back_populates="submission")


class ReferralKey(Base):
    """A folded search key of a referral: the case number, a name, a phone. Never of a parent
    who did not agree (REF-03). Migration 0004 keeps `value` on an index of its pieces."""

    __tablename__ = "referral_key"
    __table_args__ = (Index("ix_referral_key_kind_value", "kind", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    kind: Mapped[KeyKind] = mapped_column(coded(KeyKind, "key_kind"))
    of: Mapped[KeyOf] = mapped_column(coded(KeyOf, "key_of"))
    value: Mapped[str] = mapped_column(Text)


class NameSound(Base):
    """What a word of a referral's names sounds like, to find it where it is spelt differently."""

    __tablename__ = "name_sound"
    __table_args__ = (Index("ix_name_sound_value_referral_id", "value", "referral_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    value: Mapped[str] = mapped_column(String(20))


class ReferralConference(Base):
    """When the conferences that a referral mentions begin: the queue is ordered by them."""

    __tablename__ = "referral_conference"

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(index=True)


class FiledParent(Base):
    """An agreeing parent of a referral, and the person in the case that they were filed as.
    `position` is their place among the agreeing parents of the submission, from 0."""

    __tablename__ = "filed_parent"
    __table_args__ = (Index("uq_filed_parent_one_a_place", "referral_id", "position", unique=True),)

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    position: Mapped[int]

    person: Mapped[Person] = relationship()
    # The upper slice's stints and places in the queue, by name, looked at to tell the referrer
    # what became of it.
    supports: Mapped[list[Any]] = relationship(
        "AssignedParent",
        primaryjoin="and_(foreign(AssignedParent.case_id) == FiledParent.case_id,"
        " foreign(AssignedParent.person_id) == FiledParent.person_id)",
        order_by="AssignedParent.assignment_id",
        viewonly=True,
    )
    waits: Mapped[list[Any]] = relationship(
        "Waiting",
        primaryjoin="and_(foreign(Waiting.case_id) == FiledParent.case_id,"
        " foreign(Waiting.person_id) == FiledParent.person_id, Waiting.ended_at.is_(None))",
        viewonly=True,
    )
    consents: Mapped[list[Consent]] = relationship(
        primaryjoin="and_(foreign(Consent.case_id) == FiledParent.case_id,"
        " foreign(Consent.person_id) == FiledParent.person_id, Consent.withdrawn_at.is_(None))",
        viewonly=True,
    )


class Question(Base):
    """What a supervisor needs to know before deciding, and the answer."""

    __tablename__ = "question"
    __table_args__ = (
        unique_where("uq_question_one_open", "referral_id", where="answered_at IS NULL"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_iff_time"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_iff_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])


class Message(Base):
    """What somebody at the helpline heard about a family and left for its Family Specialist, or
    for the supervisors where there is none yet. It hangs on the referral that the search found.
    `caller` is who called, as they said it, and the rest how to reach them safely: of
    `may_leave_voicemail` None is "not said", False is "do not"."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(seen_at IS NULL) = (seen_by_id IS NULL)", name="seen_iff_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    caller: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(String(40))
    may_leave_voicemail: Mapped[bool | None]
    safe_contact_note: Mapped[str | None] = mapped_column(String(500))
    left_at: Mapped[datetime]
    left_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    referral: Mapped[Referral] = relationship()
    left_by: Mapped[User] = relationship(foreign_keys=[left_by_id])
    seen_by: Mapped[User | None] = relationship(foreign_keys=[seen_by_id])


class LookAlike(Base):
    """What was said of a referral and another referral, or a known family; of a person, where
    `of` and `position` name one of the submission (`position` counts from 0, parents among the
    agreeing ones) and `person_id` a known one or `other_position` one of the other submission.
    Undone, it stays on record and counts for nothing."""

    __tablename__ = "look_alike"
    __table_args__ = (
        CheckConstraint(
            "(other_referral_id IS NULL) <> (other_case_id IS NULL)", name="one_other_side"
        ),
        CheckConstraint("(of IS NULL) = (position IS NULL)", name="person_iff_position"),
        CheckConstraint("said <> 'same_person' OR of IS NOT NULL", name="same_person_names_one"),
        CheckConstraint("said <> 'same_family' OR of IS NULL", name="same_family_names_none"),
        CheckConstraint(
            "of IS NULL OR (person_id IS NULL) <> (other_position IS NULL)",
            name="person_has_another",
        ),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_iff_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    said: Mapped[Likeness] = mapped_column(coded(Likeness, "likeness"))
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    other_referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
    other_case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    of: Mapped[KeyOf | None] = mapped_column(coded(KeyOf, "look_alike_of"))
    position: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    other_position: Mapped[int | None]
    said_at: Mapped[datetime]
    said_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    said_by: Mapped[User] = relationship(foreign_keys=[said_by_id])


class ReferenceCounter(Base):
    """The last number given out in a year: `PP-2026-000123`. Taken in the transaction that
    stores the referral, under its row's lock."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int]
