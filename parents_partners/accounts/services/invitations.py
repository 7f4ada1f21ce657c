"""How a person comes to a password: a link that the administrator hands over. There is no mail."""

from datetime import datetime, timedelta

from sqlalchemy import select

from parents_partners.accounts.links import new_token, token_hash
from parents_partners.accounts.models import Invitation, User
from parents_partners.accounts.services.accounts import add_user, change_password, end_links
from parents_partners.accounts.types import AccountCommand, Actor, HandedLink, NewUser
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.core.db import db
from parents_partners.core.errors import Absent, NotPermitted, Refused
from parents_partners.core.reference import setting_days


def invite(command: AccountCommand, *, actor: Actor, now: datetime) -> tuple[User, HandedLink]:
    """Make an account that nobody can sign in with yet, and the link for its person. Raises
    Refused as `add_user` does."""
    user = add_user(NewUser(**vars(command)), actor=actor, now=now)
    return user, _make_link(user, actor=actor, now=now)


def make_link(user: User, *, actor: Actor, now: datetime) -> HandedLink:
    """A new link to choose a password; those made before die. The password that the person may
    have holds until they use it. Raises Refused for a disabled account."""
    if user.id == actor.id:
        raise NotPermitted
    # Two links at one moment come one after the other, and the first of them dies.
    db.session.refresh(user, with_for_update={"key_share": True})
    if not user.active:
        raise Refused("This account is disabled. Enable it first.")
    end_links(user, now=now)
    return _make_link(user, actor=actor, now=now)


def choose_password(token: str, password_hash: str, *, now: datetime) -> User:
    """Use a link: once. Every session of the account ends. Raises Absent for a link that cannot
    be used, whatever the reason."""
    invitation = db.session.scalar(
        select(Invitation).where(Invitation.token_hash == token_hash(token))
    )
    if invitation is None:
        raise Absent
    # The account first, as whoever disables it or makes another link has it; then look again.
    user = invitation.user
    db.session.refresh(user, with_for_update={"key_share": True})
    db.session.refresh(invitation)
    if not invitation.opens_at(now):
        raise Absent
    invitation.used_at = now
    change_password(user, password_hash, actor=user.as_actor(), now=now)
    return user


def _make_link(user: User, *, actor: Actor, now: datetime) -> HandedLink:
    token = new_token()
    until = now + timedelta(days=setting_days("invitation_days"))
    db.session.add(
        Invitation(
            user_id=user.id,
            token_hash=token_hash(token),
            made_at=now,
            made_by_id=actor.id,
            expires_at=until,
        )
    )
    if user.password:
        record(Event.ACCOUNT_CHANGED, user, actor=actor, now=now, field="link")
    else:
        record(Event.ACCOUNT_INVITED, user, actor=actor, now=now, role=user.role.value)
    db.session.flush()
    return HandedLink(token, until)
