"""What an auditor saves of the log."""

from collections.abc import Iterator

from parents_partners.audit import queries
from parents_partners.audit.exports import Export
from parents_partners.audit.queries import EventRow
from parents_partners.audit.sentences import sentence
from parents_partners.audit.types import LogQuestion
from parents_partners.core.clock import programme_zone
from parents_partners.core.paging import every_row
from parents_partners.core.spreadsheets import Sheet

EVENTS = Export(
    name="audit-log",
    title="Save the audit log as a file",
    list_page="audit.events",
    heads=(
        "Number",
        "When, local time",
        "What happened",
        "Event",
        "Who",
        "Role",
        "About",
        "Number of it",
        "Case",
        "Page",
        "Rows",
    ),
    asks_why=False,
)


def events_sheet(question: LogQuestion, *, actor_id: int | None) -> Sheet:
    """Every event that the question asks for, newest first."""
    zone = programme_zone()
    return Sheet(
        EVENTS.heads,
        (
            (
                row.id,
                row.at.astimezone(zone).replace(tzinfo=None),
                sentence(row.event, actor_name=row.actor_name or "The system", detail=row.detail),
                row.event.value,
                row.actor_name,
                row.actor_role,
                row.subject,
                row.subject_id,
                row.case_id,
                row.page,
                row.rows,
            )
            for row in _rows(question, actor_id)
        ),
    )


def _rows(question: LogQuestion, actor_id: int | None) -> Iterator[EventRow]:
    try:
        yield from every_row(lambda after: queries.events(question, actor_id=actor_id, after=after))
    except queries.NothingSuch:
        return
