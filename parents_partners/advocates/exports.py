"""What specialists and supervisors save of their lists."""

from collections.abc import Mapping
from datetime import date, datetime

from parents_partners.accounts.types import Actor
from parents_partners.advocates.queries.caseload import CaseloadRow, caseload_of
from parents_partners.advocates.queries.families import families_of
from parents_partners.audit.exports import Export
from parents_partners.core.clock import programme_zone
from parents_partners.core.local_time import local_day
from parents_partners.core.paging import every_row
from parents_partners.core.reference import labels_of_lists
from parents_partners.core.spreadsheets import Sheet

CASELOAD = Export(
    name="caseload",
    title="Save your caseload as a file",
    list_page="advocates.caseload",
    heads=(
        "Family",
        "Parents",
        "Languages",
        "State",
        "Last contact on",
        "Last attempt on",
        "Next date",
        "Next date, local time",
    ),
)
FAMILIES = Export(
    name="families",
    title="Save the families as a file",
    list_page="advocates.families",
    heads=("Family", "Case number", "Borough", "Family Specialists", "Waits", "Last contact on"),
)


def caseload_sheet(viewer: Actor, *, now: datetime) -> Sheet:
    """The families that the viewer carries. No phone numbers: what a parent asked us to mind when
    we call would not be beside them for long."""
    labels = labels_of_lists("conference_kind", "language")
    return Sheet(
        CASELOAD.heads,
        (
            (
                row.family,
                ", ".join(parent.name for parent in row.parents),
                ", ".join(labels["language"].get(code, code) for code in row.languages),
                row.state.label,
                _day(row.made_at),
                _day(row.attempted_at),
                *_next_date(row, labels["conference_kind"]),
            )
            for row in every_row(lambda after: caseload_of(viewer, now=now, after=after))
        ),
    )


def families_sheet(viewer: Actor) -> Sheet:
    """The families that the supervisor answers for."""
    return Sheet(
        FAMILIES.heads,
        (
            (
                row.name,
                row.number,
                row.borough.label if row.borough else None,
                ", ".join(f"{stint.specialist} ({stint.state.label})" for stint in row.stints),
                "Yes" if row.waits else "No",
                _day(row.contact_at),
            )
            for row in every_row(lambda after: families_of(viewer, after=after))
        ),
    )


def _day(instant: datetime | None) -> date | None:
    return local_day(instant, programme_zone()) if instant else None


def _next_date(row: CaseloadRow, kinds: Mapping[str, str]) -> tuple[str | None, datetime | None]:
    if row.conference_kind is None or row.conference_at is None:
        return None, None
    local = row.conference_at.astimezone(programme_zone()).replace(tzinfo=None)
    return kinds.get(row.conference_kind, row.conference_kind), local
