"""What the programme of the demonstration decided for itself: a list, a setting, days away, and
colleagues who are kept out of a family."""

from datetime import datetime, timedelta

from sqlalchemy import select

from parents_partners.accounts.models import User
from parents_partners.accounts.reference import services as reference
from parents_partners.accounts.reference.types import EntryCommand
from parents_partners.accounts.services import user_with_email
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Assignment, Specialist
from parents_partners.advocates.services.profiles import be_away
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.services import conflicts
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import ListItem, Setting

KEPT_OUT_NUMBER = "S-990001-7"
"""Of a family that the programme does not know: the entry waits for it."""


def load_programme(*, now: datetime) -> None:
    _change_lists(now=now - timedelta(days=9))
    _keep_out(now=now - timedelta(days=4))
    _go_away(now=now)


def _change_lists(*, now: datetime) -> None:
    admin = _of_role(Role.ADMIN).as_actor()
    reference.add_entry("service_kind", EntryCommand("Immigration advice"), actor=admin, now=now)
    cost = db.session.get_one(ListItem, ("service_fell_through", "cost"))
    reference.end_entry(
        cost, local_day(now, programme_zone()) + timedelta(days=60), actor=admin, now=now
    )
    days = db.session.get_one(Setting, "upcoming_days")
    reference.change_setting(days, "21", seen=days.value, actor=admin, now=now)


def _keep_out(*, now: datetime) -> None:
    stint = db.session.scalars(
        select(Assignment)
        .where(Assignment.state == AssignmentState.IN_CONTACT)
        .order_by(Assignment.id)
        .limit(1)
    ).one()
    supervisor = db.session.scalars(
        select(User).where(User.role == Role.SUPERVISOR, User.unit_id == stint.unit_id).limit(1)
    ).one()
    conflicts.record_conflict(
        _of_role(Role.HELPLINE).id, actor=supervisor.as_actor(), now=now, case=stint.case
    )
    specialist = stint.specialist.user
    conflicts.keep_out_by_number(
        specialist, KEPT_OUT_NUMBER, actor=_of_role(Role.ADMIN).as_actor(), now=now
    )


def _go_away(*, now: datetime) -> None:
    user = user_with_email("ramona.ventura@example.org")
    profile = db.session.get(Specialist, user.id) if user else None
    if user and profile:
        today = local_day(now, programme_zone())
        first, last = today + timedelta(days=3), today + timedelta(days=9)
        be_away(profile, first, last, actor=user.as_actor(), now=now)


def _of_role(role: Role) -> User:
    return db.session.scalars(
        select(User).where(User.role == role, User.active).order_by(User.id).limit(1)
    ).one()
