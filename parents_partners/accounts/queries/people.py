from datetime import datetime

from sqlalchemy import ColumnElement, false, select, tuple_

from parents_partners.accounts.links import token_hash
from parents_partners.accounts.models import Invitation, Organisation, Unit, User
from parents_partners.accounts.types import AccountFilter, AccountRow, AccountState, Actor
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.text import fold

ANYBODY = AccountFilter()
MOST_FOUND = 500
"""By words; more would be no answer."""


def accounts(
    wanted: AccountFilter = ANYBODY, *, after: str | None = None, size: int = PAGE_SIZE
) -> Page[AccountRow]:
    """Everybody who has or had an account, by name. `after` is a page's `next_key`."""
    chosen = (
        select(
            User.id,
            User.public_id,
            User.name,
            User.email,
            User.role,
            Organisation.name,
            Unit.name,
            User.active,
            User.password != "",
        )
        .join(User.organisation)
        .outerjoin(User.unit)
        .order_by(User.name, User.id)
        .limit(size + 1)
    )
    if wanted.words:
        chosen = chosen.where(User.id.in_(_found_by(wanted.words)))
    if wanted.role:
        chosen = chosen.where(User.role == wanted.role)
    if wanted.organisation:
        chosen = chosen.where(Organisation.public_id == wanted.organisation)
    if wanted.state:
        chosen = chosen.where(_is(wanted.state))
    match read_key(after):
        case (str() as name, int() as user_id):
            chosen = chosen.where(tuple_(User.name, User.id) > tuple_(name, user_id))
    rows = [
        AccountRow(*row[:-2], state=_state(active=row[-2], has_password=row[-1]))
        for row in db.session.execute(chosen)
    ]
    return page_of(rows, lambda row: (row.name, row.id), size)


def account_for(public_id: str) -> User:
    """Raises Absent for an id that nobody has."""
    user = db.session.scalar(select(User).where(User.public_id == public_id))
    if user is None:
        raise Absent
    return user


def other_account_for(viewer: Actor, public_id: str) -> User:
    """An account that the viewer may change. Their own is none: raises Absent."""
    user = account_for(public_id)
    if user.id == viewer.id:
        raise Absent
    return user


def latest_link(user: User) -> Invitation | None:
    """The last link that was made for this account, usable or not."""
    return db.session.scalar(
        select(Invitation)
        .where(Invitation.user_id == user.id)
        .order_by(Invitation.id.desc())
        .limit(1)
    )


def user_of_link(token: str, *, now: datetime) -> User:
    """Whose account a link opens. Raises Absent for one that cannot be used, whatever the
    reason."""
    invitation = db.session.scalar(
        select(Invitation).where(Invitation.token_hash == token_hash(token))
    )
    if invitation is None or not invitation.opens_at(now):
        raise Absent
    return invitation.user


def _found_by(words: str) -> list[int]:
    """Whose name and e-mail address hold each of the words, however accented and in capitals or
    not. A programme has hundreds of accounts: they are compared here, where every script can be
    folded, not in the database."""
    wanted = fold(words).split()
    found = [
        user_id
        for user_id, name, email in db.session.execute(
            select(User.id, User.name, User.email).order_by(User.name, User.id)
        )
        if all(word in f"{fold(name)} {fold(email)}" for word in wanted)
    ]
    return found[:MOST_FOUND]


def _is(state: AccountState) -> ColumnElement[bool]:
    match state:
        case AccountState.DISABLED:
            return User.active == false()
        case AccountState.INVITED:
            return User.active & (User.password == "")
        case AccountState.ACTIVE:
            return User.active & (User.password != "")


def _state(*, active: bool, has_password: bool) -> AccountState:
    if not active:
        return AccountState.DISABLED
    return AccountState.ACTIVE if has_password else AccountState.INVITED
