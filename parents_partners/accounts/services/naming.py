"""Names of organisations and units: judged, and found however they are written."""

from sqlalchemy import select

from parents_partners.accounts.models import Organisation, Unit
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.text import clean, fold, problem_with_text


def checked_name(text: str, what: str) -> str:
    """The name as it is kept. Raises Refused where it cannot be."""
    words = problem_with_text(text, multiline=False, max_length=200, what=what)
    if words is None and not clean(text):
        words = f"{what} is missing."
    if words:
        raise Refused({"name": words})
    return clean(text)


def organisation_named(name: str) -> Organisation | None:
    """Compared without case, accents and punctuation."""
    return db.session.scalar(select(Organisation).where(Organisation.name_key == fold(name)))


def unit_named(name: str) -> Unit | None:
    return db.session.scalar(select(Unit).where(Unit.name == name))
