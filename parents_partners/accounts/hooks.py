"""What happens to an account that an upper slice may want to forbid, act on or speak about, in
the same transaction."""

from collections.abc import Callable
from datetime import datetime

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.core.hooks import hook


@hook
def role_about_to_change(user: User, field: str) -> None:
    """The role or the unit of this account will change. A listener raises Refused, at `field`,
    while work is open that goes with them."""


@hook
def person_leaves(user: User, *, actor: Actor, now: datetime) -> None:
    """The account will be disabled, whatever work is open."""


@hook
def account_looked_at(user: User, say: Callable[[str], None]) -> None:
    """An administrator looks at this account. A listener says what they should know of the work
    behind it: a sentence with numbers and without names, since they see no family."""
