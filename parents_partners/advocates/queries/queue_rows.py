"""What the page says of each line of the triage queue. Which lines, in which order, is `queue`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, select

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
from parents_partners.cases.models import Membership, Person
from parents_partners.cases.types import Borough, MembershipRole
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import labels_of, setting_days
from parents_partners.core.text import phone_e164
from parents_partners.core.words import age_on
from parents_partners.referrals.models import Submission
from parents_partners.referrals.types import Channel


@dataclass(frozen=True)
class QueueRow:
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


def rows_of(viewer: Actor, found: Sequence[RowMapping], *, now: datetime) -> list[QueueRow]:
    """In words, in a constant number of statements; `found` are rows of the query in `queue`."""
    zone = programme_zone()
    referral_ids = [row["id"] for row in found if row["kind"] == QueueKind.REFERRAL]
    case_ids = [row["id"] for row in found if row["kind"] == QueueKind.FAMILY]
    today = local_day(now, zone)
    said, phones = _said(referral_ids)
    birthdays = {
        QueueKind.REFERRAL: said,
        QueueKind.FAMILY: _birthdays_known(case_ids),
    }
    whys, spoken = _waiting_parents(case_ids)
    languages = labels_of("language")
    upcoming_days = setting_days("upcoming_days")
    kinds = {code: short_kind(label) for code, label in labels_of("conference_kind").items()}
    question_days = setting_days("question_days")
    rows = []
    for row in found:
        kind = QueueKind(row["kind"])
        is_family = kind is QueueKind.FAMILY
        clock = None
        if asked := _asked(viewer, row):
            clock = clock_of(asked, today=today, zone=zone, question_days=question_days)
        # At the helpline and for oneself there is nobody to call.
        calls = clock is not None and clock.call and row["channel"] == Channel.ONLINE
        phone = phones.get(row["id"]) if calls else None
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
                clock=clock,
                phone=phone,
                dial=phone_e164(phone) if phone else None,
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
        elsewhere=bool(row["elsewhere"]),
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


def _asked(viewer: Actor, row: RowMapping) -> Asked | None:
    """The last question about a referral, and who answers it: the agency that sent it, whoever of
    us took it down, or the helpline."""
    if row["asked_at"] is None:
        return None
    if row["submitted_by_id"] == viewer.id:
        who = "you"
    elif row["channel"] == Channel.ONLINE:
        who = row["organisation"] or "the referrer"
    else:
        who = "the helpline"
    return Asked(who, row["asked_at"], row["answered_at"])


def _said(
    referral_ids: Sequence[int],
) -> tuple[defaultdict[int, list[date]], dict[int, str]]:
    """The children's birthdays and the sender's telephone number, out of the submissions. Of each
    only these parts: the history stays where it is."""
    days: defaultdict[int, list[date]] = defaultdict(list)
    phones: dict[int, str] = {}
    for referral_id, children, phone, agency_phone in db.session.execute(
        _documents(), {"referrals": list(referral_ids)}
    ):
        for child in children or []:
            if child.get("date_of_birth"):
                days[referral_id].append(date.fromisoformat(child["date_of_birth"]))
        if phone or agency_phone:
            phones[referral_id] = phone or agency_phone
    return days, phones


def _birthdays_known(case_ids: Sequence[int]) -> defaultdict[int, list[date]]:
    days: defaultdict[int, list[date]] = defaultdict(list)
    for case_id, born_on in db.session.execute(_children(), {"cases": list(case_ids)}).tuples():
        if born_on is not None:
            days[case_id].append(born_on)
    return days


def _waiting_parents(
    case_ids: Sequence[int],
) -> tuple[defaultdict[int, set[WaitingSince]], defaultdict[int, list[str]]]:
    """Why the parents of each family wait, and the languages they prefer."""
    whys: defaultdict[int, set[WaitingSince]] = defaultdict(set)
    spoken: defaultdict[int, list[str]] = defaultdict(list)
    for case_id, why, language in db.session.execute(_waits(), {"cases": list(case_ids)}).tuples():
        whys[case_id].add(why)
        if language and language not in spoken[case_id]:
            spoken[case_id].append(language)
    return whys, spoken


# Built once: they say nothing of who asks, only of lines that the queue gave to whoever did.


@cache
def _documents() -> Select[*tuple[Any, ...]]:
    return select(
        Submission.referral_id,
        Submission.document["children"],
        Submission.document[("referrer", "phone")],
        Submission.document[("case", "agency_phone")],
    ).where(Submission.referral_id.in_(bindparam("referrals", expanding=True)))


@cache
def _children() -> Select[*tuple[Any, ...]]:
    return (
        select(Membership.case_id, Person.date_of_birth)
        .join(Membership.person)
        .where(
            Membership.case_id.in_(bindparam("cases", expanding=True)),
            Membership.role == MembershipRole.CHILD,
            Person.date_of_birth.is_not(None),
        )
    )


@cache
def _waits() -> Select[*tuple[Any, ...]]:
    return (
        select(Waiting.case_id, Waiting.why, Person.preferred_language)
        .join(Waiting.person)
        .where(Waiting.case_id.in_(bindparam("cases", expanding=True)), Waiting.ended_at.is_(None))
        .order_by(Waiting.id)
    )
