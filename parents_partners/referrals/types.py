from enum import StrEnum


class Channel(StrEnum):
    """How a referral came in. Helpline: staff took the call, the parent's own too; self: the
    parent wrote themself (REF-01, REF-02)."""

    ONLINE = "online"
    HELPLINE = "helpline"
    SELF = "self"

    @property
    def label(self) -> str:
        return _CHANNEL_LABELS[self]


_CHANNEL_LABELS = {
    Channel.ONLINE: "Online form",
    Channel.HELPLINE: "Helpline",
    Channel.SELF: "Parent's own request",
}


class AgreementAnswer(StrEnum):
    """A parent's answer to whether they want a Family Specialist (REF-03)."""

    AGREED = "agreed"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"

    @property
    def label(self) -> str:
        return _AGREEMENT_ANSWER_LABELS[self]


_AGREEMENT_ANSWER_LABELS = {
    AgreementAnswer.AGREED: "Agreed",
    AgreementAnswer.DECLINED: "Declined",
    AgreementAnswer.NOT_ASKED: "Not asked yet",
}


class ReferralReason(StrEnum):
    """The target population. At least one must hold, several may (REF-05)."""

    NOT_RESPONDING_TO_ENGAGEMENT = "not_responding_to_engagement"
    DIFFICULTY_NAVIGATING = "difficulty_navigating"
    NEEDS_NOT_MET = "needs_not_met"

    @property
    def label(self) -> str:
        return _REFERRAL_REASON_LABELS[self]


_REFERRAL_REASON_LABELS = {
    ReferralReason.NOT_RESPONDING_TO_ENGAGEMENT: (
        "A child is in foster care or at risk of placement, and the parent is not responding to"
        " the agency's efforts to engage them in case planning"
    ),
    ReferralReason.DIFFICULTY_NAVIGATING: (
        "The parent has difficulty navigating the child welfare system"
    ),
    ReferralReason.NEEDS_NOT_MET: (
        "The parent's needs are not met by systems such as foster care or the courts"
    ),
}


class ReferralState(StrEnum):
    """What was decided about a referral. What a referrer reads is derived from this and from
    the support of the parents: it is no third status."""

    SUBMITTED = "submitted"
    QUESTION_ASKED = "question_asked"
    FILED = "filed"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _REFERRAL_STATE_LABELS[self]


_REFERRAL_STATE_LABELS = {
    ReferralState.SUBMITTED: "Waiting for a decision",
    ReferralState.QUESTION_ASKED: "Question asked",
    ReferralState.FILED: "Filed",
    ReferralState.DECLINED: "Declined",
    ReferralState.DUPLICATE: "Duplicate",
    ReferralState.WITHDRAWN: "Withdrawn",
}


class ReferralAction(StrEnum):
    ASK = "ask"
    ANSWER = "answer"
    FILE = "file"
    DECLINE = "decline"
    MARK_DUPLICATE = "mark_duplicate"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> str:
        return _REFERRAL_ACTION_LABELS[self]


_REFERRAL_ACTION_LABELS = {
    ReferralAction.ASK: "Ask the referrer a question",
    ReferralAction.ANSWER: "Answer the question",
    ReferralAction.FILE: "File and offer",
    ReferralAction.DECLINE: "Decline",
    ReferralAction.MARK_DUPLICATE: "Mark as duplicate",
    ReferralAction.WITHDRAW: "Withdraw",
}


class KeyKind(StrEnum):
    """What a search key of a referral was made from."""

    NUMBER = "number"
    NAME = "name"
    PHONE = "phone"

    @property
    def label(self) -> str:
        return _KEY_KIND_LABELS[self]


_KEY_KIND_LABELS = {
    KeyKind.NUMBER: "Case number",
    KeyKind.NAME: "Name",
    KeyKind.PHONE: "Phone number",
}


class KeyOf(StrEnum):
    """Whose search key it is."""

    CASE = "case"
    PARENT = "parent"
    CHILD = "child"

    @property
    def label(self) -> str:
        return _KEY_OF_LABELS[self]


_KEY_OF_LABELS = {KeyOf.CASE: "Case", KeyOf.PARENT: "Parent", KeyOf.CHILD: "Child"}


class StandingStage(StrEnum):
    """What became of a referral, as far as its sender may know (REF-07)."""

    RECEIVED = "received"
    QUESTION_ASKED = "question_asked"
    BEING_ASSIGNED = "being_assigned"
    ASSIGNED = "assigned"
    IN_CONTACT = "in_contact"
    CLOSED = "closed"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _STANDING_STAGE_LABELS[self]


_STANDING_STAGE_LABELS = {
    StandingStage.RECEIVED: "Received",
    StandingStage.QUESTION_ASKED: "Question asked",
    StandingStage.BEING_ASSIGNED: "Being assigned",
    StandingStage.ASSIGNED: "Assigned",
    StandingStage.IN_CONTACT: "First contact made",
    StandingStage.CLOSED: "Closed",
    StandingStage.DECLINED: "Declined",
    StandingStage.DUPLICATE: "Nothing more needed",
    StandingStage.WITHDRAWN: "Withdrawn",
}


class Shown(StrEnum):
    """Which referrals a list shows."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"

    @property
    def label(self) -> str:
        return _SHOWN_LABELS[self]


_SHOWN_LABELS = {Shown.OPEN: "Open", Shown.CLOSED: "Closed", Shown.ALL: "All"}

LONGEST_QUESTION = 2000
"""Characters of a question to the referrer, and of the answer."""
