from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from parents_partners.core.db import Base, PublicId, Versioned, coded
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
