"""The families that a supervisor answers for, one line a family."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import Activity, Assignment, Waiting
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Case
from parents_partners.cases.policies import visible_to
from parents_partners.cases.types import Borough
from parents_partners.core.db import db, rows
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key


@dataclass(frozen=True)
class OpenStint:
    specialist: str
    state: AssignmentState


@dataclass(frozen=True, kw_only=True)
class FamilyHead:
    """`waits`: a parent has no specialist."""

    id: int
    public_id: str
    name: str
    number: str | None
    borough: Borough | None
    stints: tuple[OpenStint, ...]
    waits: bool


@dataclass(frozen=True, kw_only=True)
class FamilyRow(FamilyHead):
    """`contact_at`: the last contact that was made."""

    contact_at: datetime | None


def families_of(
    viewer: Actor, *, after: str | None = None, size: int = PAGE_SIZE
) -> Page[FamilyRow]:
    """Those of the viewer's unit and those that nobody has, in the order of their names."""
    sorted_as = func.lower(Case.name)
    query = select(Case.id).where(visible_to(viewer)).order_by(sorted_as, Case.id).limit(size + 1)
    match read_key(after):
        case (int() as row_id,):
            # The name is looked up: in an address it would be told to whoever sees the address.
            last = aliased(Case)
            name = select(func.lower(last.name)).where(last.id == row_id).scalar_subquery()
            query = query.where(tuple_(sorted_as, Case.id) > tuple_(name, literal(row_id)))
    ids = db.session.scalars(query).all()
    contacts = _last_contacts(ids)
    found = [FamilyRow(**vars(head), contact_at=contacts.get(head.id)) for head in heads_of(ids)]
    return page_of(found, lambda row: (row.id,), size)


def heads_of(case_ids: Sequence[int]) -> list[FamilyHead]:
    """A line each, in the order given. The caller says who may see them."""
    ids = {"ids": list(case_ids)}
    stints: defaultdict[int, list[OpenStint]] = defaultdict(list)
    for case_id, specialist, state in rows(_open_stints(), ids):
        stints[case_id].append(OpenStint(specialist, state))
    cases = {row.id: row for row in rows(_cases(), ids)}
    return [
        FamilyHead(
            id=case_id,
            public_id=cases[case_id].public_id,
            name=cases[case_id].name,
            number=cases[case_id].number,
            borough=cases[case_id].borough,
            stints=tuple(stints[case_id]),
            waits=cases[case_id].waits,
        )
        for case_id in case_ids
    ]


@cache
def _open_stints() -> Select[*tuple[Any, ...]]:
    return (
        select(Assignment.case_id, User.name, Assignment.state)
        .join(User, User.id == Assignment.specialist_id)
        .where(Assignment.case_id.in_(bindparam("ids", expanding=True)), Assignment.state.in_(OPEN))
        .order_by(Assignment.offered_at, Assignment.id)
    )


@cache
def _cases() -> Select[*tuple[Any, ...]]:
    waiting = select(Waiting.id).where(Waiting.case_id == Case.id, Waiting.ended_at.is_(None))
    return select(
        Case.id,
        Case.public_id,
        Case.name,
        Case.number,
        Case.borough,
        waiting.exists().label("waits"),
    ).where(Case.id.in_(bindparam("ids", expanding=True)))


def _last_contacts(case_ids: Collection[int]) -> dict[int, datetime]:
    return dict(
        db.session.execute(
            select(Activity.case_id, func.max(Activity.happened_at))
            .where(Activity.case_id.in_(case_ids), Activity.made)
            .group_by(Activity.case_id)
        )
        .tuples()
        .all()
    )
