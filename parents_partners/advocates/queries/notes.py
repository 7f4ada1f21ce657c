"""Earlier entries with a note: what a parent is asked about before a family is handed over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import not_, select

from parents_partners.accounts.types import Actor
from parents_partners.advocates.models import (
    Activity,
    ActivityKind,
    ActivityNote,
    AssignedParent,
    Assignment,
)
from parents_partners.advocates.policies import notes_visible_to
from parents_partners.advocates.types import ActivityMode, SupportKind
from parents_partners.core.db import db

MOST_ENTRIES = 200
"""Of how many earlier entries, the latest, a parent can be asked."""

FIRST_WORDS = 120


@dataclass(frozen=True)
class Entry:
    """An earlier entry with a note that this specialist may read: when, how, its first words."""

    id: int
    public_id: str
    happened_at: datetime
    mode: ActivityMode
    made: bool
    kinds: tuple[SupportKind, ...]
    first_words: str


def entries_to_pass_on(viewer: Actor, stint: Assignment) -> list[Entry]:
    """The earlier entries of a family that can be passed on with this stint, the latest first: this
    specialist may read the notes, and whoever they are about is a parent of this stint, so that
    they are asked. An entry is about all parents of the stint in which it was written."""
    asked = select(AssignedParent.person_id).where(
        AssignedParent.assignment_id == stint.id, AssignedParent.released_at.is_(None)
    )
    about_another = select(AssignedParent.person_id).where(
        AssignedParent.assignment_id == Activity.assignment_id,
        AssignedParent.person_id.not_in(asked),
    )
    found = list(
        db.session.execute(
            select(Activity, ActivityNote.text)
            .join(ActivityNote, ActivityNote.activity_id == Activity.id)
            .where(
                Activity.case_id == stint.case_id,
                notes_visible_to(viewer),
                not_(about_another.exists()),
            )
            .order_by(Activity.happened_at.desc(), Activity.id.desc())
            .limit(MOST_ENTRIES)
        ).tuples()
    )
    kinds: dict[int, set[SupportKind]] = {}
    for activity_id, kind in db.session.execute(
        select(ActivityKind.activity_id, ActivityKind.kind).where(
            ActivityKind.activity_id.in_([activity.id for activity, _ in found])
        )
    ).tuples():
        kinds.setdefault(activity_id, set()).add(kind)
    return [
        Entry(
            id=activity.id,
            public_id=activity.public_id,
            happened_at=activity.happened_at,
            mode=activity.mode,
            made=activity.made,
            kinds=tuple(kind for kind in SupportKind if kind in kinds.get(activity.id, ())),
            first_words=_first_words(text),
        )
        for activity, text in found
    ]


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= FIRST_WORDS else line[:FIRST_WORDS].rsplit(" ", 1)[0] + " …"
