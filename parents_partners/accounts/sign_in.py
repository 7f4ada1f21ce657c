"""Sign-in with Flask-Security: passwords hashed with argon2, no self-registration."""

from flask import Flask
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore

from parents_partners.accounts.models import User
from parents_partners.core.db import db
from parents_partners.core.permissions import public

security = Security()


def init_app(app: Flask) -> None:
    app.config.update(
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="home.landing",
        SECURITY_POST_LOGOUT_VIEW="security.login",
        SECURITY_LOGIN_USER_TEMPLATE="accounts/sign_in.html",
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (a method's name, no password)
        # argon2 salts every password itself; no second, global salt that could be lost.
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_FLASH_MESSAGES=True,
        SECURITY_STATIC_FOLDER=None,
    )
    security.init_app(app, SQLAlchemyUserDatastore(db, User, RoleMixin))
    for endpoint in ("security.login", "security.logout", "security.verify"):
        if endpoint in app.view_functions:
            public(app.view_functions[endpoint])
