"""The queue of what waits for a supervisor, in the order in which it should not wait (REF-06)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    String,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import Organisation
from parents_partners.accounts.types import Actor
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.types import QueueFilter, QueueKind, QueueState, WaitingSince
from parents_partners.advocates.why_here import Place, age_of_case, short_kind, why_here
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Conference, Membership, Person, Placement
from parents_partners.cases.types import COURT, Borough, ConferenceState, MembershipRole
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import Instant, db
from parents_partners.core.local_time import local_day
from parents_partners.core.moved import moved
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.reference import labels_of, setting_days
from parents_partners.core.words import age_on
from parents_partners.referrals import policies as referrals
from parents_partners.referrals.deadlines import routing
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import Referral, ReferralConference, Submission
from parents_partners.referrals.types import Channel, ReferralState

Meant = aliased(Organisation)
"""The organisation that a spelling means, or the one itself."""


@dataclass(frozen=True)
class QueueRow:
    """One line. `reasons` say why it stands here, the deciding one first; `ages` are the
    children's in years, youngest first."""

    kind: QueueKind
    public_id: str
    case_name: str
    reference: str | None
    reasons: tuple[str, ...]
    age_of_case: str | None
    organisation: str
    borough: Borough | None
    languages: tuple[str, ...]
    state: QueueState
    ages: tuple[int, ...]


def triage_queue(
    viewer: Actor, wanted: QueueFilter, *, now: datetime, after: str | None = None
) -> Page[QueueRow]:
    """What awaits a decision and who has no specialist. First what presses: a conference within
    `near_conference_days`, or an early case; then the rest, however long it has waited, so that a
    backlog never hides a conference of tomorrow (REF-06). Within each, by when it should be
    routed: a day before the next conference, `route_early_days` after an early case came in,
    `route_days` after any other. A constant number of statements."""
    zone = programme_zone()
    waiting = union_all(_referrals(viewer, wanted, now), _families(viewer, wanted, now)).subquery(
        "waiting"
    )
    until = routing()
    early = until.is_early_in(waiting.c, now=now)
    near = now + timedelta(days=setting_days("near_conference_days"))
    dated = select(
        waiting,
        case((early, literal(True)), else_=literal(False)).label("early"),
        case((or_(early, waiting.c.conference_at <= near), literal(0)), else_=literal(1)).label(
            "later"
        ),
        moved(waiting.c.conference_at, days=-1).label("before_conference"),
        until.routed_by_in(waiting.c, now=now).label("deadline"),
    ).subquery("dated")
    ordered = select(
        dated,
        # No conference: the comparison is unknown, and the deadline stands.
        case(
            (dated.c.before_conference < dated.c.deadline, dated.c.before_conference),
            else_=dated.c.deadline,
        ).label("route_by"),
    ).subquery("ordered")
    place = (ordered.c.later, ordered.c.route_by, ordered.c.kind, ordered.c.id)
    query = select(ordered).order_by(*place).limit(PAGE_SIZE + 1)
    match read_key(after):
        case (
            int() as later,
            datetime() as at,
            ("family" | "referral") as kind,
            int() as row_id,
        ) if at.tzinfo:
            passed = (literal(later), literal(at, Instant()), literal(kind), literal(row_id))
            query = query.where(tuple_(*place) > tuple_(*passed))
    found = db.session.execute(query).mappings().all()
    page = page_of(found, lambda row: (row["later"], row["route_by"], row["kind"], row["id"]))
    return Page(_rows(page.rows, now, zone), page.next_key)


def _referrals(viewer: Actor, wanted: QueueFilter, now: datetime) -> Select[*tuple[Any, ...]]:
    ahead = (
        ReferralConference.referral_id == Referral.id,
        ReferralConference.kind != COURT,
        ReferralConference.starts_at > now,
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
            Meant.name.label("organisation"),
            *_next_of(ReferralConference, ahead, Referral),
        )
        .outerjoin(Referral.organisation)
        .outerjoin(Meant, Meant.id == func.coalesce(Organisation.same_as_id, Organisation.id))
        .where(Referral.state.in_(AWAITING_DECISION), referrals.visible_to(viewer))
    )
    if wanted.borough:
        query = query.where(Referral.borough == wanted.borough)
    if wanted.language:
        query = query.where(Referral.language == wanted.language)
    if wanted.organisation:
        query = query.where(Meant.name_key == wanted.organisation)
    if wanted.state is QueueState.WITHOUT_SPECIALIST:
        query = query.where(false())
    elif wanted.state:
        query = query.where(Referral.state == ReferralState(wanted.state.value))
    return query


def _families(viewer: Actor, wanted: QueueFilter, now: datetime) -> Select[*tuple[Any, ...]]:
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
        Conference.starts_at > now,
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
            Case.agency.label("organisation"),
            *_next_of(Conference, ahead, Case),
        )
        .join(places, places.c.case_id == Case.id)
        .where(cases.visible_to(viewer))
    )
    if wanted.borough:
        query = query.where(Case.borough == wanted.borough)
    if wanted.language:
        query = query.where(
            exists().where(
                Waiting.case_id == Case.id,
                Waiting.ended_at.is_(None),
                Waiting.person_id == Person.id,
                Person.preferred_language == wanted.language,
            )
        )
    if wanted.organisation:
        query = query.where(
            exists().where(
                Referral.case_id == Case.id,
                Referral.organisation_id == Organisation.id,
                Meant.id == func.coalesce(Organisation.same_as_id, Organisation.id),
                Meant.name_key == wanted.organisation,
            )
        )
    if wanted.state not in (None, QueueState.WITHOUT_SPECIALIST):
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


def _rows(found: Sequence[RowMapping], now: datetime, zone: ZoneInfo) -> list[QueueRow]:
    referral_ids = [row["id"] for row in found if row["kind"] == QueueKind.REFERRAL]
    case_ids = [row["id"] for row in found if row["kind"] == QueueKind.FAMILY]
    today = local_day(now, zone)
    birthdays = {
        QueueKind.REFERRAL: _birthdays_said(referral_ids),
        QueueKind.FAMILY: _birthdays_known(case_ids),
    }
    whys, spoken = _waiting_parents(case_ids)
    languages = labels_of("language")
    upcoming_days = setting_days("upcoming_days")
    kinds = {code: short_kind(label) for code, label in labels_of("conference_kind").items()}
    rows = []
    for row in found:
        kind = QueueKind(row["kind"])
        is_family = kind is QueueKind.FAMILY
        codes = spoken[row["id"]] if is_family else [row["language"]]
        rows.append(
            QueueRow(
                kind=kind,
                public_id=row["public_id"],
                case_name=row["case_name"],
                reference=row["reference"],
                reasons=why_here(
                    _place(row),
                    whys[row["id"]] if is_family else (),
                    today=today,
                    zone=zone,
                    kinds=kinds,
                    upcoming_days=upcoming_days,
                ),
                age_of_case=age_of_case(row["removed_at"], row["opened_on"], today, zone),
                organisation=_sender(row),
                borough=row["borough"],
                languages=tuple(languages.get(code, code) for code in codes if code),
                state=QueueState(row["state"]),
                ages=tuple(sorted(age_on(today, day) for day in birthdays[kind][row["id"]])),
            )
        )
    return rows


def _place(row: RowMapping) -> Place:
    return Place(
        state=QueueState(row["state"]),
        since=row["since"],
        route_by=row["route_by"],
        presses=row["later"] == 0,
        early=bool(row["early"]),
        conference_at=row["conference_at"],
        conference_kind=row["conference_kind"],
        removed_at=row["removed_at"],
        placed_at=row["placed_at"],
        opened_on=row["opened_on"],
    )


def _sender(row: RowMapping) -> str:
    if row["organisation"]:
        return str(row["organisation"])
    return Channel(row["channel"]).label if row["channel"] else ""


def _birthdays_said(referral_ids: Sequence[int]) -> defaultdict[int, list[date]]:
    """Out of the submissions, and of each only the children: the history stays where it is."""
    days: defaultdict[int, list[date]] = defaultdict(list)
    for referral_id, children in db.session.execute(
        select(Submission.referral_id, Submission.document["children"]).where(
            Submission.referral_id.in_(referral_ids)
        )
    ):
        for child in children or []:
            if child.get("date_of_birth"):
                days[referral_id].append(date.fromisoformat(child["date_of_birth"]))
    return days


def _birthdays_known(case_ids: Sequence[int]) -> defaultdict[int, list[date]]:
    days: defaultdict[int, list[date]] = defaultdict(list)
    for case_id, born_on in db.session.execute(
        select(Membership.case_id, Person.date_of_birth)
        .join(Membership.person)
        .where(
            Membership.case_id.in_(case_ids),
            Membership.role == MembershipRole.CHILD,
            Person.date_of_birth.is_not(None),
        )
    ).tuples():
        if born_on is not None:
            days[case_id].append(born_on)
    return days


def _waiting_parents(
    case_ids: Sequence[int],
) -> tuple[defaultdict[int, set[WaitingSince]], defaultdict[int, list[str]]]:
    """Why the parents of each family wait, and the languages they prefer."""
    whys: defaultdict[int, set[WaitingSince]] = defaultdict(set)
    spoken: defaultdict[int, list[str]] = defaultdict(list)
    for case_id, why, language in db.session.execute(
        select(Waiting.case_id, Waiting.why, Person.preferred_language)
        .join(Waiting.person)
        .where(Waiting.case_id.in_(case_ids), Waiting.ended_at.is_(None))
        .order_by(Waiting.id)
    ).tuples():
        whys[case_id].add(why)
        if language and language not in spoken[case_id]:
            spoken[case_id].append(language)
    return whys, spoken
