from collections import defaultdict

from sqlalchemy import select

from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import Role, UnitRow
from parents_partners.core.db import db
from parents_partners.core.errors import Absent

MOST_UNITS = 500
"""A city's programme has a dozen."""


def units() -> list[UnitRow]:
    """Every unit by name, with those of its people who can sign in or are invited."""
    people: defaultdict[tuple[int, Role], list[str]] = defaultdict(list)
    for unit_id, role, name in db.session.execute(
        select(User.unit_id, User.role, User.name)
        .where(User.active, User.role.in_((Role.SUPERVISOR, Role.SPECIALIST)))
        .order_by(User.name, User.id)
    ).tuples():
        if unit_id is not None:
            people[unit_id, role].append(name)
    return [
        UnitRow(
            public_id=unit.public_id,
            name=unit.name,
            supervisors=tuple(people[unit.id, Role.SUPERVISOR]),
            specialists=tuple(people[unit.id, Role.SPECIALIST]),
        )
        for unit in db.session.scalars(select(Unit).order_by(Unit.name).limit(MOST_UNITS))
    ]


def unit_names() -> list[str]:
    """To choose from."""
    return list(db.session.scalars(select(Unit.name).order_by(Unit.name).limit(MOST_UNITS)))


def unit_for(public_id: str) -> Unit:
    """Raises Absent for an id that no unit has."""
    unit = db.session.scalar(select(Unit).where(Unit.public_id == public_id))
    if unit is None:
        raise Absent
    return unit
