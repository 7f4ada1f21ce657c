"""Tasks and referrals to services of the demonstration's families. Days count back from now, so
that some are always overdue, some due today, and some services quiet for too long."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.lifecycle import CARRIED
from parents_partners.advocates.models import Assignment, ServiceReferral
from parents_partners.advocates.services import service_referrals, tasks
from parents_partners.advocates.types import (
    ServiceAction,
    ServiceCommand,
    ServiceStepCommand,
    TaskCommand,
)
from parents_partners.cases.models import Case
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.local_time import local_day


@dataclass(frozen=True)
class Errand:
    """Added `before` days ago, due `due` days from today; `done`: finished since. `supervisor`:
    the unit's supervisor does it, not the Family Specialist."""

    what: str
    before: int
    due: int
    done: bool = False
    supervisor: bool = False


@dataclass(frozen=True)
class Needed:
    """A service, and how many days ago it came to each state in turn; the last may have ended it
    for a reason."""

    kind: str
    steps: tuple[tuple[ServiceAction | None, int], ...]
    offered: int
    provider: str | None = None
    reason: str | None = None


WANTED, MADE, STARTED = ServiceAction.ACCEPT, ServiceAction.MAKE, ServiceAction.START
FINISHED, ENDED = ServiceAction.FINISH, ServiceAction.FALL_THROUGH

ERRANDS: dict[str, tuple[Errand, ...]] = {
    "HV-2026-11-0417": (
        Errand("Ask the caseworker for the visiting hours in writing", 6, -2),
        Errand("Call her the evening before the conference", 3, 0),
        Errand("Bring the list of Spanish-speaking lawyers", 2, 4),
        Errand("Find out which school records she may see", 8, -1, done=True),
        Errand("Ask the agency why the visit was moved twice", 4, 1, supervisor=True),
    ),
    "KVK 2026 / 55": (
        Errand("Try his brother's number, he said that is fine", 3, 0),
        Errand("Send the directions to the clinic by text message", 1, 6),
    ),
    "WEB-7GK9": (Errand("Go with her to the housing office", 5, 2),),
    "GB/2026/1187": (Errand("Look for a class in Kreyòl closer to her", 7, -3),),
}

NEEDED: dict[str, tuple[Needed, ...]] = {
    "HV-2026-11-0417": (
        Needed("housing", ((WANTED, 6), (MADE, 4)), 6, "Third Avenue Housing Help"),
        Needed("counselling", ((WANTED, 2),), 3),
        Needed("peer_group", ((ENDED, 5),), 6, reason="parent_declined"),
    ),
    "KVK 2026 / 55": (Needed("legal", ((WANTED, 17), (MADE, 16)), 18, "Uptown Legal Desk"),),
    "WEB-7GK9": (
        Needed("benefits", (), 2),
        Needed(
            "parenting",
            ((WANTED, 8), (MADE, 7), (STARTED, 3)),
            8,
            "Riverside Parents' School",
        ),
    ),
    "HCFS-5521": (
        Needed(
            "child_care",
            ((WANTED, 20), (MADE, 18), (STARTED, 12), (FINISHED, 3)),
            21,
            "Little Harbor Day Care",
        ),
    ),
    "CSCFS-260-77": (
        Needed("health", ((WANTED, 15), (MADE, 12), (ENDED, 4)), 15, "Canal Clinic", "no_place"),
    ),
}


def errands_of(case: Case, name: str, *, now: datetime) -> None:
    """Play what a family's specialist has to do and has arranged; nothing where nobody carries the
    family."""
    assignment = db.session.scalar(
        select(Assignment)
        .where(Assignment.case_id == case.id, Assignment.state.in_(CARRIED))
        .limit(1)
    )
    if assignment is None:
        return
    for errand in ERRANDS.get(name, ()):
        _play(assignment, errand, now=now)
    for needed in NEEDED.get(name, ()):
        _arrange(assignment, needed, now=now)


def _play(assignment: Assignment, errand: Errand, *, now: datetime) -> None:
    specialist = assignment.specialist.user
    owner = _supervisor(assignment) if errand.supervisor else specialist
    task = tasks.add(
        assignment.case,
        TaskCommand(errand.what, owner.public_id, _day(now, -errand.due)),
        actor=specialist.as_actor(),
        now=now - timedelta(days=errand.before),
    )
    if errand.done:
        tasks.finish(task, actor=owner.as_actor(), now=now - timedelta(minutes=20))


def _arrange(assignment: Assignment, needed: Needed, *, now: datetime) -> None:
    actor = assignment.specialist.user.as_actor()
    begun = local_day(assignment.accepted_at or now, programme_zone())
    parent = next(one.person for one in assignment.parents if not one.released_at)
    service = service_referrals.offer(
        assignment,
        ServiceCommand(
            parent.public_id,
            needed.kind,
            needed.provider,
            max(begun, _day(now, needed.offered)),
        ),
        actor=actor,
        now=_after(assignment, now, needed.offered),
    )
    for action, before in needed.steps:
        _go_on(service, action, max(begun, _day(now, before)), needed, actor, now=now)


def _go_on(
    service: ServiceReferral,
    action: ServiceAction | None,
    day: date,
    needed: Needed,
    actor: Actor,
    *,
    now: datetime,
) -> None:
    command = ServiceStepCommand(
        action=action,
        happened_on=day,
        reason=needed.reason if action is ENDED else None,
    )
    before = local_day(now, programme_zone()) - day
    service_referrals.go_on(
        service, command, version=service.version, actor=actor, now=now - before
    )


def _after(assignment: Assignment, now: datetime, days: int) -> datetime:
    return max(now - timedelta(days=days), assignment.accepted_at or now)


def _day(now: datetime, before: int) -> date:
    return local_day(now, programme_zone()) - timedelta(days=before)


def _supervisor(assignment: Assignment) -> User:
    return db.session.scalars(
        select(User)
        .where(User.role == Role.SUPERVISOR, User.unit_id == assignment.unit_id)
        .order_by(User.id)
    ).all()[0]
