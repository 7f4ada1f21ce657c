"""The families that a supervisor answers for, one line a family."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import Activity, Assignment, Waiting
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Case
from parents_partners.cases.policies import visible_to
from parents_partners.cases.types import Borough
from parents_partners.core.db import db
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key


@dataclass(frozen=True)
class OpenStint:
    specialist: str
    state: AssignmentState


@dataclass(frozen=True)
class FamilyRow:
    """`waits`: a parent has no specialist. `contact_at`: the last contact that was made."""

    id: int
    public_id: str
    name: str
    number: str | None
    borough: Borough | None
    stints: tuple[OpenStint, ...]
    waits: bool
    contact_at: datetime | None


def families_of(
    viewer: Actor, *, after: str | None = None, size: int = PAGE_SIZE
) -> Page[FamilyRow]:
    """Those of the viewer's unit and those that nobody has, in the order of their names."""
    sorted_as = func.lower(Case.name)
    query = select(Case).where(visible_to(viewer)).order_by(sorted_as, Case.id).limit(size + 1)
    match read_key(after):
        case (int() as row_id,):
            # The name is looked up: in an address it would be told to whoever sees the address.
            last = aliased(Case)
            name = select(func.lower(last.name)).where(last.id == row_id).scalar_subquery()
            query = query.where(tuple_(sorted_as, Case.id) > tuple_(name, literal(row_id)))
    return page_of(rows_of(db.session.scalars(query).all()), lambda row: (row.id,), size)


def rows_of(found: Sequence[Case]) -> list[FamilyRow]:
    """A line each, in the order given. The caller says who may see them."""
    ids = [case.id for case in found]
    stints = _open_stints(ids)
    waiting = _waiting(ids)
    contacts = _last_contacts(ids)
    return [
        FamilyRow(
            id=case.id,
            public_id=case.public_id,
            name=case.name,
            number=case.number,
            borough=case.borough,
            stints=tuple(stints[case.id]),
            waits=case.id in waiting,
            contact_at=contacts.get(case.id),
        )
        for case in found
    ]


def _open_stints(case_ids: Collection[int]) -> defaultdict[int, list[OpenStint]]:
    stints: defaultdict[int, list[OpenStint]] = defaultdict(list)
    for case_id, specialist, state in db.session.execute(
        select(Assignment.case_id, User.name, Assignment.state)
        .join(User, User.id == Assignment.specialist_id)
        .where(Assignment.case_id.in_(case_ids), Assignment.state.in_(OPEN))
        .order_by(Assignment.offered_at, Assignment.id)
    ).tuples():
        stints[case_id].append(OpenStint(specialist, state))
    return stints


def _waiting(case_ids: Collection[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(Waiting.case_id).where(Waiting.case_id.in_(case_ids), Waiting.ended_at.is_(None))
        )
    )


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
