from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from parents_partners.core.types import Labelled
from parents_partners.referrals.submission import Problem, Section

Document: TypeAlias = dict[str, object]
"""A referral, or one step of it, in the shape of the referral schema, as typed."""

STEPS = tuple(Section)
"""The steps of the form in their order. "Check your answers" follows."""

Lists: TypeAlias = dict[str, list[tuple[str, str]]]
"""The programme's lists by name, each as (code, label) in its order."""


@dataclass(frozen=True)
class DraftRow:
    """One line of the list of drafts. `case_name` is the first parent's name until one is typed,
    "" while there is neither. `next_section` is the first step that was not saved yet, None where
    all were. `hidden_on` and `deleted_on` are given while the draft is about to leave the
    list."""

    public_id: str
    case_name: str
    next_section: Section | None
    saved_at: datetime
    hidden_on: date | None
    deleted_on: date | None

    @property
    def place(self) -> int:
        """The number of the step to go on with, counted from 1."""
        return STEPS.index(self.next_section) + 1 if self.next_section else len(STEPS) + 1


@dataclass(frozen=True)
class ReceiptRow:
    """What the referrer is told after submitting. No name of the family stands on a receipt: it
    lies about on desks and in printers. `routed_by` is a local day."""

    public_id: str
    reference: str
    received_at: datetime
    routed_by: date
    notes: tuple[str, ...]


class StaleSection(Exception):
    """Another window saved this step since the form was opened. `saved` is what it saved."""

    def __init__(self, saved: Document) -> None:
        self.saved = saved
        super().__init__("The step was saved in another window.")


class Unkeepable(Exception):
    """The text holds what no database keeps (NUL, half a character): the draft is unchanged."""


class NotReady(Exception):
    """The referral breaks rules, so it was not sent; the draft is unchanged."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems")


class CallKind(Labelled):
    """What a call was for, and how it ended (REF-01)."""

    INFORMATION_GIVEN = "information_given", "Information given"
    CALL_BACK_WANTED = "call_back_wanted", "Wants a call back"
    WANTS_REFERRAL = "wants_referral", "Wants a referral"
    UPDATE = "update", "About a referral that we have"
    HANDED_ELSEWHERE = "handed_elsewhere", "Handed over elsewhere"
    WRONG_NUMBER = "wrong_number", "Wrong number"


class CallLine(Labelled):
    """Which line rang. Incarcerated parents call collect, on a number of its own."""

    HELPLINE = "helpline", "Helpline"
    COLLECT = "collect", "Collect call, incarcerated parent"


class Caller(Labelled):
    """Who called, as far as they said."""

    PARENT = "parent", "A parent"
    RELATIVE = "relative", "A relative or friend"
    WORKER = "worker", "ACS or agency staff"
    CAREGIVER = "caregiver", "A foster parent or caregiver"
    OTHER = "other", "Somebody else"
