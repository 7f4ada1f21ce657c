"""Who routes, who accepts, who writes down: and which stints a person may see."""

from sqlalchemy import ColumnElement, false, true

from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Assignment
from parents_partners.core.permissions import Policy, role_rules

POLICY: Policy = {
    "triage:read": role_rules(Role.SUPERVISOR),
    "assignment:offer": role_rules(Role.SUPERVISOR),
    "assignment:take_back": role_rules(Role.SUPERVISOR),
    "assignment:accept": role_rules(Role.SPECIALIST),
    "assignment:decline": role_rules(Role.SPECIALIST),
    "assignment:end": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
    "assignment:reopen": role_rules(Role.SUPERVISOR),
    "caseload:read": role_rules(Role.SPECIALIST),
    "activity:log": role_rules(Role.SPECIALIST),
}


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Assignment` under which `viewer` may see the stint: a specialist their
    own, a supervisor their unit's. The conflict list is asked of the case."""
    if viewer.role is Role.SPECIALIST:
        return Assignment.specialist_id == viewer.id
    if viewer.role is Role.SUPERVISOR:
        return Assignment.unit_id == viewer.unit_id
    return true() if viewer.role is None else false()
