"""The administrator's pages about people, organisations and units, and the page of a link."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)

from parents_partners.accounts.routes import (  # noqa: E402 (they need the blueprint)
    exports,
    invitations,
    organisations,
    people,
    units,
)

__all__ = ["blueprint", "exports", "invitations", "organisations", "people", "units"]
