"""Who may not be offered, and to whom: consent, profile, absence, conflict."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Assignment, Away, Specialist
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Concern, Person
from parents_partners.cases.services.consents import hold_consents
from parents_partners.cases.types import allows_contact
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.words import count_words, joined_words
from parents_partners.referrals import policies as referrals
from parents_partners.referrals.models import Referral

NOT_AVAILABLE = "This Family Specialist is not available. Choose somebody else."


def refuse_without_consent(case: Case, persons: Sequence[Person]) -> None:
    willing = consenting(case)
    without = [person.name for person in persons if person.id not in willing]
    if without:
        have = "has" if len(without) == 1 else "have"
        raise Refused(
            {
                "parents": f"{joined_words(without)} {have} no consent in force, so nobody may be"
                " offered. Leave them out of this offer."
            }
        )


def consenting(case: Case) -> set[int]:
    """Those whose consent allows an offer. The case is held until the end, so that a withdrawal
    comes either before the offer, or after it and then stops it (R-06)."""
    return {person for person, given in hold_consents(case.id).items() if allows_contact(given)}


def hold_profile(specialist: Specialist) -> User:
    """The profile as it is now, until the end of this transaction; gives the account as it is now.
    Whoever needs families too holds those first: everybody in this order, so that nobody waits for
    ever. Not the key itself, as `hold_case` has it."""
    db.session.refresh(specialist, with_for_update={"key_share": True})
    user = specialist.user
    db.session.refresh(user)
    return user


def refuse_where_nobody_prepares(assignment: Assignment) -> None:
    """A hand-over is prepared by who carries the family: not by somebody whose account is disabled,
    or whom the conflict list keeps out of it."""
    carrier = assignment.specialist.user
    if not carrier.active or _in_conflict(carrier, assignment.case, None):
        raise Refused(
            {
                "specialist": f"This family is closed to {carrier.name}, who cannot prepare a"
                " hand-over. End the support, then reopen it for somebody else."
            }
        )


def refuse_unsuitable(
    specialist: Specialist, case: Case, referral: Referral | None, actor: Actor, now: datetime
) -> None:
    user = hold_profile(specialist)
    outside_unit = actor.role is Role.SUPERVISOR and user.unit_id != actor.unit_id
    if user.role is not Role.SPECIALIST or not user.active or outside_unit:
        raise Refused({"specialist": NOT_AVAILABLE})
    # One answer for both: neither an absence nor a conflict is anybody's business.
    if _is_away(specialist, now) or _in_conflict(user, case, referral):
        raise Refused({"specialist": NOT_AVAILABLE})
    if count := _how_many_not_taken(specialist, case):
        raise Refused(
            {
                "specialist": "This Family Specialist does not take families with"
                f" {count_words(count, 'concern')} that you ticked."
                " Choose somebody else."
            }
        )


def refuse_what_they_do_not_take(specialist: Specialist, case: Case) -> None:
    """For the specialist's own yes: a concern may have been ticked since they were asked, while
    another parent of the family was offered."""
    if count := _how_many_not_taken(specialist, case):
        raise Refused(
            f"This family has {count_words(count, 'concern')} that you do not take. Decline, or"
            " change your profile and accept then."
        )


def _how_many_not_taken(specialist: Specialist, case: Case) -> int:
    """PP-04: absolutely."""
    not_taken = select(func.count()).where(
        Concern.case_id == case.id, Concern.code.in_(specialist.concerns_not_taken)
    )
    return db.session.scalar(not_taken) or 0


def _is_away(specialist: Specialist, now: datetime) -> bool:
    today = local_day(now, programme_zone())
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Away.specialist_id == specialist.user_id,
                    Away.from_on <= today,
                    Away.until_on >= today,
                )
            )
        )
    )


def _in_conflict(user: User, case: Case, referral: Referral | None) -> bool:
    as_actor = user.as_actor()
    of_case = select(Case.id).where(Case.id == case.id, cases.in_conflict(as_actor))
    if db.session.scalar(of_case) is not None:
        return True
    if referral is None:
        return False
    # The referral may write another case number than the case it was filed under.
    of_referral = select(Referral.id).where(
        Referral.id == referral.id, referrals.in_conflict(as_actor)
    )
    return db.session.scalar(of_referral) is not None
