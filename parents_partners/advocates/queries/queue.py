"""The queue of what waits for a supervisor, in the order in which it should not wait (REF-06)."""

from collections.abc import Sequence
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
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import Organisation
from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.queries.queue_rows import QueueRow, rows_of
from parents_partners.advocates.types import QueueFilter, QueueKind, QueueState, WaitsFor
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Conference, Person, Placement
from parents_partners.cases.types import COURT, ConferenceState
from parents_partners.core.db import Instant, db
from parents_partners.core.moved import moved
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.reference import setting_days
from parents_partners.referrals import policies as referrals
from parents_partners.referrals.deadlines import Routing, routing
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import Question, Referral, ReferralConference
from parents_partners.referrals.types import ReferralState

Meant = aliased(Organisation)
"""The organisation that a spelling means, or the one itself."""


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
        role=viewer.role,
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
    found = db.session.execute(_queue(shape, routing(), hour), values).mappings().all()
    page = page_of(found, lambda row: (row["later"], row["route_by"], row["kind"], row["id"]))
    return Page(rows_of(viewer, page.rows, now=now), page.next_key)


@dataclass(frozen=True)
class _Shape:
    """What decides how the query reads: who asks, by their role, and which filters are set."""

    role: Role | None
    in_borough: bool
    of_language: bool
    from_organisation: bool
    state: QueueState | None
    waits_for: WaitsFor | None
    goes_on: bool


NOW, NEAR = bindparam("now", type_=Instant()), bindparam("near", type_=Instant())


@lru_cache(maxsize=64)
def _queue(shape: _Shape, until: Routing, hour: datetime) -> Select[*tuple[Any, ...]]:
    """Built once for all who ask alike: building it costs more than its answer. `MATERIALIZED`,
    since the next conference of a row would else be looked for wherever it is compared."""
    waiting = (
        union_all(_referrals(shape), _families(shape)).cte("lines").prefix_with("MATERIALIZED")
    )
    early = until.is_early_in(waiting.c, now=hour)
    judged = (
        select(waiting, case((early, literal(True)), else_=literal(False)).label("early"))
        .cte("judged")
        .prefix_with("MATERIALIZED")
    )
    before_conference = moved(judged.c.conference_at, days=-1)
    deadline = until.routed_by_of(judged.c.early, judged.c.since)
    ordered = select(
        judged,
        case(
            (judged.c.conference_at <= NEAR, literal(0)),
            (judged.c.elsewhere, literal(2)),
            (judged.c.early, literal(0)),
            else_=literal(1),
        ).label("later"),
        # No conference: the comparison is unknown, and the deadline stands.
        case((before_conference < deadline, before_conference), else_=deadline).label("route_by"),
    ).subquery("ordered")
    place = (ordered.c.later, ordered.c.route_by, ordered.c.kind, ordered.c.id)
    query = select(ordered).order_by(*place).limit(PAGE_SIZE + 1)
    if shape.goes_on:
        passed = (
            bindparam("later", type_=Integer),
            bindparam("at", type_=Instant()),
            bindparam("kind", type_=String),
            bindparam("last", type_=Integer),
        )
        query = query.where(tuple_(*place) > tuple_(*passed))
    return query


def _referrals(shape: _Shape) -> Select[*tuple[Any, ...]]:
    viewer = stand_in(shape.role)
    ahead = (
        ReferralConference.referral_id == Referral.id,
        ReferralConference.kind != COURT,
        ReferralConference.starts_at > NOW,
    )
    query: Select[*tuple[Any, ...]] = (
        select(
            literal(QueueKind.REFERRAL.value, String).label("kind"),
            Referral.id,
            Referral.public_id,
            Referral.case_name,
            Referral.reference,
            Referral.received_at.label("since"),
            Referral.removed_at,
            Referral.placed_at,
            Referral.opened_on,
            Referral.borough,
            Referral.language,
            type_coerce(Referral.state, String).label("state"),
            type_coerce(Referral.channel, String).label("channel"),
            Referral.submitted_by_id,
            _waits_elsewhere(viewer).label("elsewhere"),
            *_last_question(),
            Meant.name.label("organisation"),
            *_next_of(ReferralConference, ahead, Referral),
        )
        .outerjoin(Referral.organisation)
        .outerjoin(Meant, Meant.id == func.coalesce(Organisation.same_as_id, Organisation.id))
        .where(Referral.state.in_(AWAITING_DECISION), referrals.visible_to(viewer))
    )
    if shape.in_borough:
        query = query.where(Referral.borough == bindparam("borough"))
    if shape.of_language:
        query = query.where(Referral.language == bindparam("language"))
    if shape.from_organisation:
        query = query.where(Meant.name_key == bindparam("organisation"))
    if shape.state is QueueState.WITHOUT_SPECIALIST:
        query = query.where(false())
    elif shape.state:
        query = query.where(Referral.state == ReferralState(shape.state.value))
    if shape.waits_for:
        elsewhere = _waits_elsewhere(viewer)
        query = query.where(elsewhere if shape.waits_for is WaitsFor.OTHERS else not_(elsewhere))
    return query


def _waits_elsewhere(viewer: Actor) -> ColumnElement[bool]:
    """A question is open that somebody else has to answer. Who sent the referral answers it."""
    sent_it = func.coalesce(Referral.submitted_by_id, -1) == viewer.id
    return and_(Referral.state == ReferralState.QUESTION_ASKED, not_(sent_it))


def _last_question() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """When it was asked and answered."""
    last = (
        select(Question)
        .where(Question.referral_id == Referral.id)
        .order_by(Question.id.desc())
        .limit(1)
        .correlate(Referral)
    )
    return (
        last.with_only_columns(Question.asked_at).scalar_subquery().label("asked_at"),
        last.with_only_columns(Question.answered_at).scalar_subquery().label("answered_at"),
    )


def _families(shape: _Shape) -> Select[*tuple[Any, ...]]:
    viewer = stand_in(shape.role)
    places = (
        select(Waiting.case_id, func.min(Waiting.since, type_=Instant()).label("since"))
        .where(Waiting.ended_at.is_(None))
        .group_by(Waiting.case_id)
        .subquery("places")
    )
    ahead = (
        Conference.case_id == Case.id,
        Conference.kind != COURT,
        Conference.state == ConferenceState.SCHEDULED,
        Conference.starts_at > NOW,
    )
    current = and_(Placement.case_id == Case.id, Placement.ended_at.is_(None))
    query: Select[*tuple[Any, ...]] = (
        select(
            literal(QueueKind.FAMILY.value, String).label("kind"),
            Case.id,
            Case.public_id,
            Case.name.label("case_name"),
            _of_case(func.max(Referral.reference), Referral.case_id == Case.id),
            places.c.since,
            _of_case(func.min(Placement.removed_at, type_=Instant()), current),
            _of_case(func.max(Placement.placed_at, type_=Instant()), current),
            Case.opened_on,
            Case.borough,
            literal(None, String).label("language"),
            literal(QueueState.WITHOUT_SPECIALIST.value, String).label("state"),
            literal(None, String).label("channel"),
            literal(None, Integer).label("submitted_by_id"),
            literal(False).label("elsewhere"),
            literal(None, Instant()).label("asked_at"),
            literal(None, Instant()).label("answered_at"),
            Case.agency.label("organisation"),
            *_next_of(Conference, ahead, Case),
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
            exists().where(
                Referral.case_id == Case.id,
                Referral.organisation_id == Organisation.id,
                Meant.id == func.coalesce(Organisation.same_as_id, Organisation.id),
                Meant.name_key == bindparam("organisation"),
            )
        )
    if shape.state not in (None, QueueState.WITHOUT_SPECIALIST):
        query = query.where(false())
    if shape.waits_for is WaitsFor.OTHERS:
        query = query.where(false())
    return query


def _of_case(value: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(value).where(condition).correlate(Case).scalar_subquery()


def _next_of(
    model: type[Conference] | type[ReferralConference],
    ahead: Sequence[ColumnElement[bool]],
    of: type[Case] | type[Referral],
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """When the next conference begins, and its kind."""
    first = select(model).where(*ahead).order_by(model.starts_at, model.id).limit(1).correlate(of)
    return (
        first.with_only_columns(model.starts_at).scalar_subquery().label("conference_at"),
        first.with_only_columns(model.kind).scalar_subquery().label("conference_kind"),
    )
