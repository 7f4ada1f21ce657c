from collections.abc import Sequence

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Select, case, func, select, tuple_
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import Organisation, User
from parents_partners.accounts.types import OrganisationKind, OrganisationName, OrganisationRow
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.text import fold

LIKELY = 80
"""Of 100: how alike two folded names are, letter by letter, that may mean the same organisation.
Two agencies that are both somebody's "family services" stay below. Offices of one name in two
boroughs do not: a proposal is never more than that."""

SHORTENED = 95
"""For a name with words left out or cut short: `Harborview Fam.`, however few letters remain."""

MOST_PROPOSED = 3
MOST_LINKABLE = 2000


def organisations(*, after: str | None = None, size: int = PAGE_SIZE) -> Page[OrganisationRow]:
    """All but linked spellings: those not sorted yet first, then by name. The counts of people
    are of all who have or had an account."""
    unsorted_first: ColumnElement[int] = case(
        (Organisation.kind == OrganisationKind.UNKNOWN, 0), else_=1
    )
    place = (unsorted_first, Organisation.name, Organisation.id)
    chosen = (
        select(Organisation, unsorted_first)
        .where(Organisation.same_as_id.is_(None))
        .order_by(*place)
        .limit(size + 1)
    )
    match read_key(after):
        case (int() as rank, str() as name, int() as row_id):
            chosen = chosen.where(tuple_(*place) > tuple_(rank, name, row_id))
    page = page_of(
        db.session.execute(chosen).tuples().all(),
        lambda row: (row[1], row[0].name, row[0].id),
        size,
    )
    return Page(_rows([row[0] for row in page.rows]), page.next_key)


def organisation_for(public_id: str) -> Organisation:
    """Raises Absent for an id that no organisation has."""
    found = db.session.scalar(select(Organisation).where(Organisation.public_id == public_id))
    if found is None:
        raise Absent
    return found


def organisation_row(organisation: Organisation) -> OrganisationRow:
    """With its counts."""
    return _rows([organisation])[0]


def spelling_names(organisation: Organisation) -> list[OrganisationName]:
    """The spellings that are linked to this one."""
    return _names(Organisation.same_as_id == organisation.id)


def linkable() -> list[OrganisationName]:
    """Those that can be meant by a spelling, or have people: everything that is no spelling."""
    return _names(Organisation.same_as_id.is_(None))


def proposals_for(organisation: Organisation) -> list[OrganisationName]:
    """Which organisations this may be a spelling of, the likeliest first."""
    return _proposals(organisation, _sorted_ones())


def _proposals(
    organisation: Organisation, choices: Sequence[OrganisationName]
) -> list[OrganisationName]:
    scored = sorted(
        (
            (-_likeness(organisation.name_key, fold(choice.name)), choice.name, choice)
            for choice in choices
            if choice.public_id != organisation.public_id
        ),
        key=lambda one: one[:2],
    )
    return [choice for score, _name, choice in scored[:MOST_PROPOSED] if -score >= LIKELY]


def _likeness(one: str, other: str) -> float:
    short, long = sorted((one.split(), other.split()), key=len)
    is_shortened = long[0].startswith(short[0]) and all(
        any(word.startswith(part) for word in long) for part in short
    )
    return SHORTENED if is_shortened else fuzz.token_sort_ratio(one, other)


def _sorted_ones() -> list[OrganisationName]:
    return _names(Organisation.same_as_id.is_(None), Organisation.kind != OrganisationKind.UNKNOWN)


def _names(*conditions: ColumnElement[bool]) -> list[OrganisationName]:
    return [
        OrganisationName(*row)
        for row in db.session.execute(
            select(Organisation.public_id, Organisation.name, Organisation.kind)
            .where(*conditions)
            .order_by(Organisation.name, Organisation.id)
            .limit(MOST_LINKABLE)
        )
    ]


def _rows(found: Sequence[Organisation]) -> list[OrganisationRow]:
    ids = [one.id for one in found]
    people = _counts(
        select(User.organisation_id, func.count())
        .where(User.organisation_id.in_(ids))
        .group_by(User.organisation_id)
    )
    spellings = _counts(
        select(Organisation.same_as_id, func.count())
        .where(Organisation.same_as_id.in_(ids))
        .group_by(Organisation.same_as_id)
    )
    named = aliased(Organisation)
    meant = func.coalesce(named.same_as_id, named.id)
    sent = _counts(
        select(meant, func.count()).join(named.referrals).where(meant.in_(ids)).group_by(meant)
    )
    choices = _sorted_ones()
    return [
        OrganisationRow(
            id=one.id,
            public_id=one.public_id,
            name=one.name,
            kind=one.kind,
            people=people.get(one.id, 0),
            spellings=spellings.get(one.id, 0),
            referrals=sent.get(one.id, 0),
            likely=next(iter(_proposals(one, choices)), None)
            if one.kind is OrganisationKind.UNKNOWN
            else None,
        )
        for one in found
    ]


def _counts(query: Select[int | None, int]) -> dict[int | None, int]:
    return dict(db.session.execute(query).tuples().all())
