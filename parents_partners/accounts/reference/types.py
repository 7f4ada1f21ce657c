import re
from dataclasses import dataclass
from datetime import date, datetime

from parents_partners.core.types import Labelled


class Move(Labelled):
    """Where an entry goes in the order of its list."""

    UP = "up", "Up"
    DOWN = "down", "Down"


class SettingKind(Labelled):
    """What can be typed for a setting, by the end of its name."""

    DAYS = "days", "Calendar days"
    PHONE = "phone", "Telephone number"
    VERSION = "version", "Name of a wording"
    WORDS = "words", "Words"

    @classmethod
    def of(cls, name: str) -> "SettingKind":
        return next((kind for kind in cls if name.endswith(f"_{kind.value}")), cls.WORDS)


MOST_DAYS = 365
LONGEST_LABEL = 200
LONGEST_CODE = 35
"""A code becomes part of other rows; a language's has the least room."""

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

AT_LEAST_A_DAY = frozenset(
    {
        "offer_unanswered_days",
        "invitation_days",
        "hand_over_days",
        "draft_hidden_days",
        "draft_deleted_days",
    }
)
"""With 0 an offer or an invitation would be over before it is read, and a draft gone."""

NOT_LESS_THAN = {"draft_deleted_days": "draft_hidden_days", "route_days": "route_early_days"}
"""Setting -> another that it may not fall below: what is hidden first is deleted later, and an
early case does not wait longer than any other (REF-06)."""


@dataclass(frozen=True)
class ListWords:
    """How a list is called, and where it is chosen from. `for_agencies`: its entries have words of
    their own for people outside the programme (REF-07). `typed_code`: its codes are not ours to
    make up."""

    title: str
    used_for: str
    for_agencies: bool = False
    typed_code: bool = False


LISTS = {
    "conference_kind": ListWords("Kinds of conferences", "Referrals and families' pages."),
    "decline_reason": ListWords(
        "Why a referral is declined", "The triage decision.", for_agencies=True
    ),
    "offer_decline_reason": ListWords(
        "Why a Family Specialist declines", "The answer to an offer."
    ),
    "hand_over_decline_reason": ListWords(
        "Why a Family Specialist declines a hand-over", "The answer to a hand-over."
    ),
    "outcome": ListWords("How support ended", "The end of support.", for_agencies=True),
    "concern": ListWords("Concerns", "Triage, and what a Family Specialist takes or does not."),
    "language": ListWords("Languages", "Parents and Family Specialists.", typed_code=True),
    "service_kind": ListWords("Kinds of services", "Referrals to a service."),
    "service_fell_through": ListWords("Why a service fell through", "Referrals to a service."),
    "export_reason": ListWords("Why a list is saved as a file", "Every export."),
}


@dataclass(frozen=True)
class Change:
    """Who changed something last, and when. `by` None: the command line did."""

    by: str | None
    by_id: int | None
    at: datetime


@dataclass(frozen=True)
class ListRow:
    """A list and how many of its entries can be chosen today."""

    name: str
    words: ListWords
    in_use: int
    ended: int
    changed: Change | None


@dataclass(frozen=True)
class EntryRow:
    """`needed`: the program itself speaks of it, so it cannot be ended. `ended_on` is the first
    day on which it cannot be chosen any more."""

    code: str
    label: str
    public_label: str | None
    ended_on: date | None
    has_ended: bool
    needed: bool


@dataclass(frozen=True)
class SettingRow:
    name: str
    value: str
    help: str
    kind: SettingKind
    changed: Change | None


@dataclass(frozen=True)
class EntryCommand:
    """`public_label` None: people outside read the label. `code` only where it is typed."""

    label: str
    public_label: str | None = None
    code: str | None = None
