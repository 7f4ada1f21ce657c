"""The messages that the helpline left, for those whom they are for and for whoever left them."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, Role, ViewerKind
from parents_partners.cases.models import Case
from parents_partners.core.db import db, rows
from parents_partners.core.errors import Absent
from parents_partners.core.sql import so_many
from parents_partners.core.text import phone_e164
from parents_partners.referrals.models import Message, Referral
from parents_partners.referrals.policies import carried_by_nobody, reachable_by, visible_to

_Rows: TypeAlias = Select[*tuple[Any, ...]]

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
    """A message for whoever left it: nothing of the family but a reference, that of the referral
    which goes on where they had that of a duplicate. `seen_by` is the role of whoever saw it."""

    referral_id: str
    reference: str
    text: str
    left_at: datetime
    seen_at: datetime | None
    seen_by: Role | None


def waiting_messages(viewer: Actor) -> tuple[MessageRow, ...]:
    """Those that nobody has seen, of the families that a specialist carries, or for a supervisor
    those of families without one who can read them; longest first."""
    return _rows(_waiting(viewer.kind), said_of(viewer))


def messages_of_case(viewer: Actor, case_id: int) -> tuple[MessageRow, ...]:
    """All about a family, newest first."""
    return _rows(_newest(viewer.kind, "case_id"), {**said_of(viewer), "of": case_id})


def messages_of_referral(viewer: Actor, referral_id: int) -> tuple[MessageRow, ...]:
    """All about a referral, newest first."""
    return _rows(_newest(viewer.kind, "id"), {**said_of(viewer), "of": referral_id})


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


@cache
def _waiting(kind: ViewerKind) -> _Rows:
    condition: ColumnElement[bool] = Message.seen_at.is_(None)
    if kind.role is Role.SUPERVISOR:
        condition = and_(condition, carried_by_nobody())
    return _select(kind, condition).order_by(Message.left_at, Message.id)


@cache
def _newest(kind: ViewerKind, column: str) -> _Rows:
    """Those of one family or of one referral, `of`; `column` is the one of `Referral` for it."""
    condition = getattr(Referral, column) == bindparam("of", type_=Integer)
    return _select(kind, condition).order_by(Message.left_at.desc(), Message.id.desc())


def _select(kind: ViewerKind, condition: ColumnElement[bool]) -> _Rows:
    """Built once for each kind of viewer: writing it takes longer than its answer."""
    left_by, seen_by = aliased(User), aliased(User)
    return (
        select(
            Message.public_id,
            Message.text,
            Message.caller,
            Message.phone,
            Message.may_leave_voicemail,
            Message.safe_contact_note,
            Message.left_at,
            Message.seen_at,
            Referral.public_id.label("referral_id"),
            Referral.reference,
            Referral.case_name,
            Case.public_id.label("family_id"),
            Case.name.label("family"),
            left_by.name.label("left_by"),
            seen_by.name.label("seen_by"),
        )
        .join(Message.referral)
        .outerjoin(Case, Case.id == Referral.case_id)
        .join(left_by, left_by.id == Message.left_by_id)
        .outerjoin(seen_by, seen_by.id == Message.seen_by_id)
        .where(condition, visible_to(stand_in(kind)))
        .limit(so_many(MOST))
    )


def _rows(query: _Rows, values: dict[str, int | None]) -> tuple[MessageRow, ...]:
    return tuple(
        MessageRow(
            public_id=row.public_id,
            referral_id=row.referral_id,
            reference=row.reference,
            family=row.family or row.case_name,
            family_id=row.family_id,
            text=row.text,
            caller=row.caller,
            phone=row.phone,
            dial=phone_e164(row.phone or ""),
            may_leave_voicemail=row.may_leave_voicemail,
            safe_contact_note=row.safe_contact_note,
            left_at=row.left_at,
            left_by=row.left_by,
            seen_at=row.seen_at,
            seen_by=row.seen_by,
        )
        for row in rows(query, values)
    )
