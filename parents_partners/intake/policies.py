from sqlalchemy import ColumnElement

from parents_partners.accounts.types import Actor, Role
from parents_partners.core.permissions import Policy, role_rules
from parents_partners.intake.models import Draft

POLICY: Policy = {
    "draft:write": role_rules(Role.REFERRER, Role.HELPLINE),
}


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """A draft is its owner's alone: what stands in it has left nobody's desk yet (REF-03)."""
    return Draft.owner_id == viewer.id
