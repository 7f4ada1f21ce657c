"""What follows where the conflict list keeps a Family Specialist out of a family that they are
offered, or asked to take over."""

from datetime import datetime

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.advocates.services.leaving import take_back_what_waits
from parents_partners.cases.policies import families_in_conflict
from parents_partners.core.db import db


def take_back_from_kept_out(user_id: int, *, actor: Actor, now: datetime) -> None:
    """What this colleague was offered of families that they must not meet, and what they were
    asked to take over: they could not see it, and it would wait for ever. Support that they carry
    is for a supervisor to end: it has an outcome, and its parents somebody to say goodbye to
    (docs/decisions/0022)."""
    user = db.session.get_one(User, user_id)
    closed = families_in_conflict(user.as_actor())
    take_back_what_waits(user, of_families=closed, actor=actor, now=now)
