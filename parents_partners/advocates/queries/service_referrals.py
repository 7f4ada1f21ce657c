"""Referrals to needed services: how far each has come (ADV-03)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Integer, Select, bindparam, func, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.advocates.models import ServiceReferral, ServiceStep
from parents_partners.advocates.service_lifecycle import OPEN, next_action
from parents_partners.advocates.types import ServiceAction, ServiceState
from parents_partners.cases.models import Case, Person
from parents_partners.cases.policies import visible_to
from parents_partners.cases.queries import Family
from parents_partners.core.db import db, rows
from parents_partners.core.errors import Absent

ServiceSelect: TypeAlias = Select[*tuple[Any, ...]]

MOST_SHOWN = 60

_WAY: tuple[ServiceState, ...] = tuple(
    state for state in ServiceState if state is not ServiceState.FELL_THROUGH
)


@dataclass(frozen=True)
class StepRow:
    """`news` False: somebody asked that day, and nothing had changed."""

    state: ServiceState
    happened_on: date
    recorded_by: str | None
    recorded_at: datetime
    news: bool


@dataclass(frozen=True)
class ServiceRow:
    """One referral to a service, with its steps, the first of them first."""

    id: int
    public_id: str
    person_id: int
    parent: str
    kind: str
    provider: str | None
    state: ServiceState
    fell_through_reason: str | None
    version: int
    steps: tuple[StepRow, ...]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def next_action(self) -> ServiceAction | None:
        return next_action(self.state)

    @property
    def reached(self) -> tuple[StepRow, ...]:
        """The steps that brought it further."""
        return tuple(step for step in self.steps if step.news)

    @property
    def ahead(self) -> tuple[ServiceState, ...]:
        """The states that are still to come, if all goes well."""
        if not self.is_open:
            return ()
        return _WAY[_WAY.index(self.state) + 1 :]

    @property
    def asked_on(self) -> date | None:
        """When somebody last asked in vain, since the last news."""
        last = self.steps[-1] if self.steps else None
        return last.happened_on if last and not last.news else None


@dataclass(frozen=True)
class QuietService:
    """A service of which nothing was noted for too long; `since` is the day of its last step, one
    on which somebody asked in vain too."""

    public_id: str
    family_id: str
    family: str
    parent: str
    kind: str
    provider: str | None
    state: ServiceState
    since: date


def service_for(viewer: Actor, public_id: str) -> ServiceReferral:
    """The referral to a service with this id, of a family that the viewer may see. Raises
    Absent."""
    service = db.session.scalar(
        select(ServiceReferral)
        .join(Case, Case.id == ServiceReferral.case_id)
        .where(ServiceReferral.public_id == public_id, visible_to(viewer))
    )
    if service is None:
        raise Absent
    return service


def services_of(case: Family) -> list[ServiceRow]:
    """The family's referrals to services: those that go on first, each kind of two the latest
    first."""
    found = _rows(_of_case(), case=case.id)
    return sorted(found, key=lambda row: (not row.is_open, -row.id))


@cache
def _of_case() -> ServiceSelect:
    """Built once: a family's page asks it each time."""
    chosen = (
        select(ServiceReferral.id)
        .where(ServiceReferral.case_id == bindparam("case", type_=Integer))
        .order_by(ServiceReferral.state.in_(OPEN).desc(), ServiceReferral.id.desc())
        .limit(MOST_SHOWN)
    )
    return _select().where(ServiceReferral.id.in_(chosen))


def service_row(service: ServiceReferral) -> ServiceRow:
    """What a page shows of one that the viewer may see."""
    return _rows(_select().where(ServiceReferral.id == service.id))[0]


def quiet_services(person_ids: Collection[tuple[int, int]], *, before: date) -> list[QuietService]:
    """Open ones of these parents, each given as (case, person), whose last step is of that day or
    earlier; the longest silence first."""
    last = (
        select(func.max(ServiceStep.happened_on))
        .where(ServiceStep.service_referral_id == ServiceReferral.id)
        .correlate(ServiceReferral)
        .scalar_subquery()
    )
    query = (
        select(ServiceReferral, Case.public_id, Case.name, Person, last)
        .join(Case, Case.id == ServiceReferral.case_id)
        .join(Person, Person.id == ServiceReferral.person_id)
        .where(
            ServiceReferral.case_id.in_({case_id for case_id, _ in person_ids}),
            ServiceReferral.state.in_(OPEN),
            last <= before,
        )
        .order_by(last, ServiceReferral.id)
        .limit(MOST_SHOWN)
    )
    return [
        QuietService(
            public_id=service.public_id,
            family_id=family_id,
            family=family,
            parent=person.name,
            kind=service.kind,
            provider=service.provider,
            state=service.state,
            since=since,
        )
        for service, family_id, family, person, since in db.session.execute(query).tuples()
        if (service.case_id, service.person_id) in person_ids
    ]


def _select() -> ServiceSelect:
    """One row a step, or one of a service that has none."""
    return (
        select(
            ServiceReferral.id,
            ServiceReferral.public_id,
            ServiceReferral.person_id,
            (Person.first_name + " " + Person.last_name).label("parent"),
            ServiceReferral.kind,
            ServiceReferral.provider,
            ServiceReferral.state,
            ServiceReferral.fell_through_reason,
            ServiceReferral.version,
            ServiceStep.state.label("reached"),
            ServiceStep.happened_on,
            User.name.label("recorded_by"),
            ServiceStep.recorded_at,
        )
        .join(Person, Person.id == ServiceReferral.person_id)
        .outerjoin(ServiceStep, ServiceStep.service_referral_id == ServiceReferral.id)
        .outerjoin(User, User.id == ServiceStep.recorded_by_id)
        .order_by(ServiceReferral.id, ServiceStep.id)
    )


def _rows(query: ServiceSelect, **values: int) -> list[ServiceRow]:
    services: dict[int, Any] = {}
    steps: dict[int, list[StepRow]] = {}
    for row in rows(query, values):
        services[row.id] = row
        known = steps.setdefault(row.id, [])
        if row.reached is not None:
            known.append(
                StepRow(
                    state=row.reached,
                    happened_on=row.happened_on,
                    recorded_by=row.recorded_by,
                    recorded_at=row.recorded_at,
                    news=not known or known[-1].state is not row.reached,
                )
            )
    return [
        ServiceRow(
            id=service.id,
            public_id=service.public_id,
            person_id=service.person_id,
            parent=service.parent,
            kind=service.kind,
            provider=service.provider,
            state=service.state,
            fell_through_reason=service.fell_through_reason,
            version=service.version,
            steps=tuple(steps[service.id]),
        )
        for service in services.values()
    ]
