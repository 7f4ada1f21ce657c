"""What a referral brings into a case. The caller says what was said, as rows that are not stored
yet; here it is decided what of it is new. What a family's record already holds is never changed
by a referrer's typing, and every new fact names the referral it came from (data-model.md)."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import (
    Case,
    Conference,
    Consent,
    Membership,
    Person,
    Placement,
    Professional,
)
from parents_partners.cases.types import (
    ConferenceState,
    ConsentScope,
    HowAsked,
    MembershipRole,
    Relationship,
)
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import setting
from parents_partners.core.text import fold


def open_case(said: Case, *, referral_id: int, actor: Actor, now: datetime) -> Case:
    """Begin the record of a family that the programme did not know."""
    db.session.add(said)
    db.session.flush()
    audit.record(
        Event.FAMILY_OPENED, said, actor=actor, now=now, case_id=said.id, referral_id=referral_id
    )
    return said


class FamilyMembers:
    """The people of a case while one referral is filed. Somebody is known if the case has a
    person of that name in that role, unless it was said of whom they are the same, or not; each
    known person is found once, so that two parents of one name stay two."""

    def __init__(self, case: Case, *, spoken_for: Collection[int] = ()) -> None:
        """`spoken_for` are the ids of those who were said to be somebody of the referral: nobody
        else is taken for them by name."""
        self._case = case
        self._spoken_for = frozenset(spoken_for)
        self._known = list(
            db.session.execute(
                select(Membership.role, Person)
                .join(Membership.person)
                .where(Membership.case_id == case.id)
                .order_by(Membership.id)
            ).tuples()
        )

    def find_or_add(
        self,
        said: Person,
        role: MembershipRole,
        *,
        referral_id: int,
        relationship_to_child: Relationship | None = None,
        same_as: int | None = None,
        not_same_as: Collection[int] = (),
    ) -> Person:
        """`same_as` is the id of the person whom `said` was said to be, whatever their names;
        `not_same_as` are those whom they were said not to be."""
        others = {*not_same_as, *self._spoken_for}
        for place, (known_role, known) in enumerate(self._known):
            by_name = known.name_key == said.name_key and known.id not in others
            if known_role is role and (known.id == same_as or (by_name and same_as is None)):
                del self._known[place]
                return known
        return self.add(
            said, role, referral_id=referral_id, relationship_to_child=relationship_to_child
        )

    def add(
        self,
        said: Person,
        role: MembershipRole,
        *,
        referral_id: int,
        relationship_to_child: Relationship | None = None,
    ) -> Person:
        """Somebody whom the family's record did not hold."""
        db.session.add(said)
        db.session.flush()
        db.session.add(
            Membership(
                case_id=self._case.id,
                person_id=said.id,
                role=role,
                relationship_to_child=relationship_to_child,
                source_referral_id=referral_id,
            )
        )
        return said


def record_agreement(
    case: Case,
    person: Person,
    scopes: Collection[ConsentScope],
    *,
    asked_by: str,
    asked_on: date,
    how: HowAsked,
    said_at: datetime,
    referral_id: int,
    actor: Actor,
    now: datetime,
) -> None:
    """What this parent allowed when they were asked (REF-03), each scope a row of its own. A
    consent that is in force stays as it was given. What the parent took back after they were
    asked, or after `said_at`, stays withdrawn (ADV-05): an older answer undoes no newer one."""
    zone = programme_zone()
    settled = {
        scope
        for scope, withdrawn_at in db.session.execute(
            select(Consent.scope, Consent.withdrawn_at).where(
                Consent.case_id == case.id, Consent.person_id == person.id
            )
        ).tuples()
        if withdrawn_at is None
        or withdrawn_at >= said_at
        or local_day(withdrawn_at, zone) > asked_on
    }
    new = sorted(set(scopes) - settled)
    if not new:
        return
    wording_version = setting("consent_wording_version")
    db.session.add_all(
        Consent(
            case_id=case.id,
            person_id=person.id,
            scope=scope,
            asked_by=asked_by,
            asked_on=asked_on,
            how=how,
            wording_version=wording_version,
            recorded_at=now,
            source_referral_id=referral_id,
        )
        for scope in new
    )
    audit.record(
        Event.CONSENT_RECORDED,
        person,
        actor=actor,
        now=now,
        case_id=case.id,
        referral_id=referral_id,
        scopes=[scope.value for scope in new],
    )


def add_placement(said: Placement) -> None:
    """Where a child lives, unless a current place is on record."""
    current = select(Placement.id).where(
        Placement.person_id == said.person_id, Placement.ended_at.is_(None)
    )
    if db.session.scalar(current) is None:
        db.session.add(said)
        db.session.flush()


def add_conference(said: Conference, *, said_at: datetime, actor: Actor, now: datetime) -> None:
    """A conference that the case does not have yet. One that was cancelled after `said_at` stays
    cancelled: the programme knows better than a referral written before."""
    known = db.session.scalars(
        select(Conference).where(
            Conference.case_id == said.case_id,
            Conference.kind == said.kind,
            Conference.starts_at == said.starts_at,
        )
    ).all()
    if any(
        conference.state is ConferenceState.SCHEDULED
        or (conference.cancelled_at is not None and conference.cancelled_at >= said_at)
        for conference in known
    ):
        return
    db.session.add(said)
    db.session.flush()
    audit.record(
        Event.CONFERENCE_ADDED,
        said,
        actor=actor,
        now=now,
        case_id=said.case_id,
        referral_id=said.source_referral_id,
        kind=said.kind,
    )


def add_professional(said: Professional) -> None:
    """Somebody who works with the family, unless a person of that name is known there."""
    names = db.session.scalars(
        select(Professional.name).where(Professional.case_id == said.case_id)
    )
    if fold(said.name) not in {fold(name) for name in names}:
        db.session.add(said)
        db.session.flush()
