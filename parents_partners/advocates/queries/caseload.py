"""The families that a Family Specialist carries, one line a family."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, not_, select, tuple_
from sqlalchemy.orm import aliased

from parents_partners.accounts.types import Actor
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
    sorted_as = func.lower(Case.name)
    query = (
        select(Assignment, Case)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.specialist_id == viewer.id,
            Assignment.state.in_(CARRIED),
            not_(in_conflict(viewer)),
        )
        .order_by(sorted_as, Assignment.id)
        .limit(size + 1)
    )
    match read_key(after):
        case (int() as row_id,):
            # The name is looked up: in an address it would be told to whoever sees the address.
            last, family = aliased(Assignment), aliased(Case)
            name = (
                select(func.lower(family.name))
                .join(last, last.case_id == family.id)
                .where(last.id == row_id, last.specialist_id == viewer.id)
                .scalar_subquery()
            )
            query = query.where(tuple_(sorted_as, Assignment.id) > tuple_(name, literal(row_id)))
    found = list(db.session.execute(query).tuples())
    ids = [assignment.id for assignment, _ in found]
    parents = parents_of_stints(ids)
    contacts = last_contacts(ids)
    case_ids = [case.id for _, case in found]
    conferences = next_conferences(case_ids, now)
    drafted = drafted_cases(viewer, case_ids)
    rows = [
        CaseloadRow(
            id=assignment.id,
            family_id=case.public_id,
            family=case.name,
            parents=parents.get(assignment.id, ()),
            state=assignment.state,
            contacts=contacts.get(assignment.id, NO_CONTACTS),
            next_conference=conferences.get(case.id),
            drafted=case.id in drafted,
        )
        for assignment, case in found
    ]
    return page_of(rows, lambda row: (row.id,), size)
