"""Who is signed in, as the plain `Actor` that services and queries take."""

from flask import Flask, g, request
from flask_login import current_user

from parents_partners.accounts.types import Actor


def init_app(app: Flask) -> None:
    app.before_request(_load_actor)


def current_actor() -> Actor:
    """Whoever is signed in. Only for views that carry a permission."""
    actor: Actor = g.actor
    return actor


def _load_actor() -> None:
    g.actor = None
    if request.endpoint != "static" and current_user.is_authenticated:
        g.actor = current_user.as_actor()
