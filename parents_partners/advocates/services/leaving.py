"""What follows for families where a Family Specialist's account is changed or disabled."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import SelectBase, func, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.lifecycle import CARRIED
from parents_partners.advocates.models import Assignment, HandOver, Specialist
from parents_partners.advocates.services import handing_over, routing
from parents_partners.advocates.services.suitability import hold_profile
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.services.consents import hold_cases
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.words import count_words, joined_words


def refuse_while_work_is_open(user: User, field: str) -> None:
    """A role and a unit are changed once nothing hangs on them: the unit answers for its
    families (pitfall 4), and another role would close them to who carries them.

    Raises Refused at `field`, with numbers and no names."""
    _hold_profile(user)
    families, offers, hand_overs = _open_work(user)
    parts = []
    if families:
        parts.append(f"supports {_families(families)}")
    if offers:
        parts.append(f"has {count_words(offers, 'offer')} to answer")
    if hand_overs:
        parts.append(f"is asked to take over {_families(hand_overs)}")
    if parts:
        raise Refused(
            {
                field: f"{user.name} {joined_words(parts)}, and that goes with the role and the"
                " unit. Ask a supervisor to hand over the families and to take back what is not"
                " answered. Then change it here."
            }
        )


def take_back_what_waits(
    user: User, *, of_families: SelectBase | None = None, actor: Actor, now: datetime
) -> None:
    """Nobody will answer these offers: their parents go back into the queue. Nobody will take over
    what the person was asked to: it stays where it is, and the supervisor can ask somebody else.
    What the person carries stays theirs on record until a supervisor sees to it. `of_families`
    gives the ids of the only families that are meant."""
    offered = (
        select(Assignment)
        .where(Assignment.specialist_id == user.id, Assignment.state == AssignmentState.OFFERED)
        .order_by(Assignment.case_id, Assignment.id)
    )
    asked = (
        select(HandOver)
        .where(HandOver.to_specialist_id == user.id, HandOver.closed_at.is_(None))
        .order_by(HandOver.case_id, HandOver.id)
    )
    if of_families is not None:
        offered = offered.where(Assignment.case_id.in_(of_families))
        asked = asked.where(HandOver.case_id.in_(of_families))
    # The families before the profile, as an offer has it. Then again: one may have come meanwhile.
    hold_cases({one.case_id for query in (offered, asked) for one in db.session.scalars(query)})
    _hold_profile(user)
    for offer in db.session.scalars(offered).all():
        try:
            routing.take_back(offer, actor=actor, now=now)
        except AlreadyDone:
            continue  # answered in this very moment: the answer stands
    for hand_over in db.session.scalars(asked).all():
        try:
            handing_over.take_back(hand_over, actor=actor, now=now)
        except AlreadyDone:
            continue


def say_what_is_open(user: User, say: Callable[[str], None]) -> None:
    """Without names: an administrator sees no family."""
    families, offers, hand_overs = _open_work(user)
    if families:
        say(
            f"Supports {_families(families)}."
            + ("" if user.active else " A supervisor has to hand these over to somebody else.")
        )
    if offers:
        say(f"Has {count_words(offers, 'offer')} to answer.")
    if hand_overs:
        say(f"Is asked to take over {_families(hand_overs)}.")
    if user.role is Role.SPECIALIST and db.session.get(Specialist, user.id) is None:
        say(
            "Has no profile as a Family Specialist yet, so no family can be offered to them."
            " A supervisor of the unit completes it."
        )


def _hold_profile(user: User) -> None:
    """An offer to this person holds their profile too, and looks at the account afterwards: it
    comes either before this, or finds that they are not available."""
    specialist = db.session.get(Specialist, user.id)
    if specialist is not None:
        hold_profile(specialist)


def _open_work(user: User) -> tuple[int, int, int]:
    """How many families the person carries, is offered, and is asked to take over."""
    stints = select(func.count(func.distinct(Assignment.case_id))).where(
        Assignment.specialist_id == user.id
    )
    asked = select(func.count(func.distinct(HandOver.case_id))).where(
        HandOver.to_specialist_id == user.id, HandOver.closed_at.is_(None)
    )
    families, offers, hand_overs = (
        db.session.scalar(query) or 0
        for query in (
            stints.where(Assignment.state.in_(CARRIED)),
            stints.where(Assignment.state == AssignmentState.OFFERED),
            asked,
        )
    )
    return families, offers, hand_overs


def _families(count: int) -> str:
    return count_words(count, "family", "families")
