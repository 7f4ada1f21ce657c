"""Family Specialists' working profiles: who they can be offered, and when they are away."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import NoReturn

from sqlalchemy import select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Away, Specialist
from parents_partners.advocates.types import AgeBand, Profile, ProfileCommand
from parents_partners.audit import services as audit
from parents_partners.audit.queries import last_change
from parents_partners.audit.types import Event
from parents_partners.cases.types import Borough
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db, unless_taken
from parents_partners.core.errors import AlreadyDone, NotPermitted, Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import labels_of

MOST_FAMILIES = 99
LONGEST_AWAY = timedelta(days=366)
NO_CAPACITY_YET = 0
"""Of a profile that a Family Specialist began by themself: nothing fits until it is set."""


def set_profile(user: User, profile: Profile, *, actor: Actor, now: datetime) -> Specialist:
    """Give a Family Specialist their working profile, or change it (PP-04).

    Raises Refused naming every field that holds an unknown code or contradicts another."""
    return _keep(user, _held(user), profile, actor=actor, now=now)


def change_profile(
    user: User, command: ProfileCommand, *, actor: Actor, now: datetime
) -> Specialist:
    """Change a profile from its page (PP-04): the specialist their own, the supervisor those of
    their unit. Capacity is the supervisor's alone.

    Raises AlreadyDone if somebody else changed it meanwhile, Refused as `set_profile` does."""
    if actor.role is Role.SPECIALIST and (actor.id != user.id or command.capacity is not None):
        raise NotPermitted
    specialist = _held(user)
    if (specialist.version if specialist else 0) != command.version:
        raise _overtaken(user)
    kept = specialist.capacity if specialist else NO_CAPACITY_YET
    profile = Profile(
        capacity=kept if command.capacity is None else command.capacity,
        languages=command.languages,
        boroughs=command.boroughs,
        age_bands=command.age_bands,
        concerns_taken=command.concerns_taken,
        concerns_not_taken=command.concerns_not_taken,
    )
    return _keep(user, specialist, profile, actor=actor, now=now)


def be_away(
    specialist: Specialist, from_on: date, until_on: date, *, actor: Actor, now: datetime
) -> Away:
    """Days on which nothing is offered to this specialist, both included. No reason is asked
    (PP-10)."""
    if until_on < from_on:
        raise Refused({"until_on": "The last day away cannot be before the first."})
    if until_on < local_day(now, programme_zone()):
        raise Refused({"until_on": "These days are over. Enter days that are still to come."})
    if until_on - from_on > LONGEST_AWAY:
        raise Refused({"until_on": "This is more than a year. Check the dates."})
    known = db.session.scalar(
        select(Away).where(
            Away.specialist_id == specialist.user_id,
            Away.from_on == from_on,
            Away.until_on == until_on,
        )
    )
    if known is not None:
        return known  # a second press
    away = Away(specialist_id=specialist.user_id, from_on=from_on, until_on=until_on)
    db.session.add(away)
    _write_down(specialist.user, ["away"], actor=actor, now=now)
    db.session.flush()
    return away


def be_back(away: Away, *, actor: Actor, now: datetime) -> None:
    """They are there from today on: days that have begun end yesterday, days ahead are dropped.
    Raises Refused if all of them are over."""
    today = local_day(now, programme_zone())
    if away.until_on < today:
        raise Refused("These days are over already.")
    if away.from_on < today:
        away.until_on = today - timedelta(days=1)
    else:
        db.session.delete(away)
    user = db.session.get_one(User, away.specialist_id)
    _write_down(user, ["away"], actor=actor, now=now)
    db.session.flush()


def _held(user: User) -> Specialist | None:
    """The profile as it is now, until the end of this transaction."""
    return db.session.get(
        Specialist, user.id, with_for_update={"key_share": True}, populate_existing=True
    )


def _keep(
    user: User, specialist: Specialist | None, profile: Profile, *, actor: Actor, now: datetime
) -> Specialist:
    _refuse_impossible(user, profile)
    if specialist is None:
        specialist = Specialist(user_id=user.id, capacity=profile.capacity)
    changed = []
    for name, value in asdict(profile).items():
        wanted = list(value) if isinstance(value, tuple) else value
        if getattr(specialist, name) != wanted:
            changed.append(name)
            setattr(specialist, name, wanted)
    with unless_taken(lambda: _refuse_begun(user)):
        db.session.add(specialist)
    _write_down(user, changed, actor=actor, now=now)
    db.session.flush()
    return specialist


def _refuse_begun(user: User) -> NoReturn:
    """There is nothing to hold of a profile that is only begun: somebody else did so too."""
    raise _overtaken(user)


def _overtaken(user: User) -> AlreadyDone:
    last = last_change(event=Event.PROFILE_CHANGED, subject=User.__tablename__, subject_id=user.id)
    return AlreadyDone(
        "This profile was changed after you opened it.",
        by=last.by if last else None,
        by_id=last.by_id if last else None,
        at=last.at if last else None,
    )


def _write_down(user: User, fields: list[str], *, actor: Actor, now: datetime) -> None:
    """Which fields, never what stands in them: they are an employee's (ADV-01)."""
    audit.record(Event.PROFILE_CHANGED, user, actor=actor, now=now, fields=fields)


def _refuse_impossible(user: User, profile: Profile) -> None:
    problems: dict[str, str] = {}
    if user.role is not Role.SPECIALIST:
        problems[""] = f"{user.name} is not a Family Specialist: change the account's role first."
    if not 0 <= profile.capacity <= MOST_FAMILIES:
        problems["capacity"] = f"Capacity is a number of families from 0 to {MOST_FAMILIES}."
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
        words = ", ".join(label for code, label in concerns.items() if code in both)
        problems["concerns_not_taken"] = (
            f"Both taken and not taken: {words}. Choose one of the two."
        )
    if problems:
        raise Refused(problems)
