"""Who may do what with accounts, and whom a name of an organisation means."""

from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from parents_partners.accounts.models import Organisation
from parents_partners.accounts.types import Actor, Role, ViewerKind
from parents_partners.core.permissions import Policy, role_rules

POLICY: Policy = {
    "home:open": role_rules(*Role),
    "account:list": role_rules(Role.ADMIN),
    "account:export": role_rules(Role.ADMIN),
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
    "audit:export": role_rules(Role.AUDITOR),
}


def named_like(organisation_id: int | None) -> Select[int]:
    """The ids of an organisation and of its other spellings: what came in under any of them was
    sent by that organisation."""
    # By a name of its own: a query around it may well join organisations too.
    spelled = aliased(Organisation)
    return select(spelled.id).where(
        or_(spelled.id == organisation_id, spelled.same_as_id == organisation_id)
    )


def other_spellings_of(organisation_id: int | None) -> Select[int]:
    """The ids of the organisation's other spellings, without its own."""
    spelled = aliased(Organisation)
    return select(spelled.id).where(spelled.same_as_id == organisation_id)


@cache
def stand_in(kind: ViewerKind) -> Actor:
    """Whoever of this kind will look: a busy page builds its query once for all of them, and says
    with each execution who it is, by `said_of(viewer)`. Where that is left out the query is
    refused: it never runs for somebody else.

    For queries, not for rules: its ids are places in a query, no numbers."""
    ids: Any = {name: bindparam(f"viewer_{name}", type_=Integer) for name in ("id", *_OF_A_VIEWER)}
    return Actor(name="", role=kind.role, has_conflicts=kind.has_conflicts, **ids)


def said_of(viewer: Actor) -> dict[str, int | None]:
    """The values for a query that was built with the viewer's `stand_in`."""
    return {f"viewer_{name}": getattr(viewer, name) for name in ("id", *_OF_A_VIEWER)}


_OF_A_VIEWER = ("organisation_id", "unit_id")
