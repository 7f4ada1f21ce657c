"""What `advocates.suggestions` is told: the family to route, and the viewer's specialists."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import Assignment, Away, Specialist, Waiting
from parents_partners.advocates.suggestions import (
    CLASH,
    Candidate,
    ConferenceAhead,
    FamilyToRoute,
    Suggestion,
    suggest,
)
from parents_partners.advocates.why_here import short_kind
from parents_partners.cases.models import (
    Case,
    Concern,
    Conference,
    Conflict,
    Membership,
    Person,
)
from parents_partners.cases.policies import numbers_of, same_family
from parents_partners.cases.types import COURT, ConferenceState, MembershipRole
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import labels_of
from parents_partners.core.words import age_on
from parents_partners.referrals.models import Referral
from parents_partners.referrals.submission import Submission


def suggestions_for_referral(
    viewer: Actor,
    referral: Referral,
    submission: Submission,
    *,
    concerns: Collection[str],
    case: Case | None,
    now: datetime,
) -> list[Suggestion]:
    """For a referral that is not filed yet, with the concerns ticked so far; `case` is the known
    family it may be filed under."""
    today = local_day(now, programme_zone())
    kinds = _kinds()
    family = FamilyToRoute(
        languages=_languages(parent.preferred_language for parent in submission.agreeing_parents),
        borough=submission.case.borough,
        ages=tuple(
            age_on(today, child.date_of_birth)
            for child in submission.children
            if child.date_of_birth
        ),
        concerns=_concerns(concerns),
        conferences=tuple(
            ConferenceAhead(kinds.get(mention.kind, mention.kind), mention.starts_at)
            for mention in submission.conferences
            if mention.kind != COURT and mention.starts_at > now
        ),
    )
    return _suggestions(viewer, family, case, _conflicts(case, referral.number_key), now=now)


def suggestions_for_case(
    viewer: Actor, case: Case, *, now: datetime, concerns: Collection[str] | None = None
) -> list[Suggestion]:
    """For a filed family: the parents who wait or, where none does, all of them. `concerns` are
    those ticked so far; None: those on record."""
    today = local_day(now, programme_zone())
    kinds = _kinds()
    if concerns is None:
        concerns = set(db.session.scalars(select(Concern.code).where(Concern.case_id == case.id)))
    conferences = db.session.execute(
        select(Conference.kind, Conference.starts_at)
        .where(
            Conference.case_id == case.id,
            Conference.kind != COURT,
            Conference.state == ConferenceState.SCHEDULED,
            Conference.starts_at > now,
        )
        .order_by(Conference.starts_at, Conference.id)
    ).tuples()
    family = FamilyToRoute(
        languages=_languages(_spoken_in(case)),
        borough=case.borough,
        ages=tuple(age_on(today, born_on) for born_on in _birthdays_in(case)),
        concerns=_concerns(concerns),
        conferences=tuple(ConferenceAhead(kinds.get(kind, kind), at) for kind, at in conferences),
    )
    return _suggestions(viewer, family, case, _conflicts(case, case.number_key), now=now)


def _suggestions(
    viewer: Actor,
    family: FamilyToRoute,
    case: Case | None,
    conflicts: ColumnElement[bool],
    *,
    now: datetime,
) -> list[Suggestion]:
    zone = programme_zone()
    candidates = _candidates(viewer, family, case, conflicts, local_day(now, zone))
    return suggest(family, candidates, zone)


def _candidates(
    viewer: Actor,
    family: FamilyToRoute,
    case: Case | None,
    conflicts: ColumnElement[bool],
    today: date,
) -> list[Candidate]:
    """The active Family Specialists of the viewer's unit, in a constant number of statements."""
    profiles = db.session.execute(
        select(Specialist, User.public_id, User.name)
        .join(Specialist.user)
        .where(User.active, User.role == Role.SPECIALIST, User.unit_id == viewer.unit_id)
        .order_by(User.name, User.id)
    ).tuples()
    away = set(
        db.session.scalars(
            select(Away.specialist_id).where(Away.from_on <= today, Away.until_on >= today)
        )
    )
    in_conflict = set(
        db.session.scalars(select(Conflict.user_id).where(Conflict.ended_at.is_(None), conflicts))
    )
    families = Counter(
        dict(
            db.session.execute(
                select(Assignment.specialist_id, func.count(Assignment.case_id.distinct()))
                .where(Assignment.state.in_(OPEN))
                .group_by(Assignment.specialist_id)
            )
            .tuples()
            .all()
        )
    )
    busy = _conferences_near(family, case)
    known = _who_worked_with(case)
    return [
        Candidate(
            public_id=public_id,
            name=name,
            capacity=profile.capacity,
            families=families[profile.user_id],
            languages=frozenset(profile.languages),
            boroughs=frozenset(profile.boroughs),
            age_bands=frozenset(profile.age_bands),
            concerns_taken=frozenset(profile.concerns_taken),
            concerns_not_taken=frozenset(profile.concerns_not_taken),
            conferences=tuple(busy[profile.user_id]),
            away=profile.user_id in away,
            in_conflict=profile.user_id in in_conflict,
            worked_with_family=profile.user_id in known,
        )
        for profile, public_id, name in profiles
    ]


def _conferences_near(
    family: FamilyToRoute, case: Case | None
) -> defaultdict[int, list[ConferenceAhead]]:
    """The conferences of each specialist's other families around this family's own."""
    busy: defaultdict[int, list[ConferenceAhead]] = defaultdict(list)
    if not family.conferences:
        return busy
    times = [conference.starts_at for conference in family.conferences]
    kinds = _kinds()
    for specialist_id, kind, starts_at in db.session.execute(
        select(Assignment.specialist_id, Conference.kind, Conference.starts_at)
        .join(Conference, Conference.case_id == Assignment.case_id)
        .where(
            Assignment.state.in_(OPEN),
            Assignment.case_id != case.id if case else true(),
            Conference.state == ConferenceState.SCHEDULED,
            Conference.kind != COURT,
            Conference.starts_at.between(min(times) - CLASH, max(times) + CLASH),
        )
        .distinct()
        .order_by(Conference.starts_at)
    ).tuples():
        busy[specialist_id].append(ConferenceAhead(kinds.get(kind, kind), starts_at))
    return busy


def _who_worked_with(case: Case | None) -> set[int]:
    if case is None:
        return set()
    return set(
        db.session.scalars(
            select(Assignment.specialist_id).where(
                Assignment.case_id == case.id, Assignment.accepted_at.is_not(None)
            )
        )
    )


def _conflicts(case: Case | None, number: str | None) -> ColumnElement[bool]:
    """Who must not be asked about this family, known by its case or by any number of it."""
    families = same_family(case.id if case else None, number)
    return or_(
        Conflict.case_id.in_(families),
        Conflict.number_key.in_([number] if number else []),
        Conflict.number_key.in_(numbers_of(families)),
    )


def _spoken_in(case: Case) -> list[str | None]:
    rows = db.session.execute(
        select(Person.preferred_language, Waiting.id)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(
            Waiting,
            and_(
                Waiting.person_id == Person.id,
                Waiting.case_id == Membership.case_id,
                Waiting.ended_at.is_(None),
            ),
        )
        .where(Membership.case_id == case.id, Membership.role == MembershipRole.PARENT)
        .order_by(Membership.id)
    ).tuples()
    parents = list(rows)
    waiting = [language for language, place in parents if place is not None]
    return waiting or [language for language, _place in parents]


def _birthdays_in(case: Case) -> list[date]:
    return [
        born_on
        for born_on in db.session.scalars(
            select(Person.date_of_birth)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.case_id == case.id, Membership.role == MembershipRole.CHILD)
        )
        if born_on is not None
    ]


def _kinds() -> dict[str, str]:
    return {code: short_kind(label) for code, label in labels_of("conference_kind").items()}


def _languages(codes: Iterable[str | None]) -> dict[str, str]:
    labels = labels_of("language")
    return {code: labels.get(code, code) for code in codes if code}


def _concerns(codes: Collection[str]) -> dict[str, str]:
    return {code: label for code, label in labels_of("concern").items() if code in codes}
