"""Who is signed in, as the plain `Actor` that services and queries take."""

from dataclasses import dataclass

from flask import Flask, g, request
from flask_login import UserMixin, current_user
from sqlalchemy import bindparam, inspect, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.core.db import rows
from parents_partners.core.reference import VERSION, stands_at


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login tells no types
    """Whoever a session names: what every request asks for, as one row and no entity. The names
    of the fields are Flask-Security's."""

    fs_uniquifier: str
    actor: Actor
    roles: tuple[()] = ()

    def get_id(self) -> str:
        return self.fs_uniquifier


_user = inspect(User).local_table.c
_SIGNED_IN = select(
    VERSION, _user.id, _user.name, _user.role, _user.organisation_id, _user.unit_id
).where(_user.fs_uniquifier == bindparam("named"), _user.active)


def init_app(app: Flask) -> None:
    app.before_request(_load_actor)


def signed_in(uniquifier: str) -> SignedIn | None:
    """Whom a session names; None if nobody, and nobody who was disabled since."""
    row = rows(_SIGNED_IN, {"named": uniquifier}).one_or_none()
    if row is None:
        return None
    version, user_id, name, role, organisation_id, unit_id = row
    stands_at(version)
    return SignedIn(uniquifier, Actor(user_id, name, role, organisation_id, unit_id))


def current_actor() -> Actor:
    """Whoever is signed in. Only for views that carry a permission."""
    actor: Actor = g.actor
    return actor


def _load_actor() -> None:
    g.actor = None
    if request.endpoint != "static" and current_user.is_authenticated:
        g.actor = current_user.actor
