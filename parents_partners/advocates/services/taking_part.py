"""Who took part in an activity, and whether they allowed it then (ADV-05)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, select

from parents_partners.cases.models import Consent, Membership, Person
from parents_partners.cases.types import CONTACT_SCOPES, MembershipRole
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import rows
from parents_partners.core.local_time import local_day
from parents_partners.core.words import date_words

# A time is typed in minutes: what happened in the minute of an acceptance happened after it.
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class TakesPart:
    """Somebody of the family, with their role in the case. Of each consent to contact that they
    gave, `consents` holds when it was recorded, and when it was withdrawn or None."""

    id: int
    role: MembershipRole
    consents: list[tuple[datetime, datetime | None]] = field(default_factory=list)


def who_took_part(case_id: int, public_ids: Collection[str]) -> list[TakesPart]:
    """Those of these people who belong to the family."""
    found: dict[int, TakesPart] = {}
    values = {"case": case_id, "people": list(public_ids)}
    for person_id, role, recorded_at, withdrawn_at in rows(_members(), values):
        person = found.setdefault(person_id, TakesPart(person_id, role))
        if recorded_at is not None:
            person.consents.append((recorded_at, withdrawn_at))
    return list(found.values())


def withdrawn_before(taking_part: Iterable[TakesPart], instant: datetime) -> str | None:
    """ADV-05: from the moment of a withdrawal there is no contact with that parent. What happened
    before it can still be written down."""
    for parent in taking_part:
        if parent.role is not MembershipRole.PARENT:
            continue
        if any(_in_force_at(instant, *consent) for consent in parent.consents):
            continue
        ends = [ended for _, ended in parent.consents if ended is not None]
        if not ends:
            return "A parent you chose has not agreed to contact."
        day = date_words(local_day(max(ends), programme_zone()))
        return (
            f"A parent you chose took their consent back on {day}, so nothing later can be"
            " logged with them. If there was contact, speak with your supervisor."
        )
    return None


def _in_force_at(instant: datetime, recorded_at: datetime, withdrawn_at: datetime | None) -> bool:
    return recorded_at < instant + A_MINUTE and (withdrawn_at is None or instant < withdrawn_at)


@cache
def _members() -> Select[*tuple[Any, ...]]:
    """One row a person, or one a consent to contact of that person."""
    return (
        select(Person.id, Membership.role, Consent.recorded_at, Consent.withdrawn_at)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(
            Consent,
            and_(
                Consent.case_id == Membership.case_id,
                Consent.person_id == Person.id,
                Consent.scope.in_(CONTACT_SCOPES),
            ),
        )
        .where(
            Membership.case_id == bindparam("case", type_=Integer),
            Person.public_id.in_(bindparam("people", expanding=True)),
        )
        .order_by(Membership.id)
    )
