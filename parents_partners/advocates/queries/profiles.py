"""Working profiles, for the Family Specialist they are about and the supervisor of the unit."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.lifecycle import CARRIED, OPEN
from parents_partners.advocates.models import Assignment, Away, Specialist
from parents_partners.advocates.policies import visible_to
from parents_partners.cases.models import Case
from parents_partners.cases.policies import visible_to as family_visible_to
from parents_partners.cases.queries import ConferenceRow, conferences_between
from parents_partners.core.clock import end_of_day, programme_zone, start_of_day
from parents_partners.core.db import db
from parents_partners.core.errors import Absent


@dataclass(frozen=True)
class SpecialistRow:
    """A line of the list of a unit's Family Specialists. `capacity` None: no profile yet.
    `families` counts those they carry or are offered; `away_until` is the last day of days away
    that have begun."""

    public_id: str
    name: str
    capacity: int | None
    families: int
    languages: tuple[str, ...]
    not_taken: int
    away_until: date | None


@dataclass(frozen=True)
class UncoveredRow:
    """A conference of a family in days on which its specialist is away (PP-10)."""

    family_id: str
    family: str
    conference: ConferenceRow


@dataclass(frozen=True)
class AwayRow:
    """Days away that are not over. `id` names them among the specialist's own."""

    id: int
    from_on: date
    until_on: date
    uncovers: tuple[UncoveredRow, ...]


def own_account(viewer: Actor) -> User:
    return db.session.get_one(User, viewer.id)


def specialist_in_unit(viewer: Actor, public_id: str) -> User:
    """An active Family Specialist of the supervisor's unit. Raises Absent."""
    user = db.session.scalar(
        select(User).where(
            User.public_id == public_id,
            User.role == Role.SPECIALIST,
            User.active,
            User.unit_id == viewer.unit_id,
        )
    )
    if user is None:
        raise Absent
    return user


def specialists_of(viewer: Actor, *, today: date) -> list[SpecialistRow]:
    """The active Family Specialists of the supervisor's unit, by name."""
    families = (
        select(func.count(Assignment.case_id.distinct()))
        .where(Assignment.specialist_id == User.id, Assignment.state.in_(OPEN))
        .scalar_subquery()
    )
    away_until = (
        select(func.max(Away.until_on))
        .where(Away.specialist_id == User.id, Away.from_on <= today, Away.until_on >= today)
        .scalar_subquery()
    )
    return [
        SpecialistRow(
            public_id=public_id,
            name=name,
            capacity=profile.capacity if profile else None,
            families=count,
            languages=tuple(profile.languages) if profile else (),
            not_taken=len(profile.concerns_not_taken) if profile else 0,
            away_until=until,
        )
        for public_id, name, profile, count, until in db.session.execute(
            select(User.public_id, User.name, Specialist, families, away_until)
            .outerjoin(Specialist, Specialist.user_id == User.id)
            .where(User.active, User.role == Role.SPECIALIST, User.unit_id == viewer.unit_id)
            .order_by(User.name, User.id)
        ).tuples()
    ]


def profile_of(user: User) -> Specialist | None:
    """None: nobody has filled it in yet."""
    return db.session.get(Specialist, user.id)


def families_carried(user: User) -> int:
    """How many families they carry or are offered: what counts against their capacity."""
    return (
        db.session.scalar(
            select(func.count(Assignment.case_id.distinct())).where(
                Assignment.specialist_id == user.id, Assignment.state.in_(OPEN)
            )
        )
        or 0
    )


def own_away(user: User, away_id: int) -> Away | None:
    """Days away of this specialist. None: they are taken back already, or are somebody else's."""
    away = db.session.get(Away, away_id)
    return away if away is not None and away.specialist_id == user.id else None


def away_of(viewer: Actor, user: User, *, today: date) -> list[AwayRow]:
    """Days away that are not over, with the conferences of their families that they uncover, as
    far as the viewer may see those families (PP-10)."""
    periods = db.session.scalars(
        select(Away)
        .where(Away.specialist_id == user.id, Away.until_on >= today)
        .order_by(Away.from_on, Away.id)
    ).all()
    if not periods:
        return []
    cases = {
        case_id: (public_id, name)
        for case_id, public_id, name in db.session.execute(
            select(Case.id, Case.public_id, Case.name)
            .join(Assignment, Assignment.case_id == Case.id)
            .where(
                Assignment.specialist_id == user.id,
                Assignment.state.in_(CARRIED),
                visible_to(viewer),
                family_visible_to(viewer),
            )
        ).tuples()
    }
    first = max(min(one.from_on for one in periods), today)
    last = max(one.until_on for one in periods)
    zone = programme_zone()
    conferences = conferences_between(cases, start_of_day(first, zone), end_of_day(last, zone))
    return [
        AwayRow(
            id=one.id,
            from_on=one.from_on,
            until_on=one.until_on,
            uncovers=tuple(
                UncoveredRow(*cases[row.case_id], row)
                for row in conferences
                if _starts_within(row, one, today)
            ),
        )
        for one in periods
    ]


def _starts_within(row: ConferenceRow, away: Away, today: date) -> bool:
    zone = programme_zone()
    first: datetime = start_of_day(max(away.from_on, today), zone)
    return first <= row.starts_at < end_of_day(away.until_on, zone)
