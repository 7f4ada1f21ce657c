"""What pages show of a family. A family is found through `case_for`, which asks who looks; the
rest hangs on the case that was found."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, select

from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, Role
from parents_partners.cases.models import (
    Case,
    Conference,
    Consent,
    Membership,
    Person,
    Placement,
    Professional,
)
from parents_partners.cases.policies import visible_to
from parents_partners.cases.types import (
    ConferenceState,
    ConsentScope,
    MembershipRole,
    Relationship,
    Setting,
)
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.text import phone_e164
from parents_partners.core.words import age_on


@dataclass(frozen=True)
class ParentRow:
    """How a parent is reached, and what to mind. `dial` is E.164; `cautions` say what they asked
    us not to do, `note` is in their words."""

    id: int
    public_id: str
    name: str
    relationship: Relationship | None
    phone: str | None
    dial: str | None
    email: str | None
    language: str | None
    interpreter_needed: bool | None
    cautions: tuple[str, ...]
    note: str | None
    leave_message: bool

    @property
    def needs_care(self) -> bool:
        return bool(self.cautions or self.note)


@dataclass(frozen=True)
class ChildRow:
    """`age` in completed years today; None where the birthday is not known."""

    id: int
    public_id: str
    name: str
    date_of_birth: date | None
    age: int | None
    setting: Setting
    agency: str | None
    removed_at: datetime | None
    placed_at: datetime | None


@dataclass(frozen=True)
class MemberRow:
    """A caregiver or another person of the family."""

    id: int
    public_id: str
    name: str
    role: MembershipRole


@dataclass(frozen=True)
class Members:
    parents: tuple[ParentRow, ...]
    children: tuple[ChildRow, ...]
    others: tuple[MemberRow, ...]

    @property
    def everybody(self) -> tuple[ParentRow | ChildRow | MemberRow, ...]:
        return (*self.parents, *self.children, *self.others)

    @property
    def names(self) -> dict[int, str]:
        """Everybody's name by the person's id."""
        return {row.id: row.name for row in self.everybody}


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
class ConsentRow:
    """One scope that a parent gave, in force until `withdrawn_at`."""

    person_id: int
    scope: ConsentScope
    asked_by: str
    asked_on: date
    confirmed_at: datetime | None
    withdrawn_at: datetime | None


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
    case = db.session.scalar(_visible_case(viewer.role), values)
    if case is None:
        raise Absent
    return case


@cache
def _visible_case(role: Role | None) -> Select[Case]:
    """Asked for every page of a family, so built once."""
    return select(Case).where(
        Case.public_id == bindparam("public_id", type_=String), visible_to(stand_in(role))
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


def parent_row(person: Person, relationship: Relationship | None) -> ParentRow:
    cautions = (
        (person.may_leave_voicemail, "Do not leave voicemail"),
        (person.may_text, "Do not send text messages"),
        (person.may_email, "Do not send e-mail"),
        (person.may_send_mail, "Do not send letters"),
    )
    return ParentRow(
        id=person.id,
        public_id=person.public_id,
        name=person.name,
        relationship=relationship,
        phone=person.phone,
        dial=person.phone_e164,
        email=person.email,
        language=person.preferred_language,
        interpreter_needed=person.interpreter_needed,
        cautions=tuple(words for may, words in cautions if may is False),
        note=person.safe_contact_note,
        leave_message=person.may_leave_voicemail is not False,
    )


def members_of(case: Case, *, today: date) -> Members:
    """Everybody of the family, the oldest child first."""
    parents: list[ParentRow] = []
    children: list[ChildRow] = []
    others: list[MemberRow] = []
    for membership, person, placement in db.session.execute(
        select(Membership, Person, Placement)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Placement, and_(Placement.person_id == Person.id, Placement.ended_at.is_(None)))
        .where(Membership.case_id == case.id)
        .order_by(Membership.id)
    ).tuples():
        if membership.role is MembershipRole.PARENT:
            parents.append(parent_row(person, membership.relationship_to_child))
        elif membership.role is MembershipRole.CHILD:
            children.append(_child_row(person, placement, today))
        else:
            others.append(MemberRow(person.id, person.public_id, person.name, membership.role))
    children.sort(key=lambda child: child.date_of_birth or date.max)
    return Members(tuple(parents), tuple(children), tuple(others))


def _child_row(person: Person, placement: Placement | None, today: date) -> ChildRow:
    born = person.date_of_birth
    return ChildRow(
        id=person.id,
        public_id=person.public_id,
        name=person.name,
        date_of_birth=born,
        age=age_on(today, born) if born else None,
        setting=placement.setting if placement else Setting.UNKNOWN,
        agency=placement.agency if placement else None,
        removed_at=placement.removed_at if placement else None,
        placed_at=placement.placed_at if placement else None,
    )


def conferences_of(case: Case) -> list[ConferenceRow]:
    """Every conference of the family, past and cancelled ones too, in the order of time."""
    return _conference_rows(Conference.case_id == case.id)


def conferences_between(
    case_ids: Collection[int], first: datetime, last: datetime
) -> list[ConferenceRow]:
    """What is scheduled for these families from `first` up to, not including, `last`."""
    return _conference_rows(
        and_(
            Conference.case_id.in_(case_ids),
            Conference.state == ConferenceState.SCHEDULED,
            Conference.starts_at >= first,
            Conference.starts_at < last,
        )
    )


def next_conferences(case_ids: Collection[int], now: datetime) -> Mapping[int, ConferenceRow]:
    """The next thing that is scheduled for each of these families, by the case's id."""
    upcoming = _conference_rows(
        and_(
            Conference.case_id.in_(case_ids),
            Conference.state == ConferenceState.SCHEDULED,
            Conference.starts_at >= now,
        )
    )
    return {row.case_id: row for row in reversed(upcoming)}


def _conference_rows(condition: ColumnElement[bool]) -> list[ConferenceRow]:
    return [
        ConferenceRow(
            public_id=conference.public_id,
            case_id=conference.case_id,
            kind=conference.kind,
            starts_at=conference.starts_at,
            place=conference.place,
            link=conference.link,
            cancelled=conference.state is ConferenceState.CANCELLED,
        )
        for conference in db.session.scalars(
            select(Conference).where(condition).order_by(Conference.starts_at, Conference.id)
        )
    ]


def consents_of(case: Case) -> list[ConsentRow]:
    """Every consent of the case, withdrawn ones too, in the order of the scopes."""
    return [
        ConsentRow(
            person_id=consent.person_id,
            scope=consent.scope,
            asked_by=consent.asked_by,
            asked_on=consent.asked_on,
            confirmed_at=consent.confirmed_at,
            withdrawn_at=consent.withdrawn_at,
        )
        for consent in sorted(
            db.session.scalars(select(Consent).where(Consent.case_id == case.id)),
            key=lambda consent: (list(ConsentScope).index(consent.scope), consent.id),
        )
    ]


def consents_in_force(case_id: int) -> dict[int, frozenset[ConsentScope]]:
    """What each parent of the case allows now, by the person's id (ADV-05)."""
    scopes: dict[int, set[ConsentScope]] = defaultdict(set)
    for person_id, scope in db.session.execute(
        select(Consent.person_id, Consent.scope).where(
            Consent.case_id == case_id, Consent.withdrawn_at.is_(None)
        )
    ).tuples():
        scopes[person_id].add(scope)
    return {person_id: frozenset(given) for person_id, given in scopes.items()}


def professionals_of(case: Case) -> list[ProfessionalRow]:
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
        for row in db.session.scalars(
            select(Professional).where(Professional.case_id == case.id).order_by(Professional.id)
        )
    ]
