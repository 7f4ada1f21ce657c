"""The pages of supervisors and Family Specialists: one blueprint, one room a page family."""

from flask import Blueprint

blueprint = Blueprint("advocates", __name__)
