"""Who read what: without it the auditor of the demonstration would find a log of deeds only."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from parents_partners.accounts.models import User
from parents_partners.advocates.models import Assignment
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.core.db import db
from parents_partners.referrals.models import Referral

BEFORE_DECIDING = timedelta(minutes=6)
AFTER_ACCEPTING = timedelta(minutes=3)


def load_readings(*, now: datetime) -> None:
    """The supervisor read each referral before the decision; the specialist read the family after
    accepting, and whoever offered it looked in a day later."""
    decided = db.session.scalars(
        select(Referral)
        .where(Referral.decided_at.is_not(None))
        .options(joinedload(Referral.decided_by))
    )
    for referral in decided:
        if referral.decided_by is not None and referral.decided_at is not None:
            audit.record(
                Event.REFERRAL_READ,
                referral,
                actor=referral.decided_by.as_actor(),
                now=referral.decided_at - BEFORE_DECIDING,
                referral_id=referral.id,
                case_id=referral.case_id,
                page="advocates.triage_referral",
            )
    for stint in db.session.scalars(
        select(Assignment).where(Assignment.accepted_at.is_not(None)).order_by(Assignment.id)
    ):
        if stint.accepted_at is None:
            continue
        supervisor = db.session.get_one(User, stint.offered_by_id)
        for reader, at in (
            (stint.specialist.user, stint.accepted_at + AFTER_ACCEPTING),
            (supervisor, stint.accepted_at + timedelta(days=1)),
        ):
            if at <= now:
                audit.record(
                    Event.FAMILY_READ,
                    stint.case,
                    actor=reader.as_actor(),
                    now=at,
                    case_id=stint.case_id,
                    page="advocates.family",
                )
    db.session.flush()
