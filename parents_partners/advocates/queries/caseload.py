"""The families that a Family Specialist carries, one line a family."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, not_, select, tuple_
from sqlalchemy.orm import aliased

from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.lifecycle import CARRIED
from parents_partners.advocates.models import Assignment
from parents_partners.advocates.queries.stints import (
    NO_CONTACTS,
    Contacts,
    drafted_cases,
    last_contacts,
    parents_of_stints,
)
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Case
from parents_partners.cases.policies import in_conflict
from parents_partners.cases.queries import ConferenceRow, ParentRow, next_conferences
from parents_partners.core.db import db
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key


@dataclass(frozen=True)
class CaseloadRow:
    """One stint: a family stands twice if two of its parents are supported apart. `drafted`: an
    entry about the family was begun and not logged."""

    id: int
    family_id: str
    family: str
    parents: tuple[ParentRow, ...]
    state: AssignmentState
    contacts: Contacts
    next_conference: ConferenceRow | None
    drafted: bool

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes, each once, in the parents' order."""
        return tuple(dict.fromkeys(row.language for row in self.parents if row.language))

    @property
    def needs_care(self) -> bool:
        return any(parent.needs_care for parent in self.parents)


def caseload_of(
    viewer: Actor, *, now: datetime, after: str | None = None, size: int = PAGE_SIZE
) -> Page[CaseloadRow]:
    """In the order of the families' names."""
    values: dict[str, Any] = {**said_of(viewer), "rows": size + 1}
    match read_key(after):
        case (int() as row_id,):
            values["last"] = row_id
    found = db.session.execute(_carried(viewer.role, "last" in values), values).all()
    ids = [row.id for row in found]
    parents = parents_of_stints(ids)
    contacts = last_contacts(ids)
    case_ids = [row.case_id for row in found]
    conferences = next_conferences(case_ids, now)
    drafted = drafted_cases(viewer, case_ids)
    rows = [
        CaseloadRow(
            id=row.id,
            family_id=row.public_id,
            family=row.name,
            parents=parents.get(row.id, ()),
            state=row.state,
            contacts=contacts.get(row.id, NO_CONTACTS),
            next_conference=conferences.get(row.case_id),
            drafted=row.case_id in drafted,
        )
        for row in found
    ]
    return page_of(rows, lambda row: (row.id,), size)


@cache
def _carried(role: Role | None, goes_on: bool) -> Select[*tuple[Any, ...]]:
    """Built once: building it costs more than its answer. With `goes_on` what stands below the
    stint `last`."""
    viewer = stand_in(role)
    sorted_as = func.lower(Case.name)
    query: Select[*tuple[Any, ...]] = (
        select(Assignment.id, Assignment.case_id, Assignment.state, Case.public_id, Case.name)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.specialist_id == viewer.id,
            Assignment.state.in_(CARRIED),
            not_(in_conflict(viewer)),
        )
        .order_by(sorted_as, Assignment.id)
        .limit(bindparam("rows", type_=Integer))
    )
    if goes_on:
        # The name is looked up: in an address it would be told to whoever sees the address.
        last, family, last_id = aliased(Assignment), aliased(Case), bindparam("last", type_=Integer)
        name = (
            select(func.lower(family.name))
            .join(last, last.case_id == family.id)
            .where(last.id == last_id, last.specialist_id == viewer.id)
            .scalar_subquery()
        )
        query = query.where(tuple_(sorted_as, Assignment.id) > tuple_(name, last_id))
    return query
