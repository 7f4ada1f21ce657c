"""The families that a Family Specialist carries, one line a family."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    bindparam,
    exists,
    func,
    not_,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, ViewerKind
from parents_partners.advocates.lifecycle import CARRIED
from parents_partners.advocates.models import (
    Activity,
    ActivityDraft,
    AssignedParent,
    Assignment,
)
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Case, Conference, Person
from parents_partners.cases.policies import in_conflict
from parents_partners.cases.queries import NEEDS_CARE
from parents_partners.cases.types import ConferenceState
from parents_partners.core.db import Instant, rows
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.sql import is_one_of, written_out


class SupportedParent(NamedTuple):
    """A parent in a line. `language` is a code; `needs_care`: they asked us to mind something when
    we contact them."""

    name: str
    language: str | None
    needs_care: bool


class CaseloadRow(NamedTuple):
    """One stint: a family stands twice if two of its parents are supported apart. `made_at`: the
    last contact that was made, `attempted_at` the last attempt that reached nobody; the next
    conference by its code and its beginning. `drafted`: an entry about the family was begun and
    not logged."""

    id: int
    family_id: str
    family: str
    parents: Sequence[SupportedParent]
    state: AssignmentState
    made_at: datetime | None
    attempted_at: datetime | None
    conference_kind: str | None
    conference_at: datetime | None
    drafted: bool

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes, each once, in the parents' order."""
        return tuple(dict.fromkeys(one.language for one in self.parents if one.language))

    @property
    def needs_care(self) -> bool:
        return any(parent.needs_care for parent in self.parents)


def caseload_of(
    viewer: Actor, *, now: datetime, after: str | None = None, size: int = PAGE_SIZE
) -> Page[CaseloadRow]:
    """In the order of the families' names. Two statements, however many there are."""
    values: dict[str, Any] = {**said_of(viewer), "now": now, "rows": size + 1}
    match read_key(after):
        case (int() as row_id,):
            values["last"] = row_id
    found = rows(_carried(viewer.kind, "last" in values), values)
    parents = _parents_of([row.id for row in found])
    lines = [
        CaseloadRow(
            id=row.id,
            family_id=row.public_id,
            family=row.name,
            parents=parents[row.id],
            state=row.state,
            made_at=row.made_at,
            attempted_at=row.attempted_at,
            conference_kind=row.conference_kind,
            conference_at=row.conference_at,
            drafted=bool(row.drafted),
        )
        for row in found
    ]
    return page_of(lines, lambda row: (row.id,), size)


@cache
def _carried(kind: ViewerKind, goes_on: bool) -> Select[*tuple[Any, ...]]:
    """Built once: building it costs more than its answer. With `goes_on` what stands below the
    stint `last`."""
    viewer = stand_in(kind)
    sorted_as = func.lower(Case.name)
    drafted = exists().where(
        ActivityDraft.specialist_id == viewer.id, ActivityDraft.case_id == Case.id
    )
    query: Select[*tuple[Any, ...]] = (
        select(
            Assignment.id,
            Assignment.state,
            Case.public_id,
            Case.name,
            _last_contact(Activity.made.is_(True)).label("made_at"),
            _last_contact(Activity.made.is_(False)).label("attempted_at"),
            _next_conference(Conference.kind).label("conference_kind"),
            _next_conference(Conference.starts_at).label("conference_at"),
            drafted.label("drafted"),
        )
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.specialist_id == viewer.id,
            is_one_of(Assignment.state, CARRIED),
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


def _last_contact(which: ColumnElement[bool]) -> ScalarSelect[datetime]:
    return (
        select(func.max(Activity.happened_at, type_=Instant()))
        .where(Activity.assignment_id == Assignment.id, which)
        .correlate(Assignment)
        .scalar_subquery()
    )


def _next_conference(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """Whatever is scheduled next, a court date too: the specialist has to be there."""
    return (
        select(column)
        .where(
            Conference.case_id == Case.id,
            Conference.state == written_out(ConferenceState.SCHEDULED),
            Conference.starts_at >= bindparam("now", type_=Instant()),
        )
        .order_by(Conference.starts_at, Conference.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def _parents_of(stints: Sequence[int]) -> defaultdict[int, list[SupportedParent]]:
    """Whom each stint is for now, in the order in which the programme came to know them."""
    parents: defaultdict[int, list[SupportedParent]] = defaultdict(list)
    for stint, *parent in rows(_parents(), {"stints": list(stints)}):
        parents[stint].append(SupportedParent(*parent))
    return parents


@cache
def _parents() -> Select[*tuple[Any, ...]]:
    """Built once, too."""
    return (
        select(
            AssignedParent.assignment_id,
            Person.first_name + " " + Person.last_name,
            Person.preferred_language,
            NEEDS_CARE,
        )
        .join(Person, Person.id == AssignedParent.person_id)
        .where(
            AssignedParent.assignment_id.in_(bindparam("stints", expanding=True)),
            AssignedParent.released_at.is_(None),
        )
        .order_by(AssignedParent.assignment_id, Person.id)
    )
