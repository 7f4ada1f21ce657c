from dataclasses import dataclass

from parents_partners.cases.types import ConsentScope, HeardFrom
from parents_partners.core.types import Labelled


class Channel(Labelled):
    """How a referral came in. Helpline: staff took the call, the parent's own too; self: the
    parent wrote themself (REF-01, REF-02)."""

    ONLINE = "online", "Online form"
    HELPLINE = "helpline", "Helpline"
    SELF = "self", "Parent's own request"


class AgreementAnswer(Labelled):
    """A parent's answer to whether they want a Family Specialist (REF-03)."""

    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"
    NOT_ASKED = "not_asked", "Not asked yet"


class ReferralReason(Labelled):
    """The target population. At least one must hold, several may (REF-05)."""

    NOT_RESPONDING_TO_ENGAGEMENT = (
        "not_responding_to_engagement",
        "A child is in foster care or at risk of placement, and the parent is not responding to"
        " the agency's efforts to engage them in case planning",
    )
    DIFFICULTY_NAVIGATING = (
        "difficulty_navigating",
        "The parent has difficulty navigating the child welfare system",
    )
    NEEDS_NOT_MET = (
        "needs_not_met",
        "The parent's needs are not met by systems such as foster care or the courts",
    )


class ReferralState(Labelled):
    """What was decided about a referral. What a referrer reads is derived from this and from
    the support of the parents: it is no third status."""

    SUBMITTED = "submitted", "Waiting for a decision"
    QUESTION_ASKED = "question_asked", "Question asked"
    FILED = "filed", "Filed"
    DECLINED = "declined", "Declined"
    DUPLICATE = "duplicate", "Duplicate"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReferralAction(Labelled):
    ASK = "ask", "Ask the referrer a question"
    ANSWER = "answer", "Answer the question"
    FILE = "file", "File and offer"
    DECLINE = "decline", "Decline"
    MARK_DUPLICATE = "mark_duplicate", "Mark as duplicate"
    WITHDRAW = "withdraw", "Withdraw"


class KeyKind(Labelled):
    """What a search key of a referral was made from."""

    NUMBER = "number", "Case number"
    NAME = "name", "Name"
    PHONE = "phone", "Phone number"
    BORN = "born", "Child's date of birth"
    CASE_NAME = "case_name", "Name of the case"
    SENDERS_ID = "senders_id", "Sender's own number"


class Matched(Labelled):
    """By what a search found a referral."""

    REFERENCE = "reference", "Reference"
    NUMBER = "number", "Case number"
    SENDERS_ID = "senders_id", "Sender's own number"
    NAME = "name", "Name"
    CASE_NAME = "case_name", "Name of the case"
    ALIKE = "alike", "Name, spelt differently"
    PHONE = "phone", "Phone number"


class KeyOf(Labelled):
    """Whose search key it is."""

    CASE = "case", "Case"
    PARENT = "parent", "Parent"
    CHILD = "child", "Child"


class Likeness(Labelled):
    """What a supervisor said of two who look alike."""

    SAME_FAMILY = "same_family", "The same family"
    SAME_PERSON = "same_person", "The same person"
    NOT_SAME = "not_same", "Not the same"


class StandingStage(Labelled):
    """What became of a referral, as far as its sender may know (REF-07)."""

    RECEIVED = "received", "Received"
    QUESTION_ASKED = "question_asked", "Question asked"
    BEING_ASSIGNED = "being_assigned", "Being assigned"
    ASSIGNED = "assigned", "Assigned"
    IN_CONTACT = "in_contact", "First contact made"
    CLOSED = "closed", "Closed"
    DECLINED = "declined", "Declined"
    DUPLICATE = "duplicate", "Nothing more needed"


class Shown(Labelled):
    """Which referrals a list shows."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    ALL = "all", "All"


LONGEST_QUESTION = 2000
"""Characters of a question to the referrer, and of the answer."""


LONGEST_MESSAGE = 5000
"""Characters of a message for a family's specialist: as many as the note of a call."""


@dataclass(frozen=True)
class MessageCommand:
    """What somebody at the helpline heard about a family. `caller` is who called, as they said
    it, and the rest how they may be reached: of `may_leave_voicemail` None is "not said". `key` is
    that of the page it was typed on: it makes a second press the same message."""

    text: str
    key: str | None = None
    caller: str | None = None
    phone: str | None = None
    may_leave_voicemail: bool | None = None
    safe_contact_note: str | None = None


@dataclass(frozen=True)
class WithdrawalCommand:
    """A parent takes consent back, as it was heard on the phone: the parent's name as the caller
    says it, and what is taken back."""

    first_name: str
    last_name: str
    scopes: frozenset[ConsentScope]
    heard_from: HeardFrom
    message: MessageCommand
