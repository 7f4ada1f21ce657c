"""What each parent allows, for themself (REF-03, ADV-05). Every verb here, and whoever acts on a
consent, holds the case first: a withdrawal never slips in between a look and an act (R-06)."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select

from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.hooks import consent_withdrawn
from parents_partners.cases.models import Case, Consent, Person
from parents_partners.cases.queries import consents_in_force
from parents_partners.cases.types import ConsentCommand, ConsentScope, HeardFrom, what_stops
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import Instant, db, rows
from parents_partners.core.errors import Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import setting
from parents_partners.core.words import date_words


def hold_case(case_id: int) -> None:
    """Let nobody else change what hangs on this case until the transaction ends."""
    rows(_held_case(), {"case": case_id})


def hold_cases(case_ids: Collection[int]) -> None:
    """The same for several, in the order in which they are held everywhere, so that nobody waits
    for ever (docs/decisions/0025)."""
    for case_id in sorted(case_ids):
        hold_case(case_id)


@cache
def _held_case() -> Select[int]:
    # Not the key itself: whoever only refers to the case need not wait, nor deadlock with us.
    held = select(Case.id).where(Case.id == bindparam("case", type_=Integer))
    return held.with_for_update(key_share=True)


def hold_consents(case_id: int) -> dict[int, frozenset[ConsentScope]]:
    """What each parent of the case allows now, by the person's id. Holds the case until the
    transaction ends, so that what follows still rests on it when it is committed (R-06)."""
    hold_case(case_id)
    return consents_in_force(case_id)


def record_consents(
    case: Case, person: Person, command: ConsentCommand, *, actor: Actor, now: datetime
) -> None:
    """Add scopes that a parent agreed to later. Who asked read them out, so they are confirmed.

    Raises Refused if nothing of it is new, or for a day in the future or before the parent took
    any of it back: an older answer undoes no newer one (ADV-05)."""
    given = hold_consents(case.id).get(person.id, frozenset())
    added = command.scopes - given
    if not added:
        raise Refused({"scopes": "Choose what the parent agreed to now."})
    if command.asked_on > local_day(now, programme_zone()):
        raise Refused({"asked_on": "The parent was asked today or earlier. Check the date."})
    if (withdrawn_on := _last_withdrawn(case, person, added)) and command.asked_on < withdrawn_on:
        raise Refused(
            {
                "asked_on": f"The parent took this back on {date_words(withdrawn_on)}. Give the day"
                " on which they agreed again."
            }
        )
    db.session.add_all(
        Consent(
            case_id=case.id,
            person_id=person.id,
            scope=scope,
            asked_by=actor.name,
            asked_on=command.asked_on,
            how=command.how,
            wording_version=setting("consent_wording_version"),
            recorded_at=now,
            confirmed_at=now,
            confirmed_by_id=actor.id,
        )
        for scope in sorted(added)
    )
    _write_down(Event.CONSENT_RECORDED, case, person, added, actor=actor, now=now)
    db.session.flush()


def confirm_consents(
    case: Case, person: Person, scopes: Collection[ConsentScope], *, actor: Actor, now: datetime
) -> None:
    """The parent, read these scopes by their specialist at first contact, says that it is so
    (ADV-05: the agency that asked is not neutral). Saying it again changes nothing."""
    hold_consents(case.id)
    open_ones = [
        consent
        for consent in _in_force(case, person)
        if consent.confirmed_at is None and consent.scope in scopes
    ]
    if not open_ones:
        return
    for consent in open_ones:
        consent.confirmed_at = now
        consent.confirmed_by_id = actor.id
    confirmed = {consent.scope for consent in open_ones}
    _write_down(Event.CONSENT_CONFIRMED, case, person, confirmed, actor=actor, now=now)
    db.session.flush()


def withdraw_consents(
    case: Case,
    person: Person,
    scopes: Collection[ConsentScope],
    *,
    actor: Actor,
    now: datetime,
    heard_from: HeardFrom = HeardFrom.PARENT,
) -> tuple[str, ...]:
    """Take back what the parent no longer allows, whole or in part, and stop it in the same
    transaction (ADV-05). Gives what stops, as sentences; nothing where none of it was in force."""
    hold_consents(case.id)
    given = _in_force(case, person)
    gone = frozenset(consent.scope for consent in given if consent.scope in scopes)
    if not gone:
        return ()
    for consent in given:
        if consent.scope in gone:
            consent.withdrawn_at = now
            consent.withdrawal_recorded_by_id = actor.id
    _write_down(
        Event.CONSENT_WITHDRAWN, case, person, gone, actor=actor, now=now, heard_from=heard_from
    )
    db.session.flush()
    consent_withdrawn(case, person, gone, actor=actor, now=now)
    return what_stops(gone, frozenset(consent.scope for consent in given) - gone)


def _in_force(case: Case, person: Person) -> list[Consent]:
    return list(
        db.session.scalars(
            select(Consent).where(
                Consent.case_id == case.id,
                Consent.person_id == person.id,
                Consent.withdrawn_at.is_(None),
            )
        )
    )


def _last_withdrawn(case: Case, person: Person, scopes: Collection[ConsentScope]) -> date | None:
    """The last local day on which the parent took one of these back."""
    withdrawn_at = db.session.scalar(
        select(func.max(Consent.withdrawn_at, type_=Instant())).where(
            Consent.case_id == case.id,
            Consent.person_id == person.id,
            Consent.scope.in_(scopes),
        )
    )
    return local_day(withdrawn_at, programme_zone()) if withdrawn_at else None


def _write_down(
    event: Event,
    case: Case,
    person: Person,
    scopes: Collection[ConsentScope],
    *,
    actor: Actor,
    now: datetime,
    heard_from: HeardFrom | None = None,
) -> None:
    heard: dict[str, Any] = {"heard_from": heard_from.value} if heard_from else {}
    audit.record(
        event,
        person,
        actor=actor,
        now=now,
        case_id=case.id,
        scopes=sorted(scope.value for scope in scopes),
        **heard,
    )
