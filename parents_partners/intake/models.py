from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parents_partners.accounts.models import User
from parents_partners.core.db import Base, PublicId, Versioned, coded
from parents_partners.intake.types import Caller, CallKind, CallLine
from parents_partners.referrals.models import Message, Referral
from parents_partners.referrals.types import Channel


class Draft(Versioned, Base):
    """A referral that somebody is still typing. `document` is what was typed so far, in the
    shape of the referral schema; `section_versions` counts the saves of each step, so that two
    tabs on two steps do not disturb each other and two tabs on one step are noticed.
    `submission_key` makes a double click one referral. Deleted once it is submitted: what the
    referral may not hold must not live on here (REF-03)."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_owner_id_updated_at", "owner_id", "updated_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    channel: Mapped[Channel] = mapped_column(coded(Channel, "channel"))
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    section_versions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Call(Versioned, Base):
    """One call to the helpline (REF-01). A caller may stay without a name. `call_back_on` is a
    local day, and is done with once somebody was reached or it is no longer wanted.
    `number_key` folds the ways in which people write a case number. `draft_key` is the key of
    the draft that was begun from it, and so the `submission_key` of the referral that this became.
    `referral_id` is one that was known before, which the call was about."""

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'call_back_wanted') = (call_back_on IS NOT NULL)", name="call_back_iff_day"
        ),
        CheckConstraint(
            "call_back_done_at IS NULL OR call_back_on IS NOT NULL", name="done_if_wanted"
        ),
        CheckConstraint(
            "(call_back_done_at IS NULL) = (call_back_done_by_id IS NULL)", name="done_iff_by"
        ),
        Index("ix_call_taken_by_id_taken_at", "taken_by_id", "taken_at"),
        Index("ix_call_call_back_on", "call_back_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    kind: Mapped[CallKind] = mapped_column(coded(CallKind, "call_kind"))
    line: Mapped[CallLine] = mapped_column(coded(CallLine, "call_line"))
    through_interpreter: Mapped[bool] = mapped_column(default=False)
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    caller: Mapped[Caller | None] = mapped_column(coded(Caller, "caller"))
    first_name: Mapped[str | None] = mapped_column(String(200))
    last_name: Mapped[str | None] = mapped_column(String(200))
    organisation: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(35))
    phone: Mapped[str | None] = mapped_column(String(40))
    may_leave_voicemail: Mapped[bool | None]
    safe_contact_note: Mapped[str | None] = mapped_column(String(500))
    case_number: Mapped[str | None] = mapped_column(String(40))
    number_key: Mapped[str | None] = mapped_column(String(40))
    handed_to: Mapped[str | None] = mapped_column(String(200))
    call_back_on: Mapped[date | None]
    call_back_done_at: Mapped[datetime | None]
    call_back_done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    draft_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)

    taken_by: Mapped[User] = relationship(foreign_keys=[taken_by_id])
    call_back_done_by: Mapped[User | None] = relationship(foreign_keys=[call_back_done_by_id])
    referral: Mapped[Referral | None] = relationship()
    message: Mapped[Message | None] = relationship()
    note: Mapped["CallNote | None"] = relationship()
    call_backs: Mapped[list["CallBack"]] = relationship(order_by="CallBack.at, CallBack.id")


class CallNote(Base):
    """What was said in a call, in a table of its own: lists must not drag it along."""

    __tablename__ = "call_note"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class CallBack(Base):
    """Somebody called back, and reached the caller or not."""

    __tablename__ = "call_back"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reached: Mapped[bool]

    by: Mapped[User] = relationship()
