"""Who routes, who accepts, who writes down: and which stints a person may see."""

from typing import Protocol

from sqlalchemy import ColumnElement, false, or_, select, true

from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Activity, Assignment, HandOver, HandOverNote
from parents_partners.advocates.types import HandOverState
from parents_partners.core.permissions import Policy, Rule, role_rules


class Stint(Protocol):
    """An assignment, or a page's row about one."""

    @property
    def specialist_id(self) -> int: ...
    @property
    def unit_id(self) -> int: ...


def is_their_own(actor: Actor, stint: Stint) -> bool:
    return stint.specialist_id == actor.id


def is_of_their_unit(actor: Actor, stint: Stint) -> bool:
    return stint.unit_id == actor.unit_id


POLICY: Policy = {
    "triage:read": role_rules(Role.SUPERVISOR),
    "assignment:offer": role_rules(Role.SUPERVISOR),
    "assignment:take_back": role_rules(Role.SUPERVISOR),
    "assignment:accept": role_rules(Role.SPECIALIST),
    "assignment:decline": role_rules(Role.SPECIALIST),
    "assignment:end": [
        Rule(Role.SPECIALIST, (is_their_own,)),
        Rule(Role.SUPERVISOR, (is_of_their_unit,)),
    ],
    "assignment:reopen": role_rules(Role.SUPERVISOR),
    "caseload:read": role_rules(Role.SPECIALIST),
    "caseload:export": role_rules(Role.SPECIALIST),
    "family:export": role_rules(Role.SUPERVISOR),
    "activity:log": role_rules(Role.SPECIALIST),
    "profile:change": role_rules(Role.SPECIALIST),
    "profile:supervise": role_rules(Role.SUPERVISOR),
    "task:change": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
    "task:list": role_rules(Role.SUPERVISOR),
    "service:offer": role_rules(Role.SPECIALIST),
    "service:follow": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
    "hand_over:ask": [Rule(Role.SUPERVISOR, (is_of_their_unit,))],
    "hand_over:give": role_rules(Role.SPECIALIST),
    "hand_over:take": role_rules(Role.SPECIALIST),
    "hand_over:decline": role_rules(Role.SPECIALIST),
    "hand_over:take_back": role_rules(Role.SUPERVISOR),
    "workload:read": role_rules(Role.SUPERVISOR),
}


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Assignment` under which `viewer` may see the stint: a specialist their
    own, a supervisor their unit's. The conflict list is asked of the case."""
    if viewer.role is Role.SPECIALIST:
        return Assignment.specialist_id == viewer.id
    if viewer.role is Role.SUPERVISOR:
        return Assignment.unit_id == viewer.unit_id
    return true() if viewer.role is None else false()


def notes_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Activity`, of a family that `viewer` may see, under which they may read
    its note. A specialist: what was done in their own stints, and what the parents let pass on
    when the family was handed over to them. A supervisor: what their unit did, whoever of it."""
    if viewer.role is Role.SPECIALIST:
        own = select(Assignment.id).where(Assignment.specialist_id == viewer.id)
        passed_on = (
            select(HandOverNote.activity_id)
            .join(HandOver, HandOver.id == HandOverNote.hand_over_id)
            .where(HandOver.to_specialist_id == viewer.id, HandOver.state == HandOverState.TAKEN)
        )
        return or_(Activity.assignment_id.in_(own), Activity.id.in_(passed_on))
    if viewer.role is Role.SUPERVISOR:
        of_the_unit = select(Assignment.id).where(Assignment.unit_id == viewer.unit_id)
        return Activity.assignment_id.in_(of_the_unit)
    return true() if viewer.role is None else false()
