"""The conflict list: colleagues who must never meet a family (security.md)."""

from datetime import datetime

from sqlalchemy import and_, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.queries import last_change
from parents_partners.audit.types import Event
from parents_partners.cases.hooks import colleague_kept_out
from parents_partners.cases.models import Case, Conflict
from parents_partners.cases.policies import same_family
from parents_partners.cases.services.consents import hold_cases
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, NotPermitted, Refused
from parents_partners.core.text import case_number_key

LONGEST_NUMBER = 40


def record_conflict(
    user_id: int,
    *,
    actor: Actor,
    now: datetime,
    case: Case | None = None,
    number_key: str | None = None,
) -> Conflict:
    """Keep this colleague out of a family, known by its case, by its folded case number, or by
    both. It holds at once, and what was offered to them is taken back. No reason is asked
    (ADV-01). Said again, it is the entry that is there."""
    case_id = case.id if case else None
    number_key = number_key or (case.number_key if case else None)
    hold_what_closes(user_id, case_id, number_key)
    by_number = and_(Conflict.case_id.is_(None), Conflict.number_key == number_key)
    known = db.session.scalar(
        select(Conflict).where(
            Conflict.user_id == user_id,
            Conflict.ended_at.is_(None),
            Conflict.case_id == case_id if case_id else by_number,
        )
    )
    if known is not None:
        return known
    conflict = Conflict(
        user_id=user_id,
        case_id=case_id,
        number_key=number_key,
        recorded_at=now,
        recorded_by_id=actor.id,
    )
    db.session.add(conflict)
    db.session.flush()
    audit.record(Event.CONFLICT_RECORDED, conflict, actor=actor, now=now, case_id=conflict.case_id)
    colleague_kept_out(user_id, actor=actor, now=now)
    return conflict


def hold_what_closes(user_id: int, case_id: int | None, number_key: str | None) -> None:
    """Hold the colleague's account, and the families that an entry closes to them: what they are
    offered of these is taken back with it. For who holds a family of their own besides: before
    that (docs/decisions/0025)."""
    held = select(User.id).where(User.id == user_id).with_for_update(key_share=True)
    db.session.execute(held)
    closed = db.session.scalars(same_family(case_id, number_key))
    hold_cases({one for one in closed if one is not None})


def keep_out_by_number(user: User, number: str, *, actor: Actor, now: datetime) -> Conflict:
    """Keep a colleague out of whatever family is known by this case number, now or later, however
    it is written. Raises Refused for what can be no case number."""
    return record_conflict(user.id, actor=actor, now=now, number_key=_number_key(number))


def keep_oneself_out(number: str, *, actor: Actor, now: datetime) -> Conflict:
    """The family with this case number must stay closed to whoever says so. Raises Refused for
    what can be no case number."""
    if actor.id is None:
        raise NotPermitted
    return record_conflict(actor.id, actor=actor, now=now, number_key=_number_key(number))


def end_conflict(conflict: Conflict, *, actor: Actor, now: datetime) -> None:
    """The entry was a mistake, or its cause is gone. The row stays. Raises AlreadyDone if somebody
    ended it before."""
    # Two at once: the second waits here and then sees what the first did.
    db.session.refresh(conflict, with_for_update=True)
    if conflict.ended_at is not None:
        last = last_change(subject=Conflict.__tablename__, subject_id=conflict.id)
        raise AlreadyDone(
            "This entry has ended already.",
            by=last.by if last else None,
            by_id=last.by_id if last else None,
            at=conflict.ended_at,
        )
    conflict.ended_at = now
    db.session.flush()
    audit.record(Event.CONFLICT_ENDED, conflict, actor=actor, now=now, case_id=conflict.case_id)


def _number_key(number: str) -> str:
    key = case_number_key(number)
    if len(number) > LONGEST_NUMBER or not any(sign.isdigit() for sign in key):
        raise Refused({"number": "Write the family's case number, like S-012345-6."})
    return key
