"""Who may do what with accounts, and whom a name of an organisation means."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import Organisation
from parents_partners.accounts.types import Role
from parents_partners.core.permissions import Policy, role_rules

POLICY: Policy = {
    "home:open": role_rules(*Role),
    "account:list": role_rules(Role.ADMIN),
    # Never of one's own account: the queries of these pages find that one for nobody.
    "account:invite": role_rules(Role.ADMIN),
    "account:change": role_rules(Role.ADMIN),
    "account:disable": role_rules(Role.ADMIN),
    "organisation:list": role_rules(Role.ADMIN),
    "organisation:change": role_rules(Role.ADMIN),
    "unit:list": role_rules(Role.ADMIN),
    "unit:change": role_rules(Role.ADMIN),
    "reference:change": role_rules(Role.ADMIN),
    # Declared here and not in audit/: the audit log lies below and knows no roles.
    "audit:read": role_rules(Role.AUDITOR),
}


def named_like(organisation_id: int | None) -> Select[int]:
    """The ids of an organisation and of its other spellings: what came in under any of them was
    sent by that organisation."""
    # By a name of its own: a query around it may well join organisations too.
    spelled = aliased(Organisation)
    return select(spelled.id).where(
        or_(spelled.id == organisation_id, spelled.same_as_id == organisation_id)
    )
