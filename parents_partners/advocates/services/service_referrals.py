"""A service that a parent needs, from the offer to its end (ADV-03). Whatever goes on in a
parent's name rests on their consent to support (ADV-05)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from parents_partners.accounts.types import Actor
from parents_partners.advocates.models import (
    AssignedParent,
    Assignment,
    ServiceReferral,
    ServiceStep,
)
from parents_partners.advocates.service_lifecycle import OPEN, SERVICE_LIFECYCLE
from parents_partners.advocates.services.transitions import overtaken
from parents_partners.advocates.types import (
    ServiceAction,
    ServiceCommand,
    ServiceState,
    ServiceStepCommand,
)
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Person
from parents_partners.cases.services.consents import hold_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import choices_of, needs
from parents_partners.core.words import date_words

MOST_OPEN = 30
"""Open referrals to services of one family."""

CONSENT_WITHDRAWN = needs("service_fell_through", "consent_withdrawn")
"""The reason that no person chooses: a withdrawal brings it (ADV-05)."""

NOT_ALLOWED = (
    "This parent's consent to support is not in force, so nothing can be arranged in their name."
    " Ask them first, and record their consent."
)


def offer(
    assignment: Assignment, command: ServiceCommand, *, actor: Actor, now: datetime
) -> ServiceReferral:
    """Write down that a parent of this stint was offered a service.

    Raises Refused for somebody who is no parent of the stint, a parent whose consent to support
    is not in force (ADV-05), a kind that the programme does not have, a day that is not of the
    stint, and for what is on the list already."""
    given = hold_consents(assignment.case_id)
    today = local_day(now, programme_zone())
    person = _parent_of(assignment, command.person)
    problems = {}
    if person is None:
        problems["person"] = "Choose a parent whom you support."
    elif ConsentScope.SUPPORT not in given.get(person.id, frozenset()):
        problems["person"] = NOT_ALLOWED
    if command.kind not in dict(choices_of("service_kind", today=today)):
        problems["kind"] = "Choose what kind of service it is."
    elif person is not None and _is_listed(assignment.case_id, person, command):
        problems["kind"] = "This service is on the parent's list already. Go on with it there."
    begun = local_day(assignment.accepted_at or now, programme_zone())
    if problem := _problem_with_day(
        command.happened_on, begun, "you accepted the family then", today
    ):
        problems["happened_on"] = problem
    if problems:
        raise Refused(problems)
    assert person is not None  # noqa: S101 (refused above; says so to the type checker)
    _refuse_too_many(assignment.case_id)
    service = ServiceReferral(
        case_id=assignment.case_id,
        person_id=person.id,
        kind=command.kind,
        provider=command.provider,
    )
    db.session.add(service)
    db.session.flush()
    _add_step(service, ServiceState.OFFERED, command.happened_on, actor=actor, now=now)
    _write_down(Event.SERVICE_OFFERED, service, actor=actor, now=now)
    db.session.flush()
    return service


def go_on(
    service: ServiceReferral,
    command: ServiceStepCommand,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down the next step, that nothing is new, or that it will not happen. `version` is
    what the person had before them.

    Raises AlreadyDone if somebody went on with it since, Refused for a day before the last step
    or in the future, a missing provider or reason, or a consent that is not in force (ADV-05)."""
    given = hold_consents(service.case_id).get(service.person_id, frozenset())
    db.session.refresh(service)
    if service.version != version or not _can(service, command.action):
        raise _overtaken(service)
    _judge(service, command, given, now=now)
    if command.provider:
        service.provider = command.provider
    if command.action is None:
        # A version of its own, though nothing changed: two colleagues need not both ask.
        service.version += 1
        _add_step(service, service.state, command.happened_on, actor=actor, now=now)
        _write_down(Event.SERVICE_ASKED_AFTER, service, actor=actor, now=now)
        db.session.flush()
        return
    _move(service, command.action, command.happened_on, command.reason, actor=actor, now=now)


def stop_without_support(case: Case, person: Person, *, actor: Actor, now: datetime) -> None:
    """ADV-05: whoever takes back their consent to support is not followed to any service. Leaves
    those of a parent whose consent is in force alone."""
    given = hold_consents(case.id).get(person.id, frozenset())
    if ConsentScope.SUPPORT in given:
        return
    today = local_day(now, programme_zone())
    for service in db.session.scalars(
        select(ServiceReferral)
        .where(
            ServiceReferral.case_id == case.id,
            ServiceReferral.person_id == person.id,
            ServiceReferral.state.in_(OPEN),
        )
        .order_by(ServiceReferral.id)
        .execution_options(populate_existing=True)
    ):
        _move(
            service,
            ServiceAction.FALL_THROUGH,
            today,
            CONSENT_WITHDRAWN,
            actor=actor,
            now=now,
        )


def _can(service: ServiceReferral, action: ServiceAction | None) -> bool:
    if action is None:
        return service.state in OPEN
    return SERVICE_LIFECYCLE.allows(action, service.state)


def _judge(
    service: ServiceReferral,
    command: ServiceStepCommand,
    given: frozenset[ConsentScope],
    *,
    now: datetime,
) -> None:
    today = local_day(now, programme_zone())
    problems = {}
    if problem := _problem_with_day(
        command.happened_on, _last_day(service), "the step before was then", today
    ):
        problems["happened_on"] = problem
    if command.action is ServiceAction.FALL_THROUGH:
        reasons = dict(choices_of("service_fell_through", today=today))
        if command.reason == CONSENT_WITHDRAWN:
            problems["reason"] = (
                "Record the withdrawal of the consent instead: it ends what is open."
            )
        elif command.reason not in reasons:
            problems["reason"] = "Choose why it will not happen."
    elif ConsentScope.SUPPORT not in given:
        problems[""] = NOT_ALLOWED
    elif command.action is ServiceAction.MAKE and not (command.provider or service.provider):
        problems["provider"] = "Write who gives the service: the place or the office."
    if problems:
        raise Refused(problems)


def _move(
    service: ServiceReferral,
    action: ServiceAction,
    happened_on: date,
    reason: str | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    step = SERVICE_LIFECYCLE[action]
    service.state = ServiceState(step.target)
    falls = action is ServiceAction.FALL_THROUGH
    service.fell_through_reason = reason if falls else None
    _add_step(service, service.state, happened_on, actor=actor, now=now)
    _write_down(
        Event(step.event),
        service,
        actor=actor,
        now=now,
        **({"reason": reason} if falls and reason else {}),
    )
    db.session.flush()


def _parent_of(assignment: Assignment, public_id: str) -> Person | None:
    return db.session.scalar(
        select(Person)
        .join(AssignedParent, AssignedParent.person_id == Person.id)
        .where(
            AssignedParent.assignment_id == assignment.id,
            AssignedParent.released_at.is_(None),
            Person.public_id == public_id,
        )
    )


def _is_listed(case_id: int, person: Person, command: ServiceCommand) -> bool:
    same = select(ServiceReferral.id).where(
        ServiceReferral.case_id == case_id,
        ServiceReferral.person_id == person.id,
        ServiceReferral.kind == command.kind,
        ServiceReferral.provider.is_not_distinct_from(command.provider),
        ServiceReferral.state.in_(OPEN),
    )
    return db.session.scalar(same.limit(1)) is not None


def _refuse_too_many(case_id: int) -> None:
    open_ones = db.session.scalar(
        select(func.count()).where(
            ServiceReferral.case_id == case_id, ServiceReferral.state.in_(OPEN)
        )
    )
    if (open_ones or 0) >= MOST_OPEN:
        raise Refused(
            f"This family has {MOST_OPEN} open services. Bring some of them to their end first."
        )


def _problem_with_day(day: date, earliest: date, why: str, today: date) -> str | None:
    if day > today:
        return "This is in the future. Give today or an earlier day."
    if day < earliest:
        return f"Give {date_words(earliest)} or a later day: {why}."
    return None


def _last_day(service: ServiceReferral) -> date:
    last = db.session.scalar(
        select(func.max(ServiceStep.happened_on)).where(
            ServiceStep.service_referral_id == service.id
        )
    )
    return last or date.min


def _add_step(
    service: ServiceReferral,
    state: ServiceState,
    happened_on: date,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    db.session.add(
        ServiceStep(
            service_referral_id=service.id,
            state=state,
            happened_on=happened_on,
            recorded_at=now,
            recorded_by_id=actor.id,
        )
    )


def _overtaken(service: ServiceReferral) -> AlreadyDone:
    return overtaken(
        f"This service has gone on: {service.state.label.lower()}.",
        case_id=service.case_id,
        subject=ServiceReferral.__tablename__,
        subject_id=service.id,
    )


def _write_down(
    event: Event, service: ServiceReferral, *, actor: Actor, now: datetime, **detail: Any
) -> None:
    """Codes only: neither the provider nor the parent stands in the log."""
    audit.record(
        event,
        service,
        actor=actor,
        now=now,
        case_id=service.case_id,
        service=service.kind,
        **detail,
    )
