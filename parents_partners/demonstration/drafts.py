"""Referrals that the demonstration's people have not finished typing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from parents_partners.accounts.models import User
from parents_partners.core.db import db
from parents_partners.intake import services as intake
from parents_partners.referrals.submission import Section


@dataclass(frozen=True)
class Unfinished:
    """What `email` typed into each step, and how long before now."""

    email: str
    before: timedelta
    typed: dict[Section, dict[str, Any]]


UNFINISHED = (
    Unfinished(
        "janelle.mercado@example.org",
        timedelta(hours=3),
        {
            Section.PARENTS: {
                "parents": [
                    {
                        "first_name": "Ingrid",
                        "last_name": "Solano-Whitaker",
                        "relationship": "mother",
                        "preferred_language": "es",
                        "agreement": {"answer": "agreed", "scope": ["support"]},
                    }
                ]
            },
            Section.CASE: {"case": {"name": "Solano-Whitaker, Ingrid", "stage": "foster_care"}},
        },
    ),
    Unfinished(
        "janelle.mercado@example.org",
        timedelta(days=12),
        {Section.CASE: {"case": {"name": "Achterberg, Joy"}}},
    ),
    Unfinished(
        "rosalind.baptiste@example.org",
        timedelta(minutes=40),
        {
            Section.HISTORY: {
                "history": {"issues": "The caller had to board a bus. She calls again at four."}
            }
        },
    ),
)


def load_drafts(*, now: datetime) -> None:
    """Begin each draft as its owner would, and leave it there."""
    for unfinished in UNFINISHED:
        at = now - unfinished.before
        user = db.session.scalars(select(User).where(User.email == unfinished.email)).one()
        draft = intake.start(user, actor=user.as_actor(), now=at)
        for section, typed in unfinished.typed.items():
            intake.keep(draft, section, typed, properties=typed, version=0, now=at)
