"""A family's case and what hangs on it. Each fact names the referral it came from: a referrer's
typing never changes a known family by itself (data-model.md)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parents_partners.cases.types import (
    COURT,
    Borough,
    CaseStage,
    ConferenceState,
    ConsentScope,
    HowAsked,
    MembershipRole,
    Relationship,
    Setting,
)
from parents_partners.core.db import Base, PublicId, Versioned, coded, unique_where
from parents_partners.core.reference import needs

needs("conference_kind", COURT)


class Case(Versioned, Base):
    """One family as the programme knows it (REF-04a). Phones as typed; `number_key` folds the
    ways in which people write a case number."""

    __tablename__ = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(40))
    number_key: Mapped[str | None] = mapped_column(String(40), index=True)
    stage: Mapped[CaseStage] = mapped_column(coded(CaseStage, "stage"))
    opened_on: Mapped[date | None]
    borough: Mapped[Borough | None] = mapped_column(coded(Borough, "borough"))
    agency: Mapped[str] = mapped_column(String(200))
    agency_phone: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    concerns_ticked_at: Mapped[datetime | None]
    """When a supervisor last said which concerns there are; "none known" is an answer (PP-04)."""

    memberships: Mapped[list["Membership"]] = relationship(back_populates="case")


class Person(Versioned, Base):
    """One human as far as the programme knows: a parent may be in two cases, a minor in care may
    be a parent. Safe contact: None is "not said", False is "do not"."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    first_name: Mapped[str] = mapped_column(String(200))
    last_name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(Text, index=True)
    date_of_birth: Mapped[date | None]
    phone: Mapped[str | None] = mapped_column(String(40))
    phone_e164: Mapped[str | None] = mapped_column(String(20), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    preferred_language: Mapped[str | None] = mapped_column(String(35))
    interpreter_needed: Mapped[bool | None]
    may_leave_voicemail: Mapped[bool | None]
    may_text: Mapped[bool | None]
    may_email: Mapped[bool | None]
    may_send_mail: Mapped[bool | None]
    safe_contact_note: Mapped[str | None] = mapped_column(String(500))

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Membership(Base):
    """A person in a case, in one role."""

    __tablename__ = "membership"
    __table_args__ = (Index("uq_membership_case_person", "case_id", "person_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[MembershipRole] = mapped_column(coded(MembershipRole, "membership_role"))
    relationship_to_child: Mapped[Relationship | None] = mapped_column(
        coded(Relationship, "relationship")
    )
    source_referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)

    case: Mapped[Case] = relationship(back_populates="memberships")
    person: Mapped[Person] = relationship()


class Conference(Versioned, Base):
    """An upcoming or past conference (REF-04d). `kind` is a code of the list
    `conference_kind`; COURT is a court date, which is no conference."""

    __tablename__ = "conference"
    __table_args__ = (
        CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_iff_time"
        ),
        unique_where(
            "uq_conference_scheduled_once",
            "case_id",
            "kind",
            "starts_at",
            where="state = 'scheduled'",
        ),
        Index("ix_conference_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    place: Mapped[str | None] = mapped_column(String(200))
    link: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[ConferenceState] = mapped_column(
        coded(ConferenceState, "conference_state"), default=ConferenceState.SCHEDULED
    )
    cancelled_at: Mapped[datetime | None]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    source_referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)

    case: Mapped[Case] = relationship()


class Placement(Base):
    """Where a child lives, from when: one current place a child."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(
            "removed_at IS NULL OR placed_at IS NULL OR placed_at >= removed_at",
            name="placed_not_before_removed",
        ),
        CheckConstraint(
            "ended_at IS NULL OR placed_at IS NULL OR ended_at >= placed_at",
            name="ended_not_before_placed",
        ),
        unique_where("uq_placement_one_current_per_child", "person_id", where="ended_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    setting: Mapped[Setting] = mapped_column(coded(Setting, "setting"))
    agency: Mapped[str | None] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]
    placed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    source_referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)


class Consent(Base):
    """One thing that one parent allowed in one case (REF-03, ADV-05). In force until
    `withdrawn_at`; withdrawn rows stay: what was done before stays on record."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawal_recorded_by_id IS NULL)",
            name="withdrawn_iff_recorded",
        ),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_iff_by"
        ),
        unique_where(
            "uq_consent_one_in_force", "case_id", "person_id", "scope", where="withdrawn_at IS NULL"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    scope: Mapped[ConsentScope] = mapped_column(coded(ConsentScope, "consent_scope"))
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_on: Mapped[date]
    how: Mapped[HowAsked] = mapped_column(coded(HowAsked, "how_asked"))
    wording_version: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    source_referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawal_recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    person: Mapped[Person] = relationship()


class Concern(Base):
    """A concern of this family, ticked by a supervisor, seen by supervisors only (PP-04)."""

    __tablename__ = "concern"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    ticked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    ticked_at: Mapped[datetime]


class Professional(Base):
    """A caseworker, planner or other person around the case, who need not have an account."""

    __tablename__ = "professional"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str | None] = mapped_column(String(200))
    organisation: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    source_referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)


class Conflict(Base):
    """A colleague who must never see this family: their own case, a relative's, a neighbour's.
    Known by case or by case number, so that it holds before a referral is filed. No reason is
    kept: ADV-01."""

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint("case_id IS NOT NULL OR number_key IS NOT NULL", name="names_a_family"),
        # One entry in force: ending it lets the colleague in, and no second one keeps them out.
        unique_where(
            "uq_conflict_one_in_force_by_case", "user_id", "case_id", where="ended_at IS NULL"
        ),
        unique_where(
            "uq_conflict_one_in_force_by_number",
            "user_id",
            "number_key",
            where="ended_at IS NULL AND case_id IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    number_key: Mapped[str | None] = mapped_column(String(40), index=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    ended_at: Mapped[datetime | None]
