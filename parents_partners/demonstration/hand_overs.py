"""Families that go over to another Family Specialist: done, ready to be taken, asked for."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Activity, Assignment, HandOver
from parents_partners.advocates.queries.notes import entries_to_pass_on
from parents_partners.advocates.queries.suggestions import suggestions_for_case
from parents_partners.advocates.services import handing_over
from parents_partners.advocates.types import AssignmentState, GiveCommand
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.local_time import local_day
from parents_partners.demonstration.story import FIRST

QUIET = timedelta(days=4)
"""A family whose last entry is older: what happens to it here lies after it."""

WORDS = (
    "Short calls in the evening work best. The next conference is what worries them most, and we"
    " began to write down what to say there. I promised that you would call before Friday."
)


def load_hand_overs(*, now: datetime) -> None:
    first = db.session.scalars(select(User).where(User.email == FIRST)).one()
    supervisor = db.session.scalars(
        select(User)
        .where(User.role == Role.SUPERVISOR, User.unit_id == first.unit_id)
        .order_by(User.id)
    ).first()
    if supervisor is None:
        return
    actor = supervisor.as_actor()
    own = _quiet_stints(Assignment.specialist_id == first.id, now=now)
    others = _quiet_stints(
        Assignment.unit_id == first.unit_id, Assignment.specialist_id != first.id, now=now
    )
    own.sort(key=lambda stint: not entries_to_pass_on(first.as_actor(), stint))
    done, asked = [*own[:2], None, None][:2]
    if done:
        hand_over = _ask(done, None, actor, at=now - timedelta(days=3))
        if hand_over:
            _give(hand_over, at=now - timedelta(days=2))
            taker = hand_over.to_specialist.user.as_actor()
            handing_over.take(hand_over, actor=taker, now=now - timedelta(days=1))
    if asked:
        _ask(asked, None, actor, at=now - timedelta(hours=20))
    for stint in others:
        if hand_over := _ask(stint, first, actor, at=now - timedelta(days=8)):
            _give(hand_over, at=now - timedelta(days=7, hours=1))
            break


def _quiet_stints(*conditions: ColumnElement[bool], now: datetime) -> list[Assignment]:
    lately = exists().where(
        Activity.assignment_id == Assignment.id, Activity.happened_at > now - QUIET
    )
    return list(
        db.session.scalars(
            select(Assignment)
            .where(
                Assignment.state == AssignmentState.IN_CONTACT,
                Assignment.first_contact_at < now - timedelta(days=9),
                ~lately,
                *conditions,
            )
            .order_by(Assignment.id)
        )
    )


def _ask(
    stint: Assignment, taker: User | None, supervisor: Actor, *, at: datetime
) -> HandOver | None:
    """To this colleague, or to whoever is suggested first; None where nobody may be asked."""
    may_take = [
        one.public_id
        for one in suggestions_for_case(supervisor, stint.case, now=at)
        if one.public_id is not None and one.public_id != stint.specialist.user.public_id
    ]
    if taker is not None:
        may_take = [one for one in may_take if one == taker.public_id]
    if not may_take:
        return None
    return handing_over.ask(
        stint, may_take[0], choice_reason="Works nearer to the family", actor=supervisor, now=at
    )


def _give(hand_over: HandOver, *, at: datetime) -> None:
    """With the latest note, to which the parents said yes."""
    giver = hand_over.assignment.specialist.user.as_actor()
    entries = entries_to_pass_on(giver, hand_over.assignment)[:1]
    handing_over.give(
        hand_over,
        GiveCommand(
            WORDS, local_day(at, programme_zone()), frozenset(one.public_id for one in entries)
        ),
        actor=giver,
        now=at,
    )
