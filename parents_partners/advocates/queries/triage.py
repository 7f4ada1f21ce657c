"""The queue of what waits for a supervisor, in the order in which it should not wait (REF-06)."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
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
    not_,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload

from parents_partners.accounts.models import Organisation, User
from parents_partners.accounts.types import Actor
from parents_partners.advocates import policies
from parents_partners.advocates.models import Assignment, Waiting
from parents_partners.advocates.types import AssignmentState, QueueFilter, QueueState, WaitingSince
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases import policies as cases
from parents_partners.cases.models import Case, Concern, Conference, Membership, Person, Placement
from parents_partners.cases.types import Borough, ConferenceState, MembershipRole
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import Instant, db
from parents_partners.core.errors import AlreadyDone
from parents_partners.core.local_time import local_day
from parents_partners.core.moved import moved
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.public_id import PublicIdConverter
from parents_partners.core.reference import labels_of, setting_days
from parents_partners.core.words import age_on, count_words, distance_words
from parents_partners.referrals import policies as referrals
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import Referral, ReferralConference, Submission
from parents_partners.referrals.types import Channel, ReferralState

COURT = "COURT"
"""A court date is no conference (REF-04d): it is listed, and moves nobody up."""

MEASURED_DAYS = 90
LONGEST_OVERDUE_LIST = 50


class QueueKind(StrEnum):
    """A referral to decide about, or a filed family with parents who have no specialist."""

    FAMILY = "family"
    REFERRAL = "referral"


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


@dataclass(frozen=True)
class OverdueOffer:
    public_id: str
    case_name: str
    specialist: str
    offered_at: datetime
    answer_by: datetime


@dataclass(frozen=True)
class FirstContactMeasure:
    """Days from removal to first contact in the last MEASURED_DAYS; None without any."""

    median_days: float | None
    supports: int


def triage_queue(
    viewer: Actor, wanted: QueueFilter, *, now: datetime, after: str | None = None
) -> Page[QueueRow]:
    """What awaits a decision and who has no specialist, ordered by when it should be routed: a
    day before the next conference, `route_early_days` after an early case came in,
    `route_days` after any other (REF-06). A constant number of statements."""
    zone = programme_zone()
    waiting = union_all(_referrals(viewer, wanted, now), _families(viewer, wanted, now)).subquery(
        "waiting"
    )
    early = _is_early(waiting.c, now, zone)
    dated = select(
        waiting,
        case((early, literal(True)), else_=literal(False)).label("early"),
        moved(waiting.c.conference_at, days=-1).label("before_conference"),
        case(
            (early, moved(waiting.c.since, days=setting_days("route_early_days"))),
            else_=moved(waiting.c.since, days=setting_days("route_days")),
        ).label("deadline"),
    ).subquery("dated")
    ordered = select(
        dated,
        # No conference: the comparison is unknown, and the deadline stands.
        case(
            (dated.c.before_conference < dated.c.deadline, dated.c.before_conference),
            else_=dated.c.deadline,
        ).label("route_by"),
    ).subquery("ordered")
    place = (ordered.c.route_by, ordered.c.kind, ordered.c.id)
    query = select(ordered).order_by(*place).limit(PAGE_SIZE + 1)
    match read_key(after):
        case (datetime() as at, ("family" | "referral") as kind, int() as row_id) if at.tzinfo:
            passed = (literal(at, Instant()), literal(kind), literal(row_id))
            query = query.where(tuple_(*place) > tuple_(*passed))
    found = db.session.execute(query).mappings().all()
    page = page_of(found, lambda row: (row["route_by"], row["kind"], row["id"]))
    return Page(_rows(page.rows, now, zone), page.next_key)


def overdue_offers(viewer: Actor, *, now: datetime) -> list[OverdueOffer]:
    """The offers of the viewer's unit that were not answered in time, the oldest first."""
    return [
        OverdueOffer(*row)
        for row in db.session.execute(
            select(
                Assignment.public_id,
                Case.name,
                User.name,
                Assignment.offered_at,
                Assignment.answer_by,
            )
            .join(Assignment.case)
            .join(User, User.id == Assignment.specialist_id)
            .where(
                Assignment.state == AssignmentState.OFFERED,
                Assignment.answer_by <= now,
                policies.visible_to(viewer),
                cases.visible_to(viewer),
            )
            .order_by(Assignment.answer_by, Assignment.id)
            .limit(LONGEST_OVERDUE_LIST)
        ).tuples()
    ]


def first_contact_measure(viewer: Actor, *, now: datetime) -> FirstContactMeasure:
    """Median days from a family's removal to its first contact, over the supports of the
    viewer's unit whose first contact lies in the last MEASURED_DAYS (REF-06)."""
    zone = programme_zone()
    earlier = aliased(Assignment)
    removed_at = (
        select(func.min(Placement.removed_at))
        .where(Placement.case_id == Assignment.case_id)
        .correlate(Assignment)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(type_coerce(removed_at, Instant()), Assignment.first_contact_at)
        .join(Assignment.case)
        .where(
            Assignment.first_contact_at > now - timedelta(days=MEASURED_DAYS),
            removed_at <= Assignment.first_contact_at,
            policies.visible_to(viewer),
            cases.visible_to(viewer),
            # A family's second specialist is no first contact.
            not_(
                exists().where(
                    earlier.case_id == Assignment.case_id,
                    earlier.first_contact_at < Assignment.first_contact_at,
                )
            ),
        )
    ).tuples()
    days = [
        (local_day(contact, zone) - local_day(removed, zone)).days
        for removed, contact in found
        if contact is not None
    ]
    return FirstContactMeasure(median(days) if days else None, len(days))


def organisations_in_queue() -> list[tuple[str, str]]:
    """(name_key, name) of those with a referral that awaits a decision or a filed family."""
    return [
        (key, name)
        for key, name in db.session.execute(
            select(Organisation.name_key, Organisation.name)
            .where(
                exists().where(
                    Referral.organisation_id == Organisation.id,
                    Referral.state.in_({*AWAITING_DECISION, ReferralState.FILED}),
                )
            )
            .order_by(Organisation.name)
        ).tuples()
    ]


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
            Organisation.name.label("organisation"),
            *_next_of(ReferralConference, ahead, Referral),
        )
        .outerjoin(Referral.organisation)
        .where(Referral.state.in_(AWAITING_DECISION), referrals.visible_to(viewer))
    )
    if wanted.borough:
        query = query.where(Referral.borough == wanted.borough)
    if wanted.language:
        query = query.where(Referral.language == wanted.language)
    if wanted.organisation:
        query = query.where(Organisation.name_key == wanted.organisation)
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
                Organisation.name_key == wanted.organisation,
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


def _is_early(columns: Any, now: datetime, zone: ZoneInfo) -> ColumnElement[bool]:
    """Removed, placed or opened within `early_case_days` before it came in (REF-06)."""
    days = setting_days("early_case_days")
    earliest = moved(columns.since, days=-days)
    # A local day counts until its end. (With today's offset: an hour off at midnight for what
    # came in before the clocks were changed.)
    offset = now.astimezone(zone).utcoffset() or timedelta()
    last_moment = moved(columns.opened_on, days=days + 1, hours=-offset // timedelta(hours=1))
    return or_(
        columns.removed_at >= earliest,
        columns.placed_at >= earliest,
        last_moment > columns.since,
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
                    row,
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


def _sender(row: RowMapping) -> str:
    if row["organisation"]:
        return str(row["organisation"])
    return Channel(row["channel"]).label if row["channel"] else ""


def why_here(
    row: RowMapping,
    whys: Collection[WaitingSince],
    *,
    today: date,
    zone: ZoneInfo,
    kinds: Mapping[str, str],
    upcoming_days: int,
) -> tuple[str, ...]:
    """The reasons of a row's place in words, the one that decided it first."""
    waited = (today - local_day(row["since"], zone)).days
    waiting = f"waiting {count_words(waited, 'day')}" if waited > 0 else "came in today"
    conference = early = None
    soon = today + timedelta(days=upcoming_days)
    if row["conference_at"] and local_day(row["conference_at"], zone) <= soon:
        kind = kinds.get(row["conference_kind"], row["conference_kind"])
        conference = f"{kind} {distance_words(local_day(row['conference_at'], zone), today)}"
    if row["early"]:
        early = _early_words(row, today, zone)
    decided_by_conference = conference is not None and row["route_by"] == row[
        "conference_at"
    ] - timedelta(days=1)
    if decided_by_conference:
        reasons = [conference, early, waiting]
    elif early:
        reasons = [early, conference, waiting]
    else:
        reasons = [waiting, conference]
    if row["state"] == QueueState.QUESTION_ASKED:
        reasons.append("question asked")
    reasons += [why.label for why in WaitingSince if why in whys]
    return tuple(reason for reason in reasons if reason)


def _early_words(row: RowMapping, today: date, zone: ZoneInfo) -> str:
    """What happened last, as long as it explains why the case is early."""
    if row["placed_at"]:
        return f"placed {distance_words(local_day(row['placed_at'], zone), today)}"
    if row["removed_at"]:
        return f"removed {distance_words(local_day(row['removed_at'], zone), today)}"
    return f"case opened {distance_words(row['opened_on'], today)}"


def age_of_case(
    removed_at: datetime | None, opened_on: date | None, today: date, zone: ZoneInfo
) -> str | None:
    """How long ago the children were removed or, without a removal, the case was opened."""
    if removed_at is not None:
        days = (today - local_day(removed_at, zone)).days
        return f"{count_words(days, 'day')} since removal" if days > 0 else "removed today"
    if opened_on is not None:
        days = (today - opened_on).days
        return f"{count_words(days, 'day')} since case opening" if days > 0 else "opened today"
    return None


def short_kind(label: str) -> str:
    """`FTC` of `Family Team Conference (FTC)`; a label without one stays whole."""
    before, bracket, inside = label.rpartition("(")
    return inside.removesuffix(")") if bracket and inside.endswith(")") and before else label


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


@dataclass(frozen=True)
class WaitingParent:
    """A parent of a filed family who has no specialist. `language` is in words."""

    public_id: str
    name: str
    language: str | None
    why: WaitingSince
    since: datetime


@dataclass(frozen=True)
class EarlierOffer:
    """To whom this family was offered before, and what came of it: never why it was declined."""

    specialist: str
    offered_at: datetime
    state: AssignmentState


def waiting_in(case: Case) -> list[WaitingParent]:
    languages = labels_of("language")
    return [
        WaitingParent(
            public_id=waiting.person.public_id,
            name=waiting.person.name,
            language=languages.get(waiting.person.preferred_language or ""),
            why=waiting.why,
            since=waiting.since,
        )
        for waiting in db.session.scalars(
            select(Waiting)
            .where(Waiting.case_id == case.id, Waiting.ended_at.is_(None))
            .order_by(Waiting.id)
            .options(joinedload(Waiting.person))
        )
    ]


def earlier_offers_of(case: Case) -> list[EarlierOffer]:
    """Newest first."""
    return [
        EarlierOffer(*row)
        for row in db.session.execute(
            select(User.name, Assignment.offered_at, Assignment.state)
            .join(User, User.id == Assignment.specialist_id)
            .where(Assignment.case_id == case.id)
            .order_by(Assignment.offered_at.desc(), Assignment.id.desc())
        ).tuples()
    ]


def concerns_of(case: Case) -> list[str]:
    """The codes that are ticked."""
    return list(
        db.session.scalars(
            select(Concern.code).where(Concern.case_id == case.id).order_by(Concern.code)
        )
    )


def known_case(viewer: Actor, public_id: str | None) -> Case | None:
    """The family that was chosen among the possible ones; None for a new one."""
    if public_id is None:
        return None
    return db.session.scalar(
        select(Case).where(Case.public_id == public_id, cases.visible_to(viewer))
    )


def referral_called(viewer: Actor, reference: str) -> Referral | None:
    """By the reference that people use."""
    return db.session.scalar(
        select(Referral).where(Referral.reference == reference, referrals.visible_to(viewer))
    )


def decided_meanwhile(viewer: Actor, public_id: str) -> AlreadyDone | None:
    """Who filed a referral that the viewer read while it was open, and that has gone out of
    their sight with it: to another unit's family. None where they never saw it."""
    decided = db.session.execute(
        select(User.name, Referral.decided_at)
        .join(User, User.id == Referral.decided_by_id)
        .where(
            Referral.public_id == public_id,
            not_(referrals.in_conflict(viewer)),
            exists().where(
                AuditEvent.referral_id == Referral.id,
                AuditEvent.event == Event.REFERRAL_READ,
                AuditEvent.actor_id == viewer.id,
                AuditEvent.at <= Referral.decided_at,
            ),
        )
    ).first()
    if decided is None:
        return None
    return AlreadyDone("This referral was already filed.", by=decided.name, at=decided.decided_at)


def offered_meanwhile(viewer: Actor, public_id: str) -> AlreadyDone | None:
    """The same for a family that waited when the viewer read it."""
    offered = db.session.execute(
        select(User.name, Assignment.offered_at)
        .join(User, User.id == Assignment.offered_by_id)
        .join(Assignment.case)
        .where(
            Case.public_id == public_id,
            Assignment.state.in_(cases.OPEN_STATES),
            not_(cases.in_conflict(viewer)),
            exists().where(
                AuditEvent.case_id == Case.id,
                AuditEvent.event == Event.FAMILY_READ,
                AuditEvent.actor_id == viewer.id,
                AuditEvent.at <= Assignment.offered_at,
            ),
        )
        .order_by(Assignment.offered_at.desc())
        .limit(1)
    ).first()
    if offered is None:
        return None
    return AlreadyDone(
        "This family was already offered to a Family Specialist.",
        by=offered.name,
        at=offered.offered_at,
    )


def specialist_called(viewer: Actor, public_id: str) -> str | None:
    """The name of a Family Specialist of the viewer's unit; None for what is no id at all."""
    if not re.fullmatch(PublicIdConverter.regex, public_id):
        return None
    return db.session.scalar(
        select(User.name).where(User.public_id == public_id, User.unit_id == viewer.unit_id)
    )
