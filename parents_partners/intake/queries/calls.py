"""What the helpline reads of its calls. Every query goes through `calls_visible_to`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.local_time import local_day
from parents_partners.core.paging import PAGE_SIZE, Page, page_of
from parents_partners.core.text import phone_e164
from parents_partners.intake.models import Call, CallBack, Draft
from parents_partners.intake.policies import calls_visible_to
from parents_partners.intake.types import Caller, CallKind, CallLine, KnownCaller
from parents_partners.referrals import policies as referrals
from parents_partners.referrals.models import Message, Referral

MOST_DUE = 50
"""Call-backs on the page: those that are due longest."""


@dataclass(frozen=True)
class CallFilter:
    """Which calls a list shows; None is "any"."""

    kind: CallKind | None = None
    line: CallLine | None = None
    through_interpreter: bool = False

    @property
    def is_on(self) -> bool:
        return self != CallFilter()


@dataclass(frozen=True)
class CallRow:
    """A line of the list of calls. `name` is "" of somebody who did not say it; `reference` is of
    the referral that the call was about, or became."""

    id: int
    public_id: str
    taken_at: datetime
    kind: CallKind
    line: CallLine
    through_interpreter: bool
    language: str | None
    caller: Caller | None
    name: str
    reference: str | None


@dataclass(frozen=True)
class DueRow:
    """Somebody who waits to be called back. `dial` is the phone in E.164, None where it cannot be
    read; `tries` is how often nobody answered, `tried_at` when somebody called last."""

    public_id: str
    call_back_on: date
    overdue: bool
    caller: Caller | None
    name: str
    phone: str
    dial: str | None
    leave_message: bool
    safe_contact_note: str | None
    language: str | None
    through_interpreter: bool
    taken_at: datetime
    taken_by: str
    tries: int
    tried_at: datetime | None
    tried_by: str | None


@dataclass(frozen=True)
class Became:
    """What came of a call. `draft_id` is the viewer's own draft, `referral_*` what it became or
    was about, `may_open` whether the viewer may read that; `seen_by` the role of whoever saw the
    message."""

    draft_id: str | None
    referral_id: str | None
    reference: str | None
    may_open: bool
    is_about: bool
    message_left: bool
    seen_at: datetime | None
    seen_by: Role | None


def calls_of(viewer: Actor, chosen: CallFilter, *, after: tuple[Any, ...] | None) -> Page[CallRow]:
    """The calls that the viewer took, newest first. `after` is the key of the page before."""
    became = Referral.__table__.alias()
    query = (
        select(
            Call.id,
            Call.public_id,
            Call.taken_at,
            Call.kind,
            Call.line,
            Call.through_interpreter,
            Call.language,
            Call.caller,
            Call.first_name,
            Call.last_name,
            Referral.reference,
            became.c.reference,
        )
        .outerjoin(Referral, Referral.id == Call.referral_id)
        .outerjoin(became, became.c.submission_key == Call.draft_key)
        .where(Call.taken_by_id == viewer.id, calls_visible_to(viewer), *_conditions(chosen))
        .order_by(Call.taken_at.desc(), Call.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    match after:
        case (datetime() as at, int() as id_):
            query = query.where(or_(Call.taken_at < at, and_(Call.taken_at == at, Call.id < id_)))
    found = page_of(db.session.execute(query).all(), lambda row: (row.taken_at, row.id))
    rows = [
        CallRow(
            *row[:8],
            name=" ".join(filter(None, (row.first_name, row.last_name))),
            reference=row[10] or row[11],
        )
        for row in found.rows
    ]
    return Page(rows, found.next_key)


def call_backs_due(viewer: Actor, *, now: datetime) -> tuple[DueRow, ...]:
    """Everybody who waits to be called back, whoever took the call: those that are due longest
    first."""
    today = local_day(now, programme_zone())
    calls = (
        db.session.execute(
            select(Call, User.name)
            .join(User, User.id == Call.taken_by_id)
            .where(
                Call.call_back_on.is_not(None),
                Call.call_back_done_at.is_(None),
                calls_visible_to(viewer),
            )
            .order_by(Call.call_back_on, Call.taken_at, Call.id)
            .limit(MOST_DUE)
        )
        .tuples()
        .all()
    )
    tried = _tries([call.id for call, _ in calls])
    rows = []
    for call, taken_by in calls:
        tries, tried_at, tried_by = tried.get(call.id, (0, None, None))
        rows.append(
            DueRow(
                public_id=call.public_id,
                call_back_on=call.call_back_on or today,
                overdue=call.call_back_on is not None and call.call_back_on < today,
                caller=call.caller,
                name=" ".join(filter(None, (call.first_name, call.last_name))),
                phone=call.phone or "",
                dial=phone_e164(call.phone or ""),
                leave_message=call.may_leave_voicemail is not False,
                safe_contact_note=call.safe_contact_note,
                language=call.language,
                through_interpreter=call.through_interpreter,
                taken_at=call.taken_at,
                taken_by=taken_by,
                tries=tries,
                tried_at=tried_at,
                tried_by=tried_by,
            )
        )
    return tuple(rows)


def call_for(viewer: Actor, public_id: str) -> Call:
    """Raises Absent where there is none, or none for this person."""
    found = db.session.scalar(
        select(Call).where(Call.public_id == public_id, calls_visible_to(viewer))
    )
    if found is None:
        raise Absent
    return found


def caller_about(viewer: Actor, referral: Referral, public_id: str) -> KnownCaller | None:
    """Who called, by the call about this referral; None where it is not about that."""
    try:
        call = call_for(viewer, public_id)
    except Absent:
        return None
    if call.referral_id != referral.id:
        return None
    return KnownCaller(
        call_id=call.id,
        caller=call.caller,
        first_name=call.first_name or "",
        last_name=call.last_name or "",
        organisation=call.organisation,
        phone=call.phone or "",
        may_leave_voicemail=call.may_leave_voicemail,
        safe_contact_note=call.safe_contact_note or "",
    )


def what_became_of(viewer: Actor, call: Call) -> Became:
    draft_id = db.session.scalar(
        select(Draft.public_id).where(
            Draft.submission_key == call.draft_key, Draft.owner_id == viewer.id
        )
    )
    referral = call.referral
    if referral is None and call.draft_key is not None:
        referral = db.session.scalar(
            select(Referral).where(Referral.submission_key == call.draft_key)
        )
    seen = (
        db.session.execute(
            select(Message.seen_at, User.role)
            .outerjoin(User, User.id == Message.seen_by_id)
            .where(Message.id == call.message_id)
        ).first()
        if call.message_id
        else None
    )
    return Became(
        draft_id=draft_id,
        referral_id=referral.public_id if referral else None,
        reference=referral.reference if referral else None,
        may_open=referral is not None and _may_open(viewer, referral),
        is_about=call.referral_id is not None,
        message_left=call.message_id is not None,
        seen_at=seen[0] if seen else None,
        seen_by=seen[1] if seen else None,
    )


def _may_open(viewer: Actor, referral: Referral) -> bool:
    seen = select(Referral.id).where(Referral.id == referral.id, referrals.visible_to(viewer))
    return db.session.scalar(seen) is not None


def _conditions(chosen: CallFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if chosen.kind:
        conditions.append(Call.kind == chosen.kind)
    if chosen.line:
        conditions.append(Call.line == chosen.line)
    if chosen.through_interpreter:
        conditions.append(Call.through_interpreter.is_(True))
    return conditions


def _tries(call_ids: list[int]) -> dict[int, tuple[int, datetime, str]]:
    """How many, and when and by whom the last was, by the id of the call."""
    tries: dict[int, tuple[int, datetime, str]] = {}
    for call_id, at, name in db.session.execute(
        select(CallBack.call_id, CallBack.at, User.name)
        .join(User, User.id == CallBack.by_id)
        .where(CallBack.call_id.in_(call_ids))
        .order_by(CallBack.at, CallBack.id)
    ).tuples():
        before = tries[call_id][0] if call_id in tries else 0
        tries[call_id] = (before + 1, at, name)
    return tries
