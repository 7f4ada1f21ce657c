"""Units of Family Specialists and the supervisors who answer for them (PP-03)."""

from datetime import datetime

from parents_partners.accounts.models import Unit
from parents_partners.accounts.services.naming import checked_name, unit_named
from parents_partners.accounts.types import Actor
from parents_partners.audit.queries import last_change
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.core.db import db, unless_taken
from parents_partners.core.errors import AlreadyDone, Refused

KNOWN = "There is already a unit of this name."


def add_unit(name: str, *, actor: Actor, now: datetime) -> Unit:
    """A unit of specialists and their supervisors (PP-03). Raises Refused for a known name."""
    name = checked_name(name, "The unit's name")
    _refuse_known(name)
    unit = Unit(name=name)
    with unless_taken(lambda: _refuse_known(name)):
        db.session.add(unit)
    record(Event.UNIT_CREATED, unit, actor=actor, now=now)
    return unit


def rename_unit(unit: Unit, name: str, *, seen: str, actor: Actor, now: datetime) -> None:
    """`seen` is the name that the administrator had before them. Raises AlreadyDone if somebody
    changed it since, Refused for a name that another unit has. The same name again is no
    change."""
    name = checked_name(name, "The unit's name")
    db.session.refresh(unit, with_for_update={"key_share": True})
    if unit.name != seen:
        last = last_change(subject=Unit.__tablename__, subject_id=unit.id)
        raise AlreadyDone(
            "This unit was renamed.",
            by=last.by if last else None,
            by_id=last.by_id if last else None,
            at=last.at if last else None,
        )
    known = unit_named(name)
    if known is unit:
        return
    if known is not None:
        raise Refused({"name": KNOWN})
    with unless_taken(lambda: _refuse_known(name)):
        unit.name = name
    record(Event.UNIT_CHANGED, unit, actor=actor, now=now, fields=["name"])
    db.session.flush()


def _refuse_known(name: str) -> None:
    if unit_named(name) is not None:
        raise Refused({"name": KNOWN})
