"""The demonstration is played through the services: whatever day it is, it must play to its end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Activity, Assignment, ServiceReferral, Task, Waiting
from parents_partners.advocates.types import AssignmentState, ServiceState, TaskState
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import READINGS, Event
from parents_partners.cases.models import Consent
from parents_partners.core.errors import Refused
from parents_partners.demonstration.load import load
from parents_partners.demonstration.moving import days_since_written, moved
from parents_partners.intake.models import Draft
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries import open_questions
from parents_partners.referrals.types import ReferralState
from tests.factories import make_user

NEW_YORK = ZoneInfo("America/New_York")


def test_every_state_of_both_lifecycles_can_be_seen(session: Session) -> None:
    load(now=datetime(2026, 11, 21, 21, 0, tzinfo=UTC))
    assert set(session.scalars(select(Referral.state))) == set(ReferralState)
    assert set(session.scalars(select(Assignment.state))) == set(AssignmentState)
    assert session.scalar(select(func.count()).select_from(Referral)) == 41
    assert session.scalar(select(func.count()).where(Waiting.ended_at.is_(None))) == 3
    assert session.scalar(select(func.count()).select_from(Draft)) == 4
    assert session.scalar(select(func.count()).where(Consent.withdrawn_at.is_not(None)))
    assert set(session.scalars(select(ServiceReferral.state))) == set(ServiceState)
    days = set(session.scalars(select(Task.due_on).where(Task.state == TaskState.OPEN)))
    assert min(days) < date(2026, 11, 21) < max(days)
    assert date(2026, 11, 21) in days
    for email in ("janelle.mercado@example.org", "rosalind.baptiste@example.org"):
        somebody = session.scalars(select(User).filter_by(email=email)).one()
        assert len(open_questions(somebody.as_actor())) == 1, email


def test_an_auditor_finds_who_read_which_family(session: Session) -> None:
    load(now=datetime(2026, 11, 21, 21, 0, tzinfo=UTC))
    readings = session.scalars(select(AuditEvent).where(AuditEvent.event.in_(READINGS))).all()
    read = {row.case_id for row in readings if row.event is Event.FAMILY_READ}
    accepted = select(Assignment.case_id).where(Assignment.accepted_at.is_not(None))
    assert read == set(session.scalars(accepted)) != set()
    assert all(row.at <= datetime(2026, 11, 21, 21, 0, tzinfo=UTC) for row in readings)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 3, 14, 9, 0, tzinfo=UTC),  # the night in which the clocks go forward
        datetime(2027, 11, 7, 5, 30, tzinfo=UTC),  # the hour that comes twice
    ],
)
def test_it_plays_to_its_end_on_any_day(session: Session, now: datetime) -> None:
    load(now=now)
    assert session.scalar(select(func.count()).select_from(Referral)) == 41
    assert session.scalar(select(func.max(Activity.happened_at))) <= now
    today = now.astimezone(NEW_YORK).date()
    last = session.scalars(select(Referral.received_at).order_by(Referral.received_at.desc()))
    assert today - last.first().astimezone(NEW_YORK).date() <= timedelta(days=1)


def test_every_date_moves_by_whole_days_and_keeps_its_time_of_day() -> None:
    document = {
        "received_at": "2026-10-28T11:50:00-04:00",
        "children": [{"date_of_birth": "2016-02-29", "placed_at": None}],
        "history": {"issues": "2026-10-28"},
    }
    later = moved(document, days_since_written(date(2027, 1, 10)), NEW_YORK)
    assert later == {
        "received_at": "2026-12-17T11:50:00-05:00",
        "children": [{"date_of_birth": "2016-04-19", "placed_at": None}],
        "history": {"issues": "2026-10-28"},
    }


def test_it_is_never_mixed_with_what_is_there(session: Session) -> None:
    make_user(Role.ADMIN)
    with pytest.raises(Refused):
        load(now=datetime(2026, 11, 22, 21, 0, tzinfo=UTC))
    assert session.scalar(select(func.count()).select_from(Referral)) == 0
