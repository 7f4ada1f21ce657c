from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    func,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import joinedload

from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import (
    PROGRAMME,
    READINGS,
    SIGNING_IN,
    About,
    Event,
    LogQuestion,
)
from parents_partners.core.clock import end_of_day, programme_zone, start_of_day
from parents_partners.core.db import db
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.reference import labels_of

MOST_PEOPLE = 20


@dataclass(frozen=True)
class EventRow:
    """A line of the audit log: who, when, in which role, about which number; nothing of a family.
    `actor_name` and `actor_role` None are the command line or the clock. `page`: what was open
    when something was read, or which list was saved, and `rows`, how many it named, where it was
    a list. `detail` holds codes and numbers of what changed about people, lists and settings, and
    in words why a list was saved."""

    id: int
    at: datetime
    event: Event
    actor_name: str | None
    actor_role: str | None
    subject: str
    subject_id: int | None
    case_id: int | None
    page: str | None
    rows: int | None
    detail: Mapping[str, str]


@dataclass(frozen=True)
class PersonRow:
    """Somebody who has or had an account."""

    id: int
    name: str
    email: str


@dataclass(frozen=True)
class ReaderRow:
    """Somebody who read about a family: how often, and the first and last time."""

    name: str
    role: str
    times: int
    first_at: datetime
    last_at: datetime


class NothingSuch(LookupError):
    """No row has this reference or number."""


def events(
    question: LogQuestion | None = None,
    *,
    actor_id: int | None = None,
    after: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[EventRow]:
    """The log, newest first. `after` is a page's `next_key`, `actor_id` who acted. Raises
    NothingSuch where there is nothing that the question is about.

    Each condition has an index that is in the order of time; where only kinds are asked for, each
    is looked up by itself, so that a rare one never reads the whole log."""
    question = question or LogQuestion()
    conditions = _conditions(question, actor_id)
    match read_key(after):
        case (datetime() as at, int() as event_id):
            conditions.append(tuple_(AuditEvent.at, AuditEvent.id) < tuple_(at, event_id))
    newest = (AuditEvent.at.desc(), AuditEvent.id.desc())
    chosen = (
        select(AuditEvent).options(joinedload(AuditEvent.actor)).order_by(*newest).limit(size + 1)
    )
    if len(question.kinds) > 1 and actor_id is None and question.about is None:
        each = [
            select(
                select(AuditEvent.id)
                .where(AuditEvent.event == kind, *conditions)
                .order_by(*newest)
                .limit(size + 1)
                .subquery()
            )
            for kind in sorted(question.kinds)
        ]
        chosen = chosen.where(AuditEvent.id.in_(union_all(*each)))
    elif question.kinds:
        chosen = chosen.where(AuditEvent.event.in_(question.kinds), *conditions)
    else:
        chosen = chosen.where(*conditions)
    return page_of([_row(event) for event in db.session.scalars(chosen)], _key, size)


def people_called(words: str) -> Sequence[PersonRow]:
    """Whose name has these words in it, or whose e-mail address it is. Somebody who is called
    exactly so stands for all."""
    user = _table("user")
    rows = [
        PersonRow(*row)
        for row in db.session.execute(
            select(user.c.id, user.c.name, user.c.email)
            .where(
                or_(
                    user.c.name.icontains(words, autoescape=True),
                    user.c.email == words.strip().lower(),
                )
            )
            .order_by(user.c.name, user.c.id)
            .limit(MOST_PEOPLE)
        ).tuples()
    ]
    exact = [row for row in rows if words.casefold() in (row.name.casefold(), row.email)]
    return exact if len(exact) == 1 else rows


def readers_of(about: About) -> Sequence[ReaderRow]:
    """Everybody who read about a family or a referral of it, who did so last first. Raises
    NothingSuch."""
    user = _table("user")
    last_at = func.max(AuditEvent.at)
    return [
        ReaderRow(*row)
        for row in db.session.execute(
            select(
                user.c.name,
                AuditEvent.actor_role,
                func.count(),
                func.min(AuditEvent.at),
                last_at,
            )
            .join(user, user.c.id == AuditEvent.actor_id)
            .where(AuditEvent.event.in_(READINGS), _of_family(about))
            .group_by(user.c.id, user.c.name, AuditEvent.actor_role)
            .order_by(last_at.desc())
            .limit(PAGE_SIZE * 4)
        ).tuples()
    ]


def readings_of_family(about: About, *, after: str | None = None) -> Page[EventRow]:
    """Each time somebody read about the family or a referral of it, newest first. Raises
    NothingSuch."""
    chosen = (
        select(AuditEvent)
        .options(joinedload(AuditEvent.actor))
        .where(AuditEvent.event.in_(READINGS), _of_family(about))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    match read_key(after):
        case (datetime() as at, int() as event_id):
            chosen = chosen.where(tuple_(AuditEvent.at, AuditEvent.id) < tuple_(at, event_id))
    return page_of([_row(event) for event in db.session.scalars(chosen)], _key)


@dataclass(frozen=True)
class Change:
    """Who changed something, and when. `by` None: the clock or the command line did."""

    by: str | None
    by_id: int | None
    at: datetime


def last_change(**of: str | int) -> Change | None:
    """The latest event that was more than a reading or a sign-in: of a `case_id`, of a
    `referral_id`, of one `subject` and `subject_id`. None if nothing was written down."""
    event = db.session.scalar(
        select(AuditEvent)
        .options(joinedload(AuditEvent.actor))
        .filter_by(**of)
        .where(AuditEvent.event.not_in(READINGS | SIGNING_IN))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    if event is None:
        return None
    return _change(event)


def last_changes(event: Event, named: str) -> dict[str, Change]:
    """The latest event of this kind for each value that its detail has under `named`."""
    what = AuditEvent.detail[named].as_string()
    newest = (
        select(func.max(AuditEvent.id)).where(AuditEvent.event == event).group_by(what).subquery()
    )
    return {
        row.detail[named]: _change(row)
        for row in db.session.scalars(
            select(AuditEvent)
            .options(joinedload(AuditEvent.actor))
            .where(AuditEvent.id.in_(select(newest)))
        )
        if named in row.detail
    }


def _change(event: AuditEvent) -> Change:
    return Change(by=event.actor.name if event.actor else None, by_id=event.actor_id, at=event.at)


def _conditions(question: LogQuestion, actor_id: int | None) -> list[ColumnElement[bool]]:
    zone = programme_zone()
    conditions: list[ColumnElement[bool]] = []
    if actor_id is not None:
        conditions.append(AuditEvent.actor_id == actor_id)
    if question.first_on is not None:
        conditions.append(AuditEvent.at >= start_of_day(question.first_on, zone))
    if question.last_on is not None:
        conditions.append(AuditEvent.at < end_of_day(question.last_on, zone))
    match question.about:
        case About(reference=str() as reference):
            referral_id = _referral_called(reference)
            conditions.append(AuditEvent.referral_id == referral_id)
        case About(subject="case", subject_id=case_id):
            conditions.append(AuditEvent.case_id == case_id)
        case About(subject="referral", subject_id=referral_id):
            conditions.append(AuditEvent.referral_id == referral_id)
        case About(subject=subject, subject_id=subject_id):
            conditions += [AuditEvent.subject == subject, AuditEvent.subject_id == subject_id]
    return conditions


def _of_family(about: About) -> ColumnElement[bool]:
    """Of the case, and of every referral of it; of the referral and its duplicates alone while it
    is not filed. A duplicate is of the family that its original is of."""
    case_id = about.subject_id if about.subject == "case" else None
    referral_id = about.subject_id if about.subject == "referral" else None
    if about.reference is not None:
        referral_id = _referral_called(about.reference)
    if referral_id is not None:
        referral_id, case_id = _original_of(referral_id)
    if case_id is not None:
        return AuditEvent.id.in_(ids_of_family(case_id))
    second = _table("referral").alias()
    seconds = select(second.c.id).where(second.c.duplicate_of_id == referral_id)
    return or_(AuditEvent.referral_id == referral_id, AuditEvent.referral_id.in_(seconds))


def ids_of_family(case_id: int) -> CompoundSelect[Any]:
    """The ids of the events of a case and of every referral that was filed under it, also from
    before it was, and of their duplicates: by indexes, put together."""
    first, second = _table("referral").alias(), _table("referral").alias()
    filed = select(first.c.id).where(first.c.case_id == case_id)
    seconds = select(second.c.id).where(second.c.duplicate_of_id.in_(filed))
    return union(
        select(AuditEvent.id).where(AuditEvent.case_id == case_id),
        select(AuditEvent.id).where(AuditEvent.referral_id.in_(filed)),
        select(AuditEvent.id).where(AuditEvent.referral_id.in_(seconds)),
    )


def _original_of(referral_id: int) -> tuple[int, int | None]:
    """The id of the referral, or of the one whose duplicate it is (never one more step), and the
    id of the case under which that one was filed."""
    own, original = _table("referral").alias(), _table("referral").alias()
    found = db.session.execute(
        select(original.c.id, original.c.case_id)
        .join(own, original.c.id == func.coalesce(own.c.duplicate_of_id, own.c.id))
        .where(own.c.id == referral_id)
    ).first()
    return (found[0], found[1]) if found else (referral_id, None)


def _referral_called(reference: str) -> int:
    """The referral's id. Raises NothingSuch."""
    referral = _table("referral")
    found = db.session.scalar(select(referral.c.id).where(referral.c.reference == reference))
    if found is None:
        raise NothingSuch(reference)
    referral_id: int = found
    return referral_id


def _table(name: str) -> FromClause:
    """By name: accounts and referrals stand above the log, which never imports them."""
    return AuditEvent.metadata.tables[name]


def _row(event: AuditEvent) -> EventRow:
    detail = event.detail
    return EventRow(
        id=event.id,
        at=event.at,
        event=event.event,
        actor_name=event.actor.name if event.actor else None,
        actor_role=event.actor_role,
        subject=event.subject,
        subject_id=event.subject_id,
        case_id=event.case_id,
        page=detail.get("page", detail.get("list")) if event.event in READINGS else None,
        rows=detail.get("rows") if event.event in READINGS else None,
        detail=_said(event),
    )


def _said(event: AuditEvent) -> dict[str, str]:
    if event.event in PROGRAMME:
        return {name: str(value) for name, value in event.detail.items()}
    why = event.detail.get("why") if event.event is Event.LIST_EXPORTED else None
    return {"why": labels_of("export_reason").get(why, why)} if why else {}


def _key(row: EventRow) -> tuple[datetime, int]:
    return row.at, row.id
