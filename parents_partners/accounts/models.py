from datetime import datetime
from typing import Any
from uuid import uuid4

from flask_security import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parents_partners.accounts.types import AccountState, Actor, OrganisationKind, Role
from parents_partners.core.db import Base, PublicId, Versioned, coded


class Organisation(Base):
    """The programme itself, an ACS office or a contract agency. `name_key` is the folded name:
    an import that spells it in capitals means the same organisation. `same_as_id`: this is only
    another spelling of that one, as somebody typed or imported it."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("same_as_id <> id", name="not_a_spelling_of_itself"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(coded(OrganisationKind, "organisation_kind"))
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    same_as: Mapped["Organisation | None"] = relationship(remote_side=[id])

    @property
    def meant(self) -> "Organisation":
        """The organisation that a spelling means, or the one itself."""
        return self.same_as or self

    # By name: what was sent is known further up.
    referrals: Mapped[list[Any]] = relationship("Referral", viewonly=True)


class Unit(Base):
    """Family Specialists and the supervisors who answer for them (PP-03)."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(200), unique=True)


class User(Versioned, UserMixin, Base):
    """An account. `fs_uniquifier` is what a session names: changing it ends every session.
    `password` is empty until the invited person has chosen one."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint(
            "role NOT IN ('specialist', 'supervisor') OR unit_id IS NOT NULL",
            name="unit_for_unit_staff",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    password: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(coded(Role, "role"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: uuid4().hex)

    organisation: Mapped[Organisation] = relationship()
    unit: Mapped[Unit | None] = relationship()

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """None: Flask-Security asks for its own kind of roles, ours is the column `role`. (It
        declares an attribute that can be set; nobody sets this one.)"""
        return []

    @property
    def state(self) -> AccountState:
        if not self.active:
            return AccountState.DISABLED
        return AccountState.ACTIVE if self.password else AccountState.INVITED

    @property
    def can_sign_in(self) -> bool:
        return self.state is AccountState.ACTIVE

    def as_actor(self) -> Actor:
        return Actor(
            id=self.id,
            name=self.name,
            role=self.role,
            organisation_id=self.organisation_id,
            unit_id=self.unit_id,
        )


class Invitation(Base):
    """A link with which somebody chooses their password once, until `expires_at`. Only the hash
    of its token is kept: whoever reads the database cannot use it."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])

    def opens_at(self, now: datetime) -> bool:
        """Whether the link can be used: not yet, not too late, and for who may sign in."""
        return self.used_at is None and now < self.expires_at and self.user.active
