"""The queue of what waits for a supervisor, in the order in which it should not wait (REF-06)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    select,
    tuple_,
    union_all,
)

from parents_partners.accounts.models import Organisation
from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, ViewerKind
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.queries.queue_rows import (
    Meant,
    QueueRow,
    lines_in_full,
    next_conference,
    rows_of,
)
from parents_partners.advocates.types import QueueFilter, QueueKind, QueueState, WaitsFor
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Conference, Person, Placement
from parents_partners.core.db import Instant, rows
from parents_partners.core.paging import Page, page_of, read_key
from parents_partners.core.reference import setting_days
from parents_partners.core.sql import is_one_of, moved, so_many, written_out
from parents_partners.referrals import policies as referrals
from parents_partners.referrals.deadlines import Routing, routing
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import Referral, ReferralConference
from parents_partners.referrals.types import ReferralState


def triage_queue(
    viewer: Actor, wanted: QueueFilter, *, now: datetime, after: str | None = None
) -> Page[QueueRow]:
    """What awaits a decision and who has no specialist. First what presses: a conference within
    `near_conference_days`, or an early case; then the rest, however long it has waited, so that a
    backlog never hides a conference of tomorrow (REF-06); last what waits for others to answer a
    question, unless a conference is near. Within each, by when it should be
    routed: a day before the next conference, `route_early_days` after an early case came in,
    `route_days` after any other. A constant number of statements."""
    shape = _Shape(
        viewer=viewer.kind,
        in_borough=wanted.borough is not None,
        of_language=bool(wanted.language),
        from_organisation=bool(wanted.organisation),
        state=wanted.state,
        waits_for=wanted.waits_for,
        goes_on=False,
    )
    values: dict[str, Any] = {
        **said_of(viewer),
        "now": now,
        "near": now + timedelta(days=setting_days("near_conference_days")),
        "borough": wanted.borough,
        "language": wanted.language,
        "organisation": wanted.organisation,
    }
    match read_key(after):
        case (
            int() as later,
            datetime() as at,
            ("family" | "referral") as kind,
            int() as row_id,
        ) if at.tzinfo:
            shape = replace(shape, goes_on=True)
            values |= {"later": later, "at": at, "kind": kind, "last": row_id}
    # The offset of local time, which the rule of early cases asks for, stays for an hour.
    hour = now.replace(minute=0, second=0, microsecond=0)
    found = rows(_queue(shape, routing(), hour), values)
    page = page_of(found, lambda row: (row.later, row.route_by, row.kind, row.id), QUEUE_PAGE)
    return Page(rows_of(viewer, page.rows, now=now), page.next_key)


@dataclass(frozen=True)
class _Shape:
    """What decides how the query reads: who asks, by their kind, and which filters are set."""

    viewer: ViewerKind
    in_borough: bool
    of_language: bool
    from_organisation: bool
    state: QueueState | None
    waits_for: WaitsFor | None
    goes_on: bool


NOW, NEAR = bindparam("now", type_=Instant()), bindparam("near", type_=Instant())


@lru_cache(maxsize=64)
def _queue(shape: _Shape, until: Routing, hour: datetime) -> Select[*tuple[Any, ...]]:
    """Built once for all who ask alike: building it costs more than its answer. First the order,
    from no more than it depends on, then the rest of the lines that are shown."""
    # MATERIALIZED: what a line is ordered by would else be worked out wherever it is compared.
    waiting = union_all(_referrals(shape), _families(shape)).cte("waiting_lines").prefix_with(ONCE)
    judged = (
        select(
            waiting,
            case((until.is_early_in(waiting.c, now=hour), literal(True)), else_=False).label(
                "early"
            ),
            moved(waiting.c.conference_at, days=-1).label("before_conference"),
        )
        .cte("judged")
        .prefix_with(ONCE)
    )
    due = (
        select(judged, until.routed_by_of(judged.c.early, judged.c.since).label("deadline"))
        .cte("due")
        .prefix_with(ONCE)
    )
    later = case(
        (due.c.conference_at <= NEAR, literal(0)),
        (due.c.elsewhere, literal(2)),
        (due.c.early, literal(0)),
        else_=literal(1),
    ).label("later")
    # No conference: the comparison is unknown, and the deadline stands.
    route_by = case(
        (due.c.before_conference < due.c.deadline, due.c.before_conference),
        else_=due.c.deadline,
    ).label("route_by")
    place = (later, route_by, due.c.kind, due.c.id)
    lines = select(due, later, route_by).order_by(*place).limit(so_many(QUEUE_PAGE + 1))
    if shape.goes_on:
        passed = (
            bindparam("later", type_=Integer),
            bindparam("at", type_=Instant()),
            bindparam("kind", type_=String),
            bindparam("last", type_=Integer),
        )
        lines = lines.where(tuple_(*place) > tuple_(*passed))
    return lines_in_full(lines.cte("lines").prefix_with(ONCE), now=NOW)


ONCE = "MATERIALIZED"
QUEUE_PAGE = 25
"""Lines of a page: more than is routed in one sitting, and still quick to load on a telephone."""


def _referrals(shape: _Shape) -> Select[*tuple[Any, ...]]:
    viewer = stand_in(shape.viewer)
    query: Select[*tuple[Any, ...]] = select(
        literal(QueueKind.REFERRAL.value, String).label("kind"),
        Referral.id,
        Referral.received_at.label("since"),
        Referral.removed_at,
        Referral.placed_at,
        Referral.opened_on,
        _waits_elsewhere(viewer).label("elsewhere"),
        next_conference(ReferralConference.starts_at, NOW).label("conference_at"),
    ).where(is_one_of(Referral.state, AWAITING_DECISION), referrals.visible_to(viewer))
    if shape.in_borough:
        query = query.where(Referral.borough == bindparam("borough"))
    if shape.of_language:
        query = query.where(Referral.language == bindparam("language"))
    if shape.from_organisation:
        query = query.where(Referral.organisation_id.in_(_spellings()))
    if shape.state is QueueState.WITHOUT_SPECIALIST:
        query = query.where(false())
    elif shape.state:
        query = query.where(Referral.state == ReferralState(shape.state.value))
    if shape.waits_for:
        elsewhere = _waits_elsewhere(viewer)
        query = query.where(elsewhere if shape.waits_for is WaitsFor.OTHERS else not_(elsewhere))
    return query


def _spellings() -> Select[int]:
    """The ids of the organisation that is asked for, and of its other spellings."""
    return (
        select(Organisation.id)
        .join(Meant, Meant.id == func.coalesce(Organisation.same_as_id, Organisation.id))
        .where(Meant.name_key == bindparam("organisation"))
    )


def _waits_elsewhere(viewer: Actor) -> ColumnElement[bool]:
    """A question is open that somebody else has to answer. Who sent the referral answers it."""
    sent_it = func.coalesce(Referral.submitted_by_id, -1) == viewer.id
    return and_(Referral.state == written_out(ReferralState.QUESTION_ASKED), not_(sent_it))


def _families(shape: _Shape) -> Select[*tuple[Any, ...]]:
    viewer = stand_in(shape.viewer)
    places = (
        select(Waiting.case_id, func.min(Waiting.since, type_=Instant()).label("since"))
        .where(Waiting.ended_at.is_(None))
        .group_by(Waiting.case_id)
        .subquery("places")
    )
    current = and_(Placement.case_id == Case.id, Placement.ended_at.is_(None))
    query: Select[*tuple[Any, ...]] = (
        select(
            literal(QueueKind.FAMILY.value, String).label("kind"),
            Case.id,
            places.c.since,
            _of_case(func.min(Placement.removed_at, type_=Instant()), current),
            _of_case(func.max(Placement.placed_at, type_=Instant()), current),
            Case.opened_on,
            literal(False).label("elsewhere"),
            next_conference(Conference.starts_at, NOW).label("conference_at"),
        )
        .join(places, places.c.case_id == Case.id)
        .where(cases.visible_to(viewer))
    )
    if shape.in_borough:
        query = query.where(Case.borough == bindparam("borough"))
    if shape.of_language:
        query = query.where(
            exists().where(
                Waiting.case_id == Case.id,
                Waiting.ended_at.is_(None),
                Waiting.person_id == Person.id,
                Person.preferred_language == bindparam("language"),
            )
        )
    if shape.from_organisation:
        query = query.where(
            exists().where(Referral.case_id == Case.id, Referral.organisation_id.in_(_spellings()))
        )
    if shape.state not in (None, QueueState.WITHOUT_SPECIALIST):
        query = query.where(false())
    if shape.waits_for is WaitsFor.OTHERS:
        query = query.where(false())
    return query


def _of_case(value: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(value).where(condition).correlate(Case).scalar_subquery()
