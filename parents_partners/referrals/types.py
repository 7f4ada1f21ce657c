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
