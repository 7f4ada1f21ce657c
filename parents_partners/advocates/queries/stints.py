"""Single stints, for somebody who may see them, and what lists say about many at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, not_, select
from sqlalchemy import case as sql_case

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.advocates.lifecycle import CARRIED
from parents_partners.advocates.models import (
    Activity,
    ActivityDraft,
    AssignedParent,
    Assignment,
    Waiting,
)
from parents_partners.advocates.policies import visible_to
from parents_partners.cases.models import Case, Membership, Person
from parents_partners.cases.policies import in_conflict
from parents_partners.cases.policies import visible_to as family_visible_to
from parents_partners.cases.queries import PARENT, ParentRow, consents_in_force, parent_row
from parents_partners.cases.types import MembershipRole, allows_contact
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.sql import is_one_of, so_many
from parents_partners.core.words import age_on, count_words, joined_words


@dataclass(frozen=True)
class Contacts:
    """The last contact of a stint that was made, and the last attempt that reached nobody."""

    made_at: datetime | None
    attempted_at: datetime | None


NO_CONTACTS = Contacts(None, None)


def offer_for(viewer: Actor, public_id: str) -> Assignment:
    """The specialist's own offer, whatever became of it. Raises Absent."""
    assignment = db.session.scalar(
        select(Assignment)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.public_id == public_id,
            Assignment.specialist_id == viewer.id,
            not_(in_conflict(viewer)),
        )
    )
    if assignment is None:
        raise Absent
    return assignment


def support_for(viewer: Actor, public_id: str) -> Assignment:
    """The stint with this id: the specialist's own, or of the supervisor's unit, of a family that
    the viewer may see. Raises Absent."""
    assignment = db.session.scalar(
        select(Assignment)
        .join(Case, Case.id == Assignment.case_id)
        .where(Assignment.public_id == public_id, visible_to(viewer), family_visible_to(viewer))
    )
    if assignment is None:
        raise Absent
    return assignment


def own_stint(viewer: Actor, case: Case) -> Assignment:
    """The stint in which this specialist carries the family, the latest first. Raises Absent."""
    assignment = db.session.scalar(_own(), {"case": case.id, "specialist": viewer.id})
    if assignment is None:
        raise Absent
    return assignment


@cache
def _own() -> Select[Assignment]:
    """Asked whenever something is written down, so built once."""
    return (
        select(Assignment)
        .where(
            Assignment.case_id == bindparam("case", type_=Integer),
            Assignment.specialist_id == bindparam("specialist", type_=Integer),
            is_one_of(Assignment.state, CARRIED),
        )
        .order_by(Assignment.accepted_at.desc())
        .limit(so_many(1))
    )


def parents_without_support(case: Case) -> list[Person]:
    """Parents whose support can begin again: they allow contact, have no specialist and no offer,
    and do not wait for one."""
    given = consents_in_force(case.id)
    supported = select(AssignedParent.person_id).where(
        AssignedParent.case_id == case.id, AssignedParent.released_at.is_(None)
    )
    waiting = select(Waiting.person_id).where(
        Waiting.case_id == case.id, Waiting.ended_at.is_(None)
    )
    parents = db.session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.case_id == case.id,
            Membership.role == MembershipRole.PARENT,
            Person.id.not_in(supported.union(waiting)),
        )
        .order_by(Membership.id)
    )
    return [person for person in parents if allows_contact(given.get(person.id, frozenset()))]


def parents_of_stints(assignment_ids: Collection[int]) -> dict[int, tuple[ParentRow, ...]]:
    """The parents whom each stint is for now."""
    found = defaultdict(list)
    for row in db.session.execute(_parents(), {"assignments": list(assignment_ids)}):
        found[row.assignment_id].append(parent_row(row, row.relationship_to_child))
    return {assignment_id: tuple(rows) for assignment_id, rows in found.items()}


@cache
def _parents() -> Select[*tuple[Any, ...]]:
    """Built once, like those below."""
    return (
        select(
            AssignedParent.assignment_id,
            Membership.relationship_to_child,
            *PARENT,
        )
        .join(Person, Person.id == AssignedParent.person_id)
        .outerjoin(
            Membership,
            (Membership.person_id == Person.id) & (Membership.case_id == AssignedParent.case_id),
        )
        .where(
            AssignedParent.assignment_id.in_(bindparam("assignments", expanding=True)),
            AssignedParent.released_at.is_(None),
        )
        .order_by(AssignedParent.assignment_id, Person.id)
    )


def children_in_words(case_ids: Collection[int], *, today: date) -> dict[int, str]:
    """`2 children: 3 and 7 years`, by the case's id. No names: an offer does not open them."""
    ages = defaultdict(list)
    for case_id, born in db.session.execute(
        select(Membership.case_id, Person.date_of_birth)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.case_id.in_(case_ids), Membership.role == MembershipRole.CHILD)
    ).tuples():
        ages[case_id].append(age_on(today, born) if born else None)
    return {case_id: ages_in_words(found) for case_id, found in ages.items()}


def drafted_cases(viewer: Actor, case_ids: Collection[int]) -> frozenset[int]:
    """Those of these cases for which this specialist began an entry and has not logged it."""
    return frozenset(
        db.session.scalars(_drafted(), {"specialist": viewer.id, "cases": list(case_ids)})
    )


def author_of_draft(assignment: Assignment) -> str | None:
    """The specialist of this stint, if they began an entry and have not logged it."""
    return db.session.scalar(
        select(User.name)
        .join(ActivityDraft, ActivityDraft.specialist_id == User.id)
        .where(
            ActivityDraft.specialist_id == assignment.specialist_id,
            ActivityDraft.case_id == assignment.case_id,
        )
    )


def last_contacts(assignment_ids: Collection[int]) -> dict[int, Contacts]:
    """When each stint last reached somebody, and last tried in vain."""
    values = {"assignments": list(assignment_ids)}
    return {
        assignment_id: Contacts(made_at, attempted_at)
        for assignment_id, made_at, attempted_at in db.session.execute(
            _last_contacts(), values
        ).tuples()
    }


# Built once: building them costs more than their answers.


@cache
def _last_contacts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Activity.assignment_id,
            func.max(sql_case((Activity.made, Activity.happened_at))),
            func.max(sql_case((not_(Activity.made), Activity.happened_at))),
        )
        .where(Activity.assignment_id.in_(bindparam("assignments", expanding=True)))
        .group_by(Activity.assignment_id)
    )


@cache
def _drafted() -> Select[int]:
    return select(ActivityDraft.case_id).where(
        ActivityDraft.specialist_id == bindparam("specialist", type_=Integer),
        ActivityDraft.case_id.in_(bindparam("cases", expanding=True)),
    )


def ages_in_words(ages: list[int | None]) -> str:
    """`3 children: under 1, 3 and 7 years`; None is an age that nobody knows."""
    known = sorted(age for age in ages if age is not None)
    numbers = [str(age) if age else "under 1" for age in known]
    words = [f"{joined_words(numbers)} {'year' if max(known) <= 1 else 'years'}"] if known else []
    if unknown := len(ages) - len(known):
        words.append("age not known" if not known else f"{unknown} of unknown age")
    return f"{count_words(len(ages), 'child', 'children')}: {', '.join(words)}"
