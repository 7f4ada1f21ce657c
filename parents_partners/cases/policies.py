"""Which families a person may see. Every query of families goes through `visible_to`."""

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from parents_partners.accounts.types import Actor, Role
from parents_partners.cases.models import Case, Conflict
from parents_partners.core.permissions import Policy, role_rules

POLICY: Policy = {
    "family:read": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
    "family:list": role_rules(Role.SUPERVISOR),
    "consent:withdraw": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
    "consent:confirm": role_rules(Role.SPECIALIST),
    "consent:record": role_rules(Role.SPECIALIST),
    "conference:change": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
}

CARRIED_STATES = ("accepted", "in_contact")
OPEN_STATES = ("offered", *CARRIED_STATES)


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Case` under which `viewer` may see the family (security.md).

    A specialist: the families they carry (an offer alone opens nothing). A supervisor: families
    that somebody of their unit carries, carried last or is offered, and those nobody has. The
    conflict list takes away from everybody."""
    if viewer.role is Role.SPECIALIST:
        allowed: ColumnElement[bool] = or_(
            *(
                Case.assignments.any(specialist_id=viewer.id, state=state)
                for state in CARRIED_STATES
            )
        )
    elif viewer.role is Role.SUPERVISOR:
        allowed = or_(
            Case.assignments.any(unit_id=viewer.unit_id),
            unassigned(),
        )
    elif viewer.role is None:
        return true()
    else:
        return false()
    return and_(allowed, not_(in_conflict(viewer)))


def unassigned() -> ColumnElement[bool]:
    """Nobody carries the family or is asked to."""
    return not_(or_(*(Case.assignments.any(state=state) for state in OPEN_STATES)))


def in_conflict(viewer: Actor) -> ColumnElement[bool]:
    """The viewer stands on the conflict list for this family: by case or by case number."""
    return (
        select(Conflict.id)
        .where(
            Conflict.user_id == viewer.id,
            Conflict.ended_at.is_(None),
            or_(
                Conflict.case_id == Case.id,
                and_(Conflict.number_key.is_not(None), Conflict.number_key == Case.number_key),
            ),
        )
        .correlate(Case)
        .exists()
    )
