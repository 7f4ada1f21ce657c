"""What an operator does with accounts. Nobody signs up by themselves."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from parents_partners.accounts.models import Organisation, Unit, User
from parents_partners.accounts.types import Actor, NewUser, OrganisationKind
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.text import clean, email_problem, fold, problem_with_text


def add_organisation(
    name: str, kind: OrganisationKind, *, actor: Actor, now: datetime
) -> Organisation:
    """Raises Refused where the name cannot be kept or is known already, however it is written."""
    name = _name(name, "name", "The organisation's name")
    known = _organisation(name)
    if known is not None:
        raise Refused({"name": f"There is already an organisation of this name: {known.name}."})
    organisation = Organisation(name=name, name_key=fold(name), kind=kind)
    db.session.add(organisation)
    db.session.flush()
    record(Event.ORGANISATION_CREATED, organisation, actor=actor, now=now, kind=kind.value)
    return organisation


def known_or_new_organisation(name: str, *, actor: Actor, now: datetime) -> Organisation:
    """The organisation that a sender names, compared without case and accents; made without
    accounts where nobody has heard of it, to be sorted later."""
    return _organisation(clean(name)) or add_organisation(
        name, OrganisationKind.UNKNOWN, actor=actor, now=now
    )


def add_unit(name: str, *, actor: Actor, now: datetime) -> Unit:
    """A unit of specialists and their supervisors (PP-03). Raises Refused for a known name."""
    name = _name(name, "name", "The unit's name")
    if _unit(name) is not None:
        raise Refused({"name": "There is already a unit of this name."})
    unit = Unit(name=name)
    db.session.add(unit)
    db.session.flush()
    record(Event.UNIT_CREATED, unit, actor=actor, now=now)
    return unit


def add_user(new: NewUser, *, actor: Actor, now: datetime) -> User:
    """Raises Refused naming every field that is wrong at once."""
    problems: dict[str, str] = {}
    email = new.email.strip().lower()
    if words := email_problem(email):
        problems["email"] = words
    elif user_with_email(email) is not None:
        problems["email"] = "There is already an account with this e-mail address."
    for field, text, length in (("name", new.name, 200), ("title", new.title or "", 200)):
        if words := problem_with_text(text, multiline=False, max_length=length):
            problems[field] = words
    if not clean(new.name):
        problems["name"] = "Give the person's name."
    organisation = _organisation(clean(new.organisation))
    if organisation is None:
        problems["organisation"] = "There is no organisation of this name. Add it first."
    unit = _unit(clean(new.unit)) if new.unit else None
    if new.unit and unit is None:
        problems["unit"] = "There is no unit of this name. Add it first."
    elif new.role.belongs_to_a_unit and unit is None:
        problems["unit"] = f"The role {new.role.label} needs a unit."
    if problems or organisation is None:
        raise Refused(problems)
    user = User(
        email=email,
        name=clean(new.name),
        title=clean(new.title) if new.title else None,
        phone=clean(new.phone) if new.phone else None,
        password=new.password_hash,
        role=new.role,
        organisation=organisation,
        unit=unit,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    record(Event.ACCOUNT_CREATED, user, actor=actor, now=now, role=new.role.value)
    return user


def disable_user(user: User, *, actor: Actor, now: datetime) -> None:
    """Ends every session of the account at once and lets nobody sign in with it."""
    if not user.active:
        raise Refused({"email": "This account is disabled already."})
    user.active = False
    user.fs_uniquifier = uuid4().hex
    record(Event.ACCOUNT_DISABLED, user, actor=actor, now=now)
    db.session.flush()


def change_password(user: User, password_hash: str, *, actor: Actor, now: datetime) -> None:
    """Ends every session of the account: whoever knew the old password is out."""
    user.password = password_hash
    user.fs_uniquifier = uuid4().hex
    record(Event.ACCOUNT_CHANGED, user, actor=actor, now=now, field="password")
    db.session.flush()


def user_with_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def _organisation(name: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.name_key == fold(name)))


def _unit(name: str) -> Unit | None:
    return db.session.scalar(select(Unit).where(Unit.name == name))


def _name(text: str, field: str, what: str) -> str:
    words = problem_with_text(text, multiline=False, max_length=200, what=what)
    if words is None and not clean(text):
        words = f"{what} is missing."
    if words:
        raise Refused({field: words})
    return clean(text)
