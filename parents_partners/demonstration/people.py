"""The people of the demonstration, as `sample_data/people.toml` describes them."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from parents_partners.accounts import passwords, services
from parents_partners.accounts.models import User
from parents_partners.accounts.types import COMMAND_LINE, NewUser, OrganisationKind, Role
from parents_partners.advocates.services.profiles import be_away, set_profile
from parents_partners.advocates.types import Profile
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.local_time import local_day

FILE = Path(__file__).resolve().parent.parent / "sample_data" / "people.toml"
JOINED_BEFORE = timedelta(days=400)
"""How long before the day of loading the accounts were made: no referral is older."""


@dataclass(frozen=True)
class DemonstrationAccount:
    """Somebody who can sign in to the demonstration. `away_days`: first and last day away,
    counted from the day of loading."""

    name: str
    email: str
    role: Role
    organisation: str
    unit: str | None = None
    title: str | None = None
    phone: str | None = None
    profile: Profile | None = None
    away_days: tuple[int, int] | None = None

    @property
    def password(self) -> str:
        return passwords.DEMONSTRATION_PASSWORD


def _account(row: dict[str, Any]) -> DemonstrationAccount:
    first_and_last = row.get("away_days")
    return DemonstrationAccount(
        **{
            **row,
            "role": Role(row["role"]),
            "profile": _profile(row["profile"]) if "profile" in row else None,
            "away_days": tuple(first_and_last) if first_and_last else None,
        }
    )


def _profile(row: dict[str, Any]) -> Profile:
    values: dict[str, Any] = {
        field: tuple(value) if isinstance(value, list) else value for field, value in row.items()
    }
    return Profile(**values)


_DESCRIBED = tomllib.loads(FILE.read_text(encoding="utf-8"))
ORGANISATIONS = {row["name"]: OrganisationKind(row["kind"]) for row in _DESCRIBED["organisation"]}
UNITS = tuple(row["name"] for row in _DESCRIBED["unit"])
PEOPLE = tuple(_account(row) for row in _DESCRIBED["person"])


def one_per_role() -> list[DemonstrationAccount]:
    """The first account of each role, in the order of the roles."""
    return [next(person for person in PEOPLE if person.role is role) for role in Role]


def others() -> list[DemonstrationAccount]:
    """Everybody else, role by role."""
    first = one_per_role()
    return [
        person for role in Role for person in PEOPLE if person.role is role and person not in first
    ]


def load_people(*, now: datetime) -> None:
    """Make organisations, units, accounts and profiles. Raises Refused where there are accounts
    already: nobody's real database is mixed with invented people."""
    if db.session.scalar(select(func.count()).select_from(User)):
        raise Refused("There are accounts already. Load the demonstration into an empty database.")
    joined_at = now - JOINED_BEFORE
    for name, kind in ORGANISATIONS.items():
        services.add_organisation(name, kind, actor=COMMAND_LINE, now=joined_at)
    for name in UNITS:
        services.add_unit(name, actor=COMMAND_LINE, now=joined_at)
    # One hash for all: hashing is slow on purpose, and the password is no secret here.
    password_hash = passwords.hashed(passwords.DEMONSTRATION_PASSWORD)
    for person in PEOPLE:
        _load(person, password_hash, joined_at=joined_at, now=now)


def _load(
    person: DemonstrationAccount, password_hash: str, *, joined_at: datetime, now: datetime
) -> None:
    user = services.add_user(
        NewUser(
            email=person.email,
            name=person.name,
            role=person.role,
            organisation=person.organisation,
            unit=person.unit,
            title=person.title,
            phone=person.phone,
            password_hash=password_hash,
        ),
        actor=COMMAND_LINE,
        now=joined_at,
    )
    if person.profile is None:
        return
    specialist = set_profile(user, person.profile, actor=COMMAND_LINE, now=joined_at)
    if person.away_days is not None:
        today = local_day(now, programme_zone())
        first, last = (today + timedelta(days=days) for days in person.away_days)
        be_away(specialist, first, last, actor=COMMAND_LINE, now=now)
