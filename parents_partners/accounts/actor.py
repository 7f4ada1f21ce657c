"""Who is signed in, as the plain `Actor` that services and queries take."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, g, request
from flask_login import UserMixin, current_user
from sqlalchemy import Select, bindparam, exists, inspect, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor
from parents_partners.core.db import only_row
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


def init_app(app: Flask) -> None:
    app.before_request(_load_actor)


def signed_in(uniquifier: str) -> SignedIn | None:
    """Whom a session names; None if nobody, and nobody who was disabled since."""
    row = only_row(_signed_in(), {"named": uniquifier})
    if row is None:
        return None
    version, *about_them = row
    stands_at(version)
    return SignedIn(uniquifier, Actor(*about_them))


@cache
def _signed_in() -> Select[*tuple[Any, ...]]:
    """The version of lists and settings, and the fields of an `Actor`. The conflict list belongs
    to a slice above (decision 1): its table is known when the first request comes."""
    user = inspect(User).local_table.c
    conflict = User.metadata.tables["conflict"].c
    in_force = exists().where(conflict.user_id == user.id, conflict.ended_at.is_(None))
    return select(
        VERSION, user.id, user.name, user.role, user.organisation_id, user.unit_id, in_force
    ).where(user.fs_uniquifier == bindparam("named"), user.active)


def current_actor() -> Actor:
    """Whoever is signed in. Only for views that carry a permission."""
    actor: Actor = g.actor
    return actor


def _load_actor() -> None:
    g.actor = None
    if request.endpoint != "static" and current_user.is_authenticated:
        g.actor = current_user.actor
