"""What follows for offers where the conflict list keeps a Family Specialist out of a family."""

from datetime import datetime

from sqlalchemy import select

from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Assignment
from parents_partners.advocates.services import routing
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.policies import families_in_conflict
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone


def take_back_offers(user_id: int, *, actor: Actor, now: datetime) -> None:
    """Take back what this colleague was offered of families that they must not meet; the parents
    wait again. Support that they carry is for a supervisor to end: it has an outcome, and its
    parents somebody to say goodbye to (docs/decisions/0022)."""
    kept_out = Actor(id=user_id, name="", role=Role.SPECIALIST)
    offers = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.specialist_id == user_id,
            Assignment.state == AssignmentState.OFFERED,
            Assignment.case_id.in_(families_in_conflict(kept_out)),
        )
        .order_by(Assignment.case_id, Assignment.id)
    ).all()
    for offer in offers:
        try:
            routing.take_back(offer, actor=actor, now=now)
        except AlreadyDone:
            continue  # answered in this very moment: what they accepted is closed to them
