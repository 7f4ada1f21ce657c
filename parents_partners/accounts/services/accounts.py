"""What happens to an account: made, changed, disabled, enabled again."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, update

from parents_partners.accounts.hooks import person_leaves, role_about_to_change
from parents_partners.accounts.models import Invitation, Organisation, Unit, User
from parents_partners.accounts.services.naming import organisation_named, unit_named
from parents_partners.accounts.types import AccountCommand, Actor, NewUser, Role
from parents_partners.audit.queries import last_change
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.core.db import db, unless_taken
from parents_partners.core.errors import AlreadyDone, NotPermitted, Refused
from parents_partners.core.text import clean, email_problem, problem_with_text

LAST_ADMINISTRATOR = (
    "This is the last administrator who can sign in. Let somebody else be one first."
)


def add_user(new: NewUser, *, actor: Actor, now: datetime) -> User:
    """Raises Refused naming every field that is wrong at once."""
    role, organisation, unit = _checked(new, None)
    user = User(
        **_texts(new),
        password=new.password_hash,
        role=role,
        organisation=organisation,
        unit=unit,
        created_at=now,
    )
    with unless_taken(lambda: _checked(new, None)):
        db.session.add(user)
    record(Event.ACCOUNT_CREATED, user, actor=actor, now=now, role=role.value)
    return user


def change_account(
    user: User, command: AccountCommand, *, version: int, actor: Actor, now: datetime
) -> None:
    """Change what is known of a person, or what they may do. `version` is what the administrator
    had before them. Another role ends the person's sessions.

    Raises AlreadyDone if somebody changed the account since, Refused naming every field that is
    wrong at once, also where open work goes with the role or the unit."""
    _hold(user, actor)
    if user.version != version:
        raise _already_done("This account was changed.", user)
    role, organisation, unit = _checked(command, user)
    new_role = user.role is not role
    if new_role:
        _keep_an_administrator(user)
    if new_role or user.unit is not unit:
        role_about_to_change(user, "role" if new_role else "unit")
    detail = _detail_of(user, command, role, organisation, unit)
    if not detail["fields"]:
        return
    for name, text in _texts(command).items():
        setattr(user, name, text)
    user.role, user.organisation, user.unit = role, organisation, unit
    if new_role:
        user.fs_uniquifier = uuid4().hex
    record(Event.ACCOUNT_CHANGED, user, actor=actor, now=now, **detail)
    db.session.flush()


def disable_user(user: User, *, actor: Actor, now: datetime) -> None:
    """Ends every session of the account at once and lets nobody sign in with it, whatever work
    is open: who left is locked out first. Links that were handed over die with it."""
    _hold(user, actor)
    if not user.active:
        raise _already_done("This account is disabled already.", user)
    _keep_an_administrator(user)
    # Before the account itself: on PostgreSQL its new key would make everybody wait who is
    # writing down what this person just did, and they may hold a family that is needed here.
    person_leaves(user, actor=actor, now=now)
    user.active = False
    user.fs_uniquifier = uuid4().hex
    end_links(user, now=now)
    record(Event.ACCOUNT_DISABLED, user, actor=actor, now=now)
    db.session.flush()


def enable_user(user: User, *, actor: Actor, now: datetime) -> None:
    """Lets the person sign in again, with the password they had."""
    _hold(user, actor)
    if user.active:
        raise _already_done("This account is enabled already.", user)
    user.active = True
    record(Event.ACCOUNT_ENABLED, user, actor=actor, now=now)
    db.session.flush()


def change_password(user: User, password_hash: str, *, actor: Actor, now: datetime) -> None:
    """Ends every session of the account, and every link to choose another password: whoever knew
    the old one is out, and so is who has a link."""
    user.password = password_hash
    user.fs_uniquifier = uuid4().hex
    end_links(user, now=now)
    record(Event.ACCOUNT_CHANGED, user, actor=actor, now=now, field="password")
    db.session.flush()


def user_with_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def end_links(user: User, *, now: datetime) -> None:
    """No link that was made for this account can be used any more."""
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.user_id == user.id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )


def _hold(user: User, actor: Actor) -> None:
    """Hold the account and every administrator's, and look again: two who disable each other at
    one moment, or take the role from each other, are one after the other, and whoever comes second
    is no administrator any more.
    Raises NotPermitted for them, and for who would change their own account."""
    if user.id == actor.id:
        raise NotPermitted
    db.session.scalars(
        select(User)
        .where(User.id.in_((user.id, actor.id)) | (User.role == Role.ADMIN))
        .order_by(User.id)
        # Less than a full lock: who only names these people, as the actor of something, goes on.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    if actor.id is not None:
        own = db.session.get_one(User, actor.id)
        if not own.active or own.role is not actor.role:
            raise NotPermitted


def _keep_an_administrator(user: User) -> None:
    if user.role is not Role.ADMIN or not user.can_sign_in:
        return
    others = (
        select(func.count())
        .select_from(User)
        .where(User.role == Role.ADMIN, User.active, User.password != "", User.id != user.id)
    )
    if not db.session.scalar(others):
        raise Refused({"role": LAST_ADMINISTRATOR})


def _checked(command: AccountCommand, user: User | None) -> tuple[Role, Organisation, Unit | None]:
    """The role, the organisation and the unit that the command names. Raises Refused naming every
    field that is wrong. `user` is whose account it is already, None for a new one."""
    problems: dict[str, str] = {}
    email = command.email.strip().lower()
    known = user_with_email(email) if (words := email_problem(email)) is None else None
    if words:
        problems["email"] = words
    elif known is not None and known is not user:
        problems["email"] = "There is already an account with this e-mail address."
    for field, text, longest, what in (
        ("name", command.name, 200, "The name"),
        ("title", command.title or "", 200, "The title"),
        ("phone", command.phone or "", 40, "The phone number"),
    ):
        if words := problem_with_text(text, multiline=False, max_length=longest, what=what):
            problems[field] = words
    if not clean(command.name):
        problems["name"] = "Give the person's name."
    organisation = organisation_named(clean(command.organisation))
    if not command.organisation:
        problems["organisation"] = "Choose an organisation."
    elif organisation is None:
        problems["organisation"] = "There is no organisation of this name. Add it first."
    elif organisation.same_as_id is not None:
        problems["organisation"] = (
            "This is only a spelling of another organisation. Choose the one that it means."
        )
    role = command.role
    if role is None:
        problems["role"] = "Choose what this person may do."
    unit = unit_named(clean(command.unit)) if command.unit else None
    if command.unit and unit is None:
        problems["unit"] = "There is no unit of this name. Add it first."
    elif role is not None and role.belongs_to_a_unit and unit is None:
        problems["unit"] = f"The role {role.label} needs a unit."
    if problems or organisation is None or role is None:
        raise Refused(problems)
    return role, organisation, unit


def _texts(command: AccountCommand) -> dict[str, str | None]:
    """Name of the column -> the text as it is kept."""
    return {
        "email": command.email.strip().lower(),
        "name": clean(command.name),
        "title": clean(command.title or "") or None,
        "phone": clean(command.phone or "") or None,
    }


def _detail_of(
    user: User,
    command: AccountCommand,
    role: Role,
    organisation: Organisation,
    unit: Unit | None,
) -> dict[str, Any]:
    """For the audit log: which fields change, and from what to what where that is a code or an
    id. Never a name, an address or a number."""
    fields = [name for name, text in _texts(command).items() if getattr(user, name) != text]
    detail: dict[str, Any] = {"fields": fields}
    for field, before, after in (
        ("role", user.role.value, role.value),
        ("organisation", user.organisation_id, organisation.id),
        ("unit", user.unit_id, unit.id if unit else None),
    ):
        if before != after:
            fields.append(field)
            detail |= {f"{field}_from": before, f"{field}_to": after}
    return detail


def _already_done(what: str, user: User) -> AlreadyDone:
    last = last_change(subject=User.__tablename__, subject_id=user.id)
    if last is None:
        return AlreadyDone(what, by=None, at=None)
    return AlreadyDone(what, by=last.by, by_id=last.by_id, at=last.at)
