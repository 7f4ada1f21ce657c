"""What happens to a case that an upper slice may want to act on, in the same transaction."""

from datetime import datetime

from parents_partners.accounts.types import Actor
from parents_partners.cases.models import Case, Person
from parents_partners.cases.types import ConsentScope
from parents_partners.core.hooks import hook


@hook
def consent_withdrawn(
    case: Case, person: Person, scopes: frozenset[ConsentScope], *, actor: Actor, now: datetime
) -> None:
    """A parent took back `scopes`; the consents say so already (ADV-05)."""


@hook
def colleague_kept_out(user_id: int, *, actor: Actor, now: datetime) -> None:
    """The conflict list keeps this colleague out of one more family; the entry stands already."""
