"""What pages show of a family. A family is found through `case_for`, which asks who looks; the
rest hangs on the case that was found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    select,
)

from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, ViewerKind
from parents_partners.cases.models import (
    Case,
    Conference,
    Membership,
    Person,
    Professional,
)
from parents_partners.cases.policies import visible_to
from parents_partners.cases.types import (
    ConferenceState,
    MembershipRole,
)
from parents_partners.core.db import db, rows
from parents_partners.core.errors import Absent
from parents_partners.core.text import phone_e164

Rows: TypeAlias = Select[*tuple[Any, ...]]


class Family(Protocol):
    """A case, or a page's row about one."""

    @property
    def id(self) -> int: ...
    @property
    def number_key(self) -> str | None: ...


@dataclass(frozen=True)
class ConferenceRow:
    """`kind` is a code of the list `conference_kind`."""

    public_id: str
    case_id: int
    kind: str
    starts_at: datetime
    place: str | None
    link: str | None
    cancelled: bool


@dataclass(frozen=True)
class ProfessionalRow:
    capacity: str
    name: str
    title: str | None
    organisation: str | None
    phone: str | None
    dial: str | None
    email: str | None


def case_for(viewer: Actor, public_id: str) -> Case:
    """The family with this id, for somebody who may see it. Raises Absent."""
    values = {**said_of(viewer), "public_id": public_id}
    case = db.session.scalar(_visible_case(viewer.kind), values)
    if case is None:
        raise Absent
    return case


@cache
def _visible_case(kind: ViewerKind) -> Select[Case]:
    """Asked for every page of a family, so built once."""
    return select(Case).where(
        Case.public_id == bindparam("public_id", type_=String), visible_to(stand_in(kind))
    )


def parent_in(case: Case, public_id: str) -> Person:
    """A parent of this family. Raises Absent."""
    person = db.session.scalar(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.case_id == case.id,
            Membership.role == MembershipRole.PARENT,
            Person.public_id == public_id,
        )
    )
    if person is None:
        raise Absent
    return person


def conference_for(viewer: Actor, public_id: str) -> Conference:
    """The conference with this id, of a family that the viewer may see. Raises Absent."""
    conference = db.session.scalar(
        select(Conference)
        .join(Case, Case.id == Conference.case_id)
        .where(Conference.public_id == public_id, visible_to(viewer))
    )
    if conference is None:
        raise Absent
    return conference


def conferences_of(case: Family) -> list[ConferenceRow]:
    """Every conference of the family, past and cancelled ones too, in the order of time."""
    return _conference_rows(_conferences(), case=case.id)


def conferences_between(
    case_ids: Collection[int], first: datetime, last: datetime
) -> list[ConferenceRow]:
    """What is scheduled for these families from `first` up to, not including, `last`."""
    return _conference_rows(
        _conferences_where(
            Conference.case_id.in_(case_ids),
            Conference.state == ConferenceState.SCHEDULED,
            Conference.starts_at >= first,
            Conference.starts_at < last,
        )
    )


def next_conferences(case_ids: Collection[int], now: datetime) -> Mapping[int, ConferenceRow]:
    """The next thing that is scheduled for each of these families, by the case's id."""
    upcoming = _conference_rows(
        _conferences_where(
            Conference.case_id.in_(case_ids),
            Conference.state == ConferenceState.SCHEDULED,
            Conference.starts_at >= now,
        )
    )
    return {row.case_id: row for row in reversed(upcoming)}


@cache
def _conferences() -> Rows:
    return _conferences_where(Conference.case_id == bindparam("case", type_=Integer))


def _conferences_where(*conditions: ColumnElement[bool]) -> Rows:
    return (
        select(
            Conference.public_id,
            Conference.case_id,
            Conference.kind,
            Conference.starts_at,
            Conference.place,
            Conference.link,
            Conference.state,
        )
        .where(*conditions)
        .order_by(Conference.starts_at, Conference.id)
    )


def _conference_rows(query: Rows, **values: int) -> list[ConferenceRow]:
    return [
        ConferenceRow(
            public_id=public_id,
            case_id=case_id,
            kind=kind,
            starts_at=starts_at,
            place=place,
            link=link,
            cancelled=state is ConferenceState.CANCELLED,
        )
        for public_id, case_id, kind, starts_at, place, link, state in rows(query, values)
    ]


def professionals_of(case: Family) -> list[ProfessionalRow]:
    """Caseworkers and others who work with the family, in the order in which they came."""
    return [
        ProfessionalRow(
            capacity=row.capacity,
            name=row.name,
            title=row.title,
            organisation=row.organisation,
            phone=row.phone,
            dial=phone_e164(row.phone or ""),
            email=row.email,
        )
        for row in rows(_professionals(), {"case": case.id})
    ]


@cache
def _professionals() -> Rows:
    return (
        select(
            Professional.capacity,
            Professional.name,
            Professional.title,
            Professional.organisation,
            Professional.phone,
            Professional.email,
        )
        .where(Professional.case_id == bindparam("case", type_=Integer))
        .order_by(Professional.id)
    )
