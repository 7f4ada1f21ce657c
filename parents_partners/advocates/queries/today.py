"""What a Family Specialist has before them today."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, not_, select

from parents_partners.accounts.types import Actor
from parents_partners.advocates.lifecycle import CARRIED
from parents_partners.advocates.models import Assignment
from parents_partners.advocates.queries.service_referrals import QuietService, quiet_services
from parents_partners.advocates.queries.stints import (
    NO_CONTACTS,
    Contacts,
    children_in_words,
    drafted_cases,
    last_contacts,
    parents_of_stints,
)
from parents_partners.advocates.queries.tasks import TaskRow, tasks_today
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Case, Consent
from parents_partners.cases.policies import in_conflict
from parents_partners.cases.queries import (
    ConferenceRow,
    ParentRow,
    conferences_between,
    next_conferences,
)
from parents_partners.cases.types import Borough, ConsentScope
from parents_partners.core.clock import end_of_day, programme_zone, start_of_day
from parents_partners.core.db import db
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import setting_days

Allowed: TypeAlias = set[tuple[int, int, ConsentScope]]


@dataclass(frozen=True)
class OfferRow:
    """What a specialist learns before they answer: not the history, which acceptance opens."""

    id: int
    public_id: str
    case_id: int
    referral_id: int | None
    parents: tuple[ParentRow, ...]
    borough: Borough | None
    children: str
    next_conference: ConferenceRow | None
    answer_by: datetime
    overdue: bool


@dataclass(frozen=True)
class DueRow:
    """A family that was accepted and not yet reached. `due_on` is the last day for it. Of the
    parents, `meetings_only` are the ids of those who do not want support (ADV-05)."""

    family_id: str
    family: str
    parents: tuple[ParentRow, ...]
    meetings_only: frozenset[int]
    due_on: date
    attempted_at: datetime | None


@dataclass(frozen=True)
class AppointmentRow:
    """A conference of a family one carries. `may_attend` False: no parent of the stint has
    agreed to a Family Specialist at meetings (ADV-05)."""

    family_id: str
    family: str
    conference: ConferenceRow
    may_attend: bool


@dataclass(frozen=True)
class SilentRow:
    """A family without contact for too long; `since` is the last contact that was made,
    `meetings_only` as in `DueRow`."""

    family_id: str
    family: str
    parents: tuple[ParentRow, ...]
    meetings_only: frozenset[int]
    since: datetime
    attempted_at: datetime | None


@dataclass(frozen=True)
class DraftRow:
    """An entry about a family one carries that was begun and not logged."""

    family_id: str
    family: str


@dataclass(frozen=True)
class Today:
    """`tasks`: those that press or come, then what was finished today."""

    offers: tuple[OfferRow, ...]
    drafts: tuple[DraftRow, ...]
    due: tuple[DueRow, ...]
    appointments: tuple[AppointmentRow, ...]
    silent: tuple[SilentRow, ...]
    tasks: tuple[TaskRow, ...]
    services: tuple[QuietService, ...]
    families: int

    @property
    def rows(self) -> int:
        """How many name a family; an offer does not, but for its parents."""
        parts = (
            self.drafts,
            self.due,
            self.appointments,
            self.silent,
            self.tasks,
            self.services,
        )
        return sum(map(len, parts))


def today_of(viewer: Actor, *, now: datetime) -> Today:
    zone = programme_zone()
    today = local_day(now, zone)
    carried = _stints(viewer, Assignment.state.in_(CARRIED))
    ids = [assignment.id for assignment, _ in carried]
    parents = parents_of_stints(ids)
    contacts = last_contacts(ids)
    allowed = _allowed({case.id for _, case in carried})
    return Today(
        offers=offers_of(viewer, now=now),
        drafts=_drafts(viewer, carried),
        due=_due(carried, parents, allowed, contacts),
        appointments=_appointments(carried, parents, allowed, today),
        silent=_silent(carried, parents, allowed, contacts, today),
        tasks=tuple(tasks_today(viewer, {case.id for _, case in carried}, now=now)),
        services=_services(carried, parents, today),
        families=len({case.id for _, case in carried}),
    )


def offers_of(
    viewer: Actor, *, now: datetime, public_id: str | None = None
) -> tuple[OfferRow, ...]:
    """The offers that wait for this specialist's answer, the most pressing first; with
    `public_id` only that one."""
    condition = Assignment.state == AssignmentState.OFFERED
    if public_id is not None:
        condition = condition & (Assignment.public_id == public_id)
    offers = _stints(viewer, condition)
    parents = parents_of_stints([assignment.id for assignment, _ in offers])
    case_ids = [case.id for _, case in offers]
    children = children_in_words(case_ids, today=local_day(now, programme_zone()))
    conferences = next_conferences(case_ids, now)
    return tuple(
        OfferRow(
            id=assignment.id,
            public_id=assignment.public_id,
            case_id=assignment.case_id,
            referral_id=assignment.referral_id,
            parents=parents.get(assignment.id, ()),
            borough=case.borough,
            children=children.get(case.id, "No children named"),
            next_conference=conferences.get(case.id),
            answer_by=assignment.answer_by,
            overdue=assignment.answer_by <= now,
        )
        for assignment, case in sorted(offers, key=lambda offer: offer[0].answer_by)
    )


def _stints(viewer: Actor, condition: ColumnElement[bool]) -> list[tuple[Assignment, Case]]:
    return list(
        db.session.execute(
            select(Assignment, Case)
            .join(Case, Case.id == Assignment.case_id)
            .where(Assignment.specialist_id == viewer.id, condition, not_(in_conflict(viewer)))
            .order_by(Assignment.id)
        ).tuples()
    )


def first_contact_days() -> timedelta:
    """From the day of an acceptance to the last day for the first contact."""
    return timedelta(days=setting_days("first_contact_days"))


def _drafts(viewer: Actor, carried: list[tuple[Assignment, Case]]) -> tuple[DraftRow, ...]:
    cases = {case.id: case for _, case in carried}
    rows = [
        DraftRow(cases[case_id].public_id, cases[case_id].name)
        for case_id in drafted_cases(viewer, cases)
    ]
    return tuple(sorted(rows, key=lambda row: row.family.lower()))


def _allowed(case_ids: Collection[int]) -> Allowed:
    """What is in force, as (case, person, scope)."""
    return set(
        db.session.execute(
            select(Consent.case_id, Consent.person_id, Consent.scope).where(
                Consent.case_id.in_(case_ids), Consent.withdrawn_at.is_(None)
            )
        ).tuples()
    )


def _meetings_only(case: Case, parents: Iterable[ParentRow], allowed: Allowed) -> frozenset[int]:
    return frozenset(
        parent.id for parent in parents if (case.id, parent.id, ConsentScope.SUPPORT) not in allowed
    )


def _due(
    carried: list[tuple[Assignment, Case]],
    parents: dict[int, tuple[ParentRow, ...]],
    allowed: Allowed,
    contacts: dict[int, Contacts],
) -> tuple[DueRow, ...]:
    days = first_contact_days()
    rows = [
        DueRow(
            family_id=case.public_id,
            family=case.name,
            parents=parents.get(assignment.id, ()),
            meetings_only=_meetings_only(case, parents.get(assignment.id, ()), allowed),
            due_on=local_day(assignment.accepted_at, programme_zone()) + days,
            attempted_at=contacts.get(assignment.id, NO_CONTACTS).attempted_at,
        )
        for assignment, case in carried
        if assignment.state is AssignmentState.ACCEPTED and assignment.accepted_at
    ]
    return tuple(sorted(rows, key=lambda row: row.due_on))


def _services(
    carried: list[tuple[Assignment, Case]],
    parents: dict[int, tuple[ParentRow, ...]],
    today: date,
) -> tuple[QuietService, ...]:
    """Services of the parents one supports, without news for `service_quiet_days` (ADV-03)."""
    supported = {
        (case.id, parent.id)
        for assignment, case in carried
        for parent in parents.get(assignment.id, ())
    }
    before = today - timedelta(days=setting_days("service_quiet_days"))
    return tuple(quiet_services(supported, before=before))


def _appointments(
    carried: list[tuple[Assignment, Case]],
    parents: dict[int, tuple[ParentRow, ...]],
    allowed: Allowed,
    today: date,
) -> tuple[AppointmentRow, ...]:
    """From the morning of today to the end of the last day, both included (pitfall 10)."""
    zone = programme_zone()
    last = today + timedelta(days=setting_days("upcoming_days"))
    cases = {case.id: case for _, case in carried}
    conferences = conferences_between(cases, start_of_day(today, zone), end_of_day(last, zone))
    open_cases = {
        case.id
        for assignment, case in carried
        for parent in parents.get(assignment.id, ())
        if (case.id, parent.id, ConsentScope.ATTEND_MEETINGS) in allowed
    }
    return tuple(
        AppointmentRow(
            family_id=cases[row.case_id].public_id,
            family=cases[row.case_id].name,
            conference=row,
            may_attend=row.case_id in open_cases,
        )
        for row in conferences
    )


def _silent(
    carried: list[tuple[Assignment, Case]],
    parents: dict[int, tuple[ParentRow, ...]],
    allowed: Allowed,
    contacts: dict[int, Contacts],
    today: date,
) -> tuple[SilentRow, ...]:
    """Families in contact whose last contact lies `no_contact_days` back, or further."""
    zone = programme_zone()
    days = timedelta(days=setting_days("no_contact_days"))
    rows = []
    for assignment, case in carried:
        known = contacts.get(assignment.id, NO_CONTACTS)
        since = known.made_at or assignment.first_contact_at
        if assignment.state is not AssignmentState.IN_CONTACT or since is None:
            continue
        if local_day(since, zone) + days <= today:
            rows.append(
                SilentRow(
                    family_id=case.public_id,
                    family=case.name,
                    parents=parents.get(assignment.id, ()),
                    meetings_only=_meetings_only(case, parents.get(assignment.id, ()), allowed),
                    since=since,
                    attempted_at=known.attempted_at,
                )
            )
    return tuple(sorted(rows, key=lambda row: row.since))
