"""Conferences and court dates of a family (REF-04d)."""

from datetime import datetime

from sqlalchemy import select

from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.queries import last_change
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Conference
from parents_partners.cases.services.consents import hold_case
from parents_partners.cases.types import ConferenceCommand, ConferenceState
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import choices_of


def add_conference(
    case: Case, command: ConferenceCommand, *, actor: Actor, now: datetime
) -> Conference:
    """Raises Refused for a day that is over, an unknown kind, or one that is listed already."""
    hold_case(case.id)
    _check(case.id, None, command, now=now)
    conference = Conference(
        case_id=case.id,
        kind=command.kind,
        starts_at=command.starts_at,
        place=command.place,
        link=command.link,
        added_by_id=actor.id,
    )
    db.session.add(conference)
    db.session.flush()
    _write_down(Event.CONFERENCE_ADDED, conference, actor=actor, now=now)
    db.session.flush()
    return conference


def change_conference(
    conference: Conference,
    command: ConferenceCommand,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """`version` is what the person had before them. Raises AlreadyDone if somebody changed or
    cancelled it since, else Refused as `add_conference` does."""
    _hold(conference)
    if conference.state is not ConferenceState.SCHEDULED or conference.version != version:
        raise _already_done(conference)
    _check(conference.case_id, conference, command, now=now)
    conference.kind = command.kind
    conference.starts_at = command.starts_at
    conference.place = command.place
    conference.link = command.link
    _write_down(Event.CONFERENCE_CHANGED, conference, actor=actor, now=now)
    db.session.flush()


def cancel_conference(conference: Conference, *, actor: Actor, now: datetime) -> None:
    """It will not take place; it stays on record. Raises AlreadyDone if it was cancelled."""
    _hold(conference)
    if conference.state is not ConferenceState.SCHEDULED:
        raise _already_done(conference)
    conference.state = ConferenceState.CANCELLED
    conference.cancelled_at = now
    _write_down(Event.CONFERENCE_CANCELLED, conference, actor=actor, now=now)
    db.session.flush()


def _hold(conference: Conference) -> None:
    """Hold the case, then look again: somebody may have changed it while we waited."""
    hold_case(conference.case_id)
    db.session.refresh(conference)


def _check(
    case_id: int, known: Conference | None, command: ConferenceCommand, *, now: datetime
) -> None:
    zone = programme_zone()
    today = local_day(now, zone)
    moved = known is None or known.starts_at != command.starts_at
    problems = {}
    # Earlier today is taken: it is written down in the corridor afterwards (REF-04d).
    if moved and local_day(command.starts_at, zone) < today:
        problems["starts_at"] = "This day is over. Give a date from today on."
    kept_kind = known is not None and known.kind == command.kind
    if not kept_kind and command.kind not in dict(choices_of("conference_kind", today=today)):
        problems["kind"] = "Choose what kind of conference it is."
    if not problems and _is_listed(case_id, known, command):
        problems["starts_at"] = "This conference is on the list already, at the same time."
    if problems:
        raise Refused(problems)


def _is_listed(case_id: int, known: Conference | None, command: ConferenceCommand) -> bool:
    same = select(Conference.id).where(
        Conference.case_id == case_id,
        Conference.kind == command.kind,
        Conference.starts_at == command.starts_at,
        Conference.state == ConferenceState.SCHEDULED,
    )
    if known is not None:
        same = same.where(Conference.id != known.id)
    return db.session.scalar(same.limit(1)) is not None


def _already_done(conference: Conference) -> AlreadyDone:
    last = last_change(
        case_id=conference.case_id,
        subject=Conference.__tablename__,
        subject_id=conference.id,
    )
    cancelled = conference.state is ConferenceState.CANCELLED
    return AlreadyDone(
        "This conference was cancelled." if cancelled else "This conference was changed.",
        by=last.by if last else None,
        by_id=last.by_id if last else None,
        at=last.at if last else None,
    )


def _write_down(event: Event, conference: Conference, *, actor: Actor, now: datetime) -> None:
    audit.record(
        event,
        conference,
        actor=actor,
        now=now,
        case_id=conference.case_id,
        kind=conference.kind,
    )
