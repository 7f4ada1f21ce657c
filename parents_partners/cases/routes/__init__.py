"""Papers of a family, and who must not see one: one blueprint."""

from flask import Blueprint

blueprint = Blueprint("cases", __name__)

from parents_partners.cases.routes import (  # noqa: E402 (they need the blueprint)
    conflicts,
    papers,
)

__all__ = ["blueprint", "conflicts", "papers"]
