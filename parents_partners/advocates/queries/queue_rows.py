"""What the page says of each line of the triage queue. Which lines, in which order, is `queue`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    and_,
    cast,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from parents_partners.accounts.models import Organisation
from parents_partners.accounts.types import Actor
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.types import QueueKind, QueueState, WaitingSince
from parents_partners.advocates.why_here import (
    Asked,
    Clock,
    Place,
    age_of_case,
    clock_of,
    short_kind,
    why_here,
)
from parents_partners.cases.models import Case, Conference, Membership, Person
from parents_partners.cases.types import COURT, Borough, ConferenceState, MembershipRole
from parents_partners.core.clock import programme_zone
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import labels_of, setting_days
from parents_partners.core.sql import written_out
from parents_partners.core.text import phone_e164
from parents_partners.core.words import age_on
from parents_partners.referrals.models import Question, Referral, ReferralConference, Submission
from parents_partners.referrals.types import Channel


class QueueRow(NamedTuple):
    """One line. `reasons` say why it stands here, the deciding one first; `ages` are the
    children's in years, youngest first. `clock`: whom it waits for, once a question was asked;
    `phone` is the sender's number where it is time to call, `dial` in E.164."""

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
    clock: Clock | None = None
    phone: str | None = None
    dial: str | None = None


def rows_of(viewer: Actor, found: Sequence[Any], *, now: datetime) -> list[QueueRow]:
    """In words; `found` are rows of `lines_in_full`."""
    zone = programme_zone()
    today = local_day(now, zone)
    languages = labels_of("language")
    upcoming_days = setting_days("upcoming_days")
    kinds = {code: short_kind(label) for code, label in labels_of("conference_kind").items()}
    question_days = setting_days("question_days")
    lines = []
    for row in found:
        clock = None
        if asked := _asked(viewer, row):
            clock = clock_of(asked, today=today, zone=zone, question_days=question_days)
        # At the helpline and for oneself there is nobody to call.
        calls = clock is not None and clock.call and row.channel == Channel.ONLINE
        phone = (row.phone or row.agency_phone or None) if calls else None
        lines.append(
            QueueRow(
                kind=QueueKind(row.kind),
                public_id=row.public_id,
                case_name=row.case_name,
                reference=row.reference,
                reasons=why_here(
                    _place(row),
                    {WaitingSince(why) for why in _each(row.whys)},
                    today=today,
                    zone=zone,
                    kinds=kinds,
                    upcoming_days=upcoming_days,
                ),
                age_of_case=age_of_case(row.removed_at, row.opened_on, today, zone),
                organisation=_sender(row),
                borough=row.borough,
                languages=_in_words(_each(row.languages), languages),
                state=QueueState(row.state),
                clock=clock,
                phone=phone,
                dial=phone_e164(phone) if phone else None,
                ages=tuple(sorted(age_on(today, day) for day in _birthdays(row))),
            )
        )
    return lines


def _place(row: Any) -> Place:
    return Place(
        state=QueueState(row.state),
        since=row.since,
        route_by=row.route_by,
        presses=row.later == 0,
        elsewhere=bool(row.elsewhere),
        early=bool(row.early),
        conference_at=row.conference_at,
        conference_kind=row.conference_kind,
        removed_at=row.removed_at,
        placed_at=row.placed_at,
        opened_on=row.opened_on,
    )


def _sender(row: Any) -> str:
    if row.organisation:
        return str(row.organisation)
    return Channel(row.channel).label if row.channel else ""


def _asked(viewer: Actor, row: Any) -> Asked | None:
    """The last question about a referral, and who answers it: the agency that sent it, whoever of
    us took it down, or the helpline."""
    if row.asked_at is None:
        return None
    if row.submitted_by_id == viewer.id:
        who = "you"
    elif row.channel == Channel.ONLINE:
        who = row.organisation or "the referrer"
    else:
        who = "the helpline"
    return Asked(who, row.asked_at, row.answered_at)


def _each(gathered: str | None) -> list[str]:
    return gathered.split(",") if gathered else []


def _in_words(codes: list[str], labels: Mapping[str, str]) -> tuple[str, ...]:
    """Each once, in the order of the list; what the list does not have comes last."""
    known = [label for code, label in labels.items() if code in codes]
    return (*known, *sorted(set(codes) - labels.keys()))


def _birthdays(row: Any) -> list[date]:
    if row.children:
        return [
            date.fromisoformat(child["date_of_birth"])
            for child in row.children
            if child.get("date_of_birth")
        ]
    return [date.fromisoformat(day) for day in _each(row.birthdays)]


Meant = aliased(Organisation)
"""The organisation that a spelling means, or the one itself."""


def lines_in_full(lines: CTE, *, now: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """All that is shown of `lines` of the queue (kind, id, and by what they are ordered), in their
    order. Of a submission only the parts that are said: the history stays where it is."""
    said = Submission.document
    return (
        select(
            lines,
            func.coalesce(Referral.public_id, Case.public_id).label("public_id"),
            func.coalesce(Referral.case_name, Case.name).label("case_name"),
            func.coalesce(Referral.reference, _last_reference()).label("reference"),
            func.coalesce(Meant.name, Case.agency).label("organisation"),
            type_coerce(func.coalesce(Referral.borough, Case.borough), Referral.borough.type).label(
                "borough"
            ),
            func.coalesce(
                type_coerce(Referral.state, String), QueueState.WITHOUT_SPECIALIST.value
            ).label("state"),
            type_coerce(Referral.channel, String).label("channel"),
            Referral.submitted_by_id,
            _last_question(Question.asked_at).label("asked_at"),
            _last_question(Question.answered_at).label("answered_at"),
            func.coalesce(
                next_conference(ReferralConference.kind, now), next_conference(Conference.kind, now)
            ).label("conference_kind"),
            said["children"].label("children"),
            said[("referrer", "phone")].label("phone"),
            said[("case", "agency_phone")].label("agency_phone"),
            _birthdays_known().label("birthdays"),
            _of_waiting(Waiting.why).label("whys"),
            func.coalesce(Referral.language, _of_waiting(Person.preferred_language)).label(
                "languages"
            ),
        )
        .outerjoin(
            Referral, and_(lines.c.kind == QueueKind.REFERRAL.value, Referral.id == lines.c.id)
        )
        .outerjoin(Submission, Submission.referral_id == Referral.id)
        .outerjoin(Organisation, Organisation.id == Referral.organisation_id)
        .outerjoin(Meant, Meant.id == func.coalesce(Organisation.same_as_id, Organisation.id))
        .outerjoin(Case, and_(lines.c.kind == QueueKind.FAMILY.value, Case.id == lines.c.id))
        .order_by(lines.c.later, lines.c.route_by, lines.c.kind, lines.c.id)
    )


def next_conference(
    column: InstrumentedAttribute[Any], now: ColumnElement[Any]
) -> ScalarSelect[Any]:
    """Of the next conference of a family, or of a referral: `column` is one of `Conference` or of
    `ReferralConference`. A court date is no conference (REF-04d)."""
    model: Any = column.class_
    of: Any = Case if model is Conference else Referral
    own = ReferralConference.referral_id == Referral.id
    if model is Conference:
        own = and_(
            Conference.case_id == Case.id,
            Conference.state == written_out(ConferenceState.SCHEDULED),
        )
    return (
        select(column)
        .where(own, model.kind != COURT, model.starts_at > now)
        .order_by(model.starts_at, model.id)
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )


def _last_question(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    return (
        select(column)
        .where(Question.referral_id == Referral.id)
        .order_by(Question.id.desc())
        .limit(1)
        .correlate(Referral)
        .scalar_subquery()
    )


def _last_reference() -> ScalarSelect[str]:
    filed = aliased(Referral)
    last = select(func.max(filed.reference)).where(filed.case_id == Case.id)
    return last.correlate(Case).scalar_subquery()


def _birthdays_known() -> ScalarSelect[str]:
    """Of the children of a family."""
    return (
        select(func.aggregate_strings(cast(Person.date_of_birth, String), ","))
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.case_id == Case.id, Membership.role == MembershipRole.CHILD)
        .correlate(Case)
        .scalar_subquery()
    )


def _of_waiting(column: InstrumentedAttribute[Any]) -> ScalarSelect[str]:
    """Why the parents of a family wait, or the languages they prefer."""
    return (
        select(func.aggregate_strings(type_coerce(column, String), ","))
        .select_from(Waiting)
        .join(Person, Person.id == Waiting.person_id)
        .where(Waiting.case_id == Case.id, Waiting.ended_at.is_(None))
        .correlate(Case)
        .scalar_subquery()
    )
