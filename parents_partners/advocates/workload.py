"""What the work of a unit amounts to: figures, and the rows behind each of them. Both come from
the same rows, so that a number on the page is the length of its list. Needs no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from parents_partners.advocates.lifecycle import CARRIED
from parents_partners.advocates.types import AssignmentState
from parents_partners.core.local_time import local_day
from parents_partners.core.types import Labelled


class Period(Labelled):
    THIS_MONTH = "this_month", "This month"
    LAST_MONTH = "last_month", "Last month"
    LAST_90_DAYS = "last_90_days", "Last 90 days"

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last local day, both included (pitfall 10)."""
        first_of_month = today.replace(day=1)
        if self is Period.THIS_MONTH:
            return first_of_month, today
        if self is Period.LAST_MONTH:
            last = first_of_month - timedelta(days=1)
            return last.replace(day=1), last
        return today - timedelta(days=89), today


class Figure(Labelled):
    """A number of the page, and the name of the list that it opens."""

    FAMILIES = "families", "Families supported"
    OFFERS = "offers", "Offers not answered yet"
    CONTACTS = "contacts", "Days since the last contact"
    SILENT = "silent", "Families without contact for too long"
    ON_TIME = "on_time", "First contacts on time"
    LATE = "late", "First contacts late"
    DUE = "due", "First contacts still due"
    TASKS = "tasks", "Tasks overdue"


FIRST_CONTACTS = (Figure.ON_TIME, Figure.LATE, Figure.DUE)


@dataclass(frozen=True)
class Rules:
    """The programme's settings and the days that are looked at."""

    first_contact_days: int
    no_contact_days: int
    first: date
    last: date
    today: date
    zone: ZoneInfo


@dataclass(frozen=True)
class Work:
    """One stint, credited to whose it was (pitfall 4). `contact_at`: the last contact that was
    made in it."""

    stint_id: int
    specialist_id: int
    specialist: str
    case_id: int
    family_id: str
    family: str
    state: AssignmentState
    offered_at: datetime
    answer_by: datetime
    accepted_at: datetime | None
    first_contact_at: datetime | None
    ended_at: datetime | None
    contact_at: datetime | None

    @property
    def last_contact_at(self) -> datetime | None:
        return self.contact_at or self.first_contact_at


@dataclass(frozen=True)
class WorkRow:
    """A line of a list: the stint, with what the rules say of it."""

    work: Work
    due_on: date | None
    days_without_contact: int | None


@dataclass(frozen=True)
class OverdueTask:
    task_id: int
    specialist_id: int
    specialist: str
    family_id: str
    family: str
    what: str
    due_on: date


@dataclass(frozen=True)
class Figures:
    """`longest` is the most days since a last contact; None where there is none to count from."""

    counts: Mapping[Figure, int]
    longest: int | None

    def __getitem__(self, figure: Figure) -> int:
        return self.counts[figure]


def figures_of(works: Sequence[Work], tasks: Sequence[OverdueTask], rules: Rules) -> Figures:
    counts = {figure: len(rows_behind(figure, works, rules)) for figure in Figure}
    silences = [row.days_without_contact or 0 for row in rows_behind(Figure.CONTACTS, works, rules)]
    return Figures(counts | {Figure.TASKS: len(tasks)}, max(silences, default=None))


def rows_behind(figure: Figure, works: Iterable[Work], rules: Rules) -> list[WorkRow]:
    """What a figure counts. Families stand once a specialist, be it in two stints; a list about
    contacts begins with the longest silence, any other goes by name."""
    rows = [_row(work, rules) for work in works if _belongs(figure, work, rules)]
    if figure in (Figure.CONTACTS, Figure.SILENT):
        rows.sort(key=lambda row: (-(row.days_without_contact or 0), *_by_name(row)))
    else:
        rows.sort(key=_by_name)
    if figure in (Figure.FAMILIES, Figure.CONTACTS, Figure.SILENT):
        return _once_a_family(rows)
    return rows


def _once_a_family(rows: Iterable[WorkRow]) -> list[WorkRow]:
    """The first row of each specialist and family."""
    first: dict[tuple[int, int], WorkRow] = {}
    for row in rows:
        first.setdefault((row.work.specialist_id, row.work.case_id), row)
    return list(first.values())


def _belongs(figure: Figure, work: Work, rules: Rules) -> bool:
    if figure is Figure.FAMILIES:
        return work.state in CARRIED
    if figure is Figure.OFFERS:
        return work.state is AssignmentState.OFFERED
    if figure is Figure.CONTACTS:
        return _days_without_contact(work, rules) is not None
    if figure is Figure.SILENT:
        days = _days_without_contact(work, rules)
        return days is not None and days >= rules.no_contact_days
    return _first_contact(work, rules) is figure


def _days_without_contact(work: Work, rules: Rules) -> int | None:
    """Of a family in contact. Before a first contact there is nothing to count from: it is due."""
    if work.state is not AssignmentState.IN_CONTACT or work.last_contact_at is None:
        return None
    return (rules.today - local_day(work.last_contact_at, rules.zone)).days


def _first_contact(work: Work, rules: Rules) -> Figure | None:
    """How it stands with the first contact of a stint that was accepted in the period. One that
    ended in time without a contact counts for nothing."""
    due_on = _due_on(work, rules)
    if work.accepted_at is None or due_on is None:
        return None
    if not rules.first <= local_day(work.accepted_at, rules.zone) <= rules.last:
        return None
    made_at, over_at = work.first_contact_at, work.ended_at
    if made_at is not None:
        return Figure.ON_TIME if local_day(made_at, rules.zone) <= due_on else Figure.LATE
    if over_at is not None:
        return Figure.LATE if local_day(over_at, rules.zone) > due_on else None
    return Figure.DUE if rules.today <= due_on else Figure.LATE


def _due_on(work: Work, rules: Rules) -> date | None:
    if work.accepted_at is None:
        return None
    accepted_on = local_day(work.accepted_at, rules.zone)
    return accepted_on + timedelta(days=rules.first_contact_days)


def _row(work: Work, rules: Rules) -> WorkRow:
    return WorkRow(work, _due_on(work, rules), _days_without_contact(work, rules))


def _by_name(row: WorkRow) -> tuple[str, str, int]:
    return row.work.family.casefold(), row.work.specialist.casefold(), row.work.stint_id
