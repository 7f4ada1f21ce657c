"""Who belongs to a family, how they are reached, and what they agreed to. The case was found for
whoever looks: see `case_for`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Integer,
    Select,
    and_,
    bindparam,
    or_,
    select,
)

from parents_partners.cases.models import (
    Case,
    Consent,
    Membership,
    Person,
    Placement,
)
from parents_partners.cases.queries.families import Family
from parents_partners.cases.types import (
    ConsentScope,
    MembershipRole,
    Relationship,
    Setting,
)
from parents_partners.core.db import db, rows
from parents_partners.core.words import age_on

Rows: TypeAlias = Select[*tuple[Any, ...]]


PARENT = (
    Person.id,
    Person.public_id,
    (Person.first_name + " " + Person.last_name).label("name"),
    Person.phone,
    Person.phone_e164,
    Person.email,
    Person.preferred_language,
    Person.interpreter_needed,
    Person.may_leave_voicemail,
    Person.may_text,
    Person.may_email,
    Person.may_send_mail,
    Person.safe_contact_note,
)

"""What `parent_row` needs of a person."""

NEEDS_CARE = or_(
    Person.safe_contact_note.is_not(None),
    Person.may_leave_voicemail.is_(False),
    Person.may_text.is_(False),
    Person.may_email.is_(False),
    Person.may_send_mail.is_(False),
)
"""What `ParentRow.needs_care` says, for a list that shows no more of a parent."""


_CONSENT = (
    Consent.id.label("consent_id"),
    Consent.person_id,
    Consent.scope,
    Consent.asked_by,
    Consent.asked_on,
    Consent.confirmed_at,
    Consent.withdrawn_at,
)


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
class ConsentRow:
    """One scope that a parent gave, in force until `withdrawn_at`."""

    person_id: int
    scope: ConsentScope
    asked_by: str
    asked_on: date
    confirmed_at: datetime | None
    withdrawn_at: datetime | None


def parent_row(person: Person | Any, relationship: Relationship | None) -> ParentRow:
    """`person`: the person, or a row of a query with a person's columns."""
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


def members_of(case: Family, *, today: date) -> Members:
    """Everybody of the family, the oldest child first."""
    return _members(rows(_people(with_consents=False), {"case": case.id}), today)


def people_of(case: Family, *, today: date) -> tuple[Members, list[ConsentRow]]:
    """`members_of` and `consents_of`, in one statement."""
    found = rows(_people(with_consents=True), {"case": case.id})
    members = {row.membership_id: row for row in found}
    consents = {row.consent_id: row for row in found if row.consent_id is not None}
    return _members(members.values(), today), _consent_rows(consents.values())


@cache
def _people(*, with_consents: bool) -> Rows:
    """One row a person, or one a consent of that person."""
    query: Rows = (
        select(
            Membership.id.label("membership_id"),
            Membership.role,
            Membership.relationship_to_child,
            Person.date_of_birth,
            *PARENT,
            Placement.setting,
            Placement.agency,
            Placement.removed_at,
            Placement.placed_at,
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Placement, and_(Placement.person_id == Person.id, Placement.ended_at.is_(None)))
        .where(Membership.case_id == bindparam("case", type_=Integer))
        .order_by(Membership.id)
    )
    if with_consents:
        query = query.add_columns(*_CONSENT).outerjoin(
            Consent,
            and_(Consent.case_id == Membership.case_id, Consent.person_id == Membership.person_id),
        )
    return query


def _members(found: Iterable[Any], today: date) -> Members:
    parents: list[ParentRow] = []
    children: list[ChildRow] = []
    others: list[MemberRow] = []
    for row in found:
        if row.role is MembershipRole.PARENT:
            parents.append(parent_row(row, row.relationship_to_child))
        elif row.role is MembershipRole.CHILD:
            children.append(_child_row(row, today))
        else:
            others.append(MemberRow(row.id, row.public_id, row.name, row.role))
    children.sort(key=lambda child: child.date_of_birth or date.max)
    return Members(tuple(parents), tuple(children), tuple(others))


def _child_row(row: Any, today: date) -> ChildRow:
    born = row.date_of_birth
    return ChildRow(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        date_of_birth=born,
        age=age_on(today, born) if born else None,
        setting=row.setting or Setting.UNKNOWN,
        agency=row.agency,
        removed_at=row.removed_at,
        placed_at=row.placed_at,
    )


def consents_of(case: Case) -> list[ConsentRow]:
    """Every consent of the case, withdrawn ones too, in the order of the scopes."""
    return _consent_rows(rows(select(*_CONSENT).where(Consent.case_id == case.id)))


def _consent_rows(found: Iterable[Any]) -> list[ConsentRow]:
    scopes = list(ConsentScope)
    return [
        ConsentRow(
            person_id=row.person_id,
            scope=row.scope,
            asked_by=row.asked_by,
            asked_on=row.asked_on,
            confirmed_at=row.confirmed_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in sorted(found, key=lambda row: (scopes.index(row.scope), row.consent_id))
    ]


def last_words(consents: Iterable[ConsentRow]) -> dict[int, dict[ConsentScope, ConsentRow]]:
    """What each parent said last of each scope, of all consents of a case, by the person's id. It
    is in force, or taken back; before it lie only others that were taken back."""
    words: dict[int, dict[ConsentScope, ConsentRow]] = defaultdict(dict)
    for row in consents:
        words[row.person_id][row.scope] = row
    return dict(words)


def in_force(consents: Iterable[ConsentRow]) -> dict[int, frozenset[ConsentScope]]:
    """What each parent allows now, of all consents of a case, by the person's id (ADV-05)."""
    return _by_person((row.person_id, row.scope) for row in consents if row.withdrawn_at is None)


def consents_in_force(case_id: int) -> dict[int, frozenset[ConsentScope]]:
    """What each parent of the case allows now, by the person's id (ADV-05)."""
    return _by_person(
        db.session.execute(
            select(Consent.person_id, Consent.scope).where(
                Consent.case_id == case_id, Consent.withdrawn_at.is_(None)
            )
        ).tuples()
    )


def _by_person(
    given: Iterable[tuple[int, ConsentScope]],
) -> dict[int, frozenset[ConsentScope]]:
    scopes: dict[int, set[ConsentScope]] = defaultdict(set)
    for person_id, scope in given:
        scopes[person_id].add(scope)
    return {person_id: frozenset(found) for person_id, found in scopes.items()}
