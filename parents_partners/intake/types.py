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


class CallBackOutcome(Labelled):
    """What came of calling somebody back."""

    REACHED = "reached", "Reached"
    NOBODY_ANSWERED = "nobody_answered", "Nobody answered"
    NO_LONGER_WANTED = "no_longer_wanted", "No longer wanted"


LONGEST_NOTE = 5000
"""Characters of what was said in a call."""


@dataclass(frozen=True)
class TakenCall:
    """What was noted while somebody spoke. All but the kind and the line may be left out: a caller
    need not say who they are. `language` is a code of the list `language`; `note` is cleaned text
    or "". `family` is the first and the last name of the family's parent as somebody said it and
    `family_phone` their number, for a referral that is begun at once: the call keeps neither."""

    kind: CallKind
    line: CallLine
    through_interpreter: bool = False
    language: str | None = None
    caller: Caller | None = None
    first_name: str | None = None
    last_name: str | None = None
    organisation: str | None = None
    phone: str | None = None
    may_leave_voicemail: bool | None = None
    safe_contact_note: str | None = None
    case_number: str | None = None
    handed_to: str | None = None
    note: str = ""
    family: tuple[str, str] | None = None
    family_phone: str | None = None

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name)))


@dataclass(frozen=True)
class ChangedCall:
    """What of a call can be mended later. `version` is the one that the form was opened with.
    `phone` is the number to call back; None leaves the one that is known."""

    kind: CallKind
    note: str
    version: int
    phone: str | None = None


@dataclass(frozen=True)
class KnownCaller:
    """What a call knows of who called, for a form that is filled in after it. `call_id` is the
    row's."""

    call_id: int
    caller: Caller | None
    first_name: str
    last_name: str
    organisation: str | None
    phone: str
    may_leave_voicemail: bool | None
    safe_contact_note: str


class NotedOtherwise(Exception):
    """The page was saved before, with other content: the call is as it was."""


class StaleCall(Exception):
    """Somebody changed the call since the form was opened; what they made of it."""

    def __init__(self, kind: CallKind, note: str) -> None:
        self.kind, self.note = kind, note
        super().__init__("The call was changed in the meantime.")
