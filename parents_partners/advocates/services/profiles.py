"""Family Specialists' working profiles: who they can be offered, and when they are away."""

from dataclasses import asdict
from datetime import date, datetime

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Away, Specialist
from parents_partners.advocates.types import AgeBand, Profile
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.types import Borough
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import labels_of


def set_profile(user: User, profile: Profile, *, actor: Actor, now: datetime) -> Specialist:
    """Give a Family Specialist their working profile, or change it (PP-04).

    Raises Refused naming every field that holds an unknown code or contradicts another."""
    _refuse_impossible(user, profile)
    specialist = db.session.get(Specialist, user.id)
    if specialist is None:
        specialist = Specialist(user_id=user.id)
        db.session.add(specialist)
    for name, value in asdict(profile).items():
        setattr(specialist, name, list(value) if isinstance(value, tuple) else value)
    audit.record(Event.PROFILE_CHANGED, user, actor=actor, now=now)
    db.session.flush()
    return specialist


def be_away(
    specialist: Specialist, from_on: date, until_on: date, *, actor: Actor, now: datetime
) -> Away:
    """Days on which nothing is offered to this specialist, both included. No reason is asked
    (PP-10)."""
    if until_on < from_on:
        raise Refused({"until_on": "The last day away cannot be before the first."})
    if until_on < local_day(now, programme_zone()):
        raise Refused({"until_on": "These days are over. Enter days that are still to come."})
    away = Away(specialist_id=specialist.user_id, from_on=from_on, until_on=until_on)
    db.session.add(away)
    audit.record(Event.PROFILE_CHANGED, specialist.user, actor=actor, now=now)
    db.session.flush()
    return away


def _refuse_impossible(user: User, profile: Profile) -> None:
    problems: dict[str, str] = {}
    if user.role is not Role.SPECIALIST:
        problems[""] = f"{user.name} is not a Family Specialist: change the account's role first."
    if profile.capacity < 0:
        problems["capacity"] = "Capacity is a number of families, 0 or more."
    concerns = labels_of("concern")
    for field, codes, known in (
        ("languages", profile.languages, labels_of("language")),
        ("boroughs", profile.boroughs, set(Borough)),
        ("age_bands", profile.age_bands, set(AgeBand)),
        ("concerns_taken", profile.concerns_taken, concerns),
        ("concerns_not_taken", profile.concerns_not_taken, concerns),
    ):
        unknown = [code for code in codes if code not in known]
        if unknown:
            problems[field] = f"Not in the list: {', '.join(unknown)}."
    both = set(profile.concerns_taken) & set(profile.concerns_not_taken)
    if both and "concerns_not_taken" not in problems:
        problems["concerns_not_taken"] = (
            f"Both taken and not taken: {', '.join(sorted(both))}. Choose one of the two."
        )
    if problems:
        raise Refused(problems)
