"""The messages that the helpline left, for those whom they are for and for whoever left them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.cases.models import Case
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.text import phone_e164
from parents_partners.referrals.models import Message, Referral
from parents_partners.referrals.policies import carried_by_nobody, reachable_by, visible_to

MOST = 50
"""Messages on one page: the newest, or where they wait, those that wait longest."""

MOST_LEFT = 20


@dataclass(frozen=True)
class MessageRow:
    """A message for whoever reads it. `family_id` is None while the referral is not filed.
    `dial` is the phone in E.164, None where it cannot be read."""

    public_id: str
    referral_id: str
    reference: str
    family: str
    family_id: str | None
    text: str
    caller: str | None
    phone: str | None
    dial: str | None
    may_leave_voicemail: bool | None
    safe_contact_note: str | None
    left_at: datetime
    left_by: str
    seen_at: datetime | None
    seen_by: str | None


@dataclass(frozen=True)
class LeftRow:
    """A message for whoever left it: nothing of the family but the reference that they had.
    `seen_by` is the role of whoever saw it."""

    referral_id: str
    reference: str
    text: str
    left_at: datetime
    seen_at: datetime | None
    seen_by: Role | None


def waiting_messages(viewer: Actor) -> tuple[MessageRow, ...]:
    """Those that nobody has seen, of the families that a specialist carries, or for a supervisor
    those of families without one; longest first."""
    condition: ColumnElement[bool] = Message.seen_at.is_(None)
    if viewer.role is Role.SUPERVISOR:
        condition = and_(condition, carried_by_nobody())
    return _rows(viewer, condition, Message.left_at, Message.id)


def messages_of_case(viewer: Actor, case_id: int) -> tuple[MessageRow, ...]:
    """All about a family, newest first."""
    return _newest(viewer, Referral.case_id == case_id)


def messages_of_referral(viewer: Actor, referral_id: int) -> tuple[MessageRow, ...]:
    """All about a referral, newest first."""
    return _newest(viewer, Referral.id == referral_id)


def message_for(viewer: Actor, public_id: str) -> Message:
    """Raises Absent where there is none, or none for this person."""
    found = db.session.scalar(
        select(Message)
        .join(Message.referral)
        .where(Message.public_id == public_id, visible_to(viewer))
    )
    if found is None:
        raise Absent
    return found


def messages_left_by(viewer: Actor) -> tuple[LeftRow, ...]:
    """The viewer's last messages, those that nobody has seen first."""
    found = db.session.execute(
        select(
            Referral.public_id,
            Referral.reference,
            Message.text,
            Message.left_at,
            Message.seen_at,
            User.role,
        )
        .join(Message.referral)
        .outerjoin(User, User.id == Message.seen_by_id)
        .where(Message.left_by_id == viewer.id, reachable_by(viewer))
        .order_by(Message.seen_at.is_not(None), Message.left_at.desc(), Message.id.desc())
        .limit(MOST_LEFT)
    ).tuples()
    return tuple(LeftRow(*row) for row in found)


def reachable_referral(viewer: Actor, public_id: str) -> Referral:
    """The referral that somebody wants to leave a message about: it opens nothing of it. Raises
    Absent."""
    found = db.session.scalar(
        select(Referral).where(Referral.public_id == public_id, reachable_by(viewer))
    )
    if found is None:
        raise Absent
    return found


def _newest(viewer: Actor, condition: ColumnElement[bool]) -> tuple[MessageRow, ...]:
    return _rows(viewer, condition, Message.left_at.desc(), Message.id.desc())


def _rows(
    viewer: Actor, condition: ColumnElement[bool], *order: ColumnElement[Any] | Any
) -> tuple[MessageRow, ...]:
    left_by, seen_by = aliased(User), aliased(User)
    found = db.session.execute(
        select(Message, Referral, Case.public_id, Case.name, left_by.name, seen_by.name)
        .join(Message.referral)
        .outerjoin(Case, Case.id == Referral.case_id)
        .join(left_by, left_by.id == Message.left_by_id)
        .outerjoin(seen_by, seen_by.id == Message.seen_by_id)
        .where(condition, visible_to(viewer))
        .order_by(*order)
        .limit(MOST)
    ).tuples()
    return tuple(
        MessageRow(
            public_id=message.public_id,
            referral_id=referral.public_id,
            reference=referral.reference,
            family=family or referral.case_name,
            family_id=family_id,
            text=message.text,
            caller=message.caller,
            phone=message.phone,
            dial=phone_e164(message.phone or ""),
            may_leave_voicemail=message.may_leave_voicemail,
            safe_contact_note=message.safe_contact_note,
            left_at=message.left_at,
            left_by=left_name,
            seen_at=message.seen_at,
            seen_by=seen_name,
        )
        for message, referral, family_id, family, left_name, seen_name in found
    )
