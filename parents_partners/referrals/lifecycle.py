"""What can happen to a referral once it is submitted (data-model.md). A draft is not yet one."""

from parents_partners.audit.types import Event
from parents_partners.core.lifecycle import Lifecycle, Transition
from parents_partners.referrals.types import ReferralAction as Action
from parents_partners.referrals.types import ReferralState as State

AWAITING_DECISION = frozenset({State.SUBMITTED, State.QUESTION_ASKED})
GOES_ON = AWAITING_DECISION | {State.FILED}

REFERRAL_LIFECYCLE = Lifecycle(
    [
        Transition(
            Action.ASK,
            frozenset({State.SUBMITTED}),
            State.QUESTION_ASKED,
            "referral:ask",
            Event.REFERRAL_QUESTION_ASKED,
        ),
        Transition(
            Action.ANSWER,
            frozenset({State.QUESTION_ASKED}),
            State.SUBMITTED,
            "referral:answer",
            Event.REFERRAL_QUESTION_ANSWERED,
        ),
        Transition(
            Action.FILE, AWAITING_DECISION, State.FILED, "referral:file", Event.REFERRAL_FILED
        ),
        Transition(
            Action.DECLINE,
            AWAITING_DECISION,
            State.DECLINED,
            "referral:decline",
            Event.REFERRAL_DECLINED,
        ),
        Transition(
            Action.MARK_DUPLICATE,
            AWAITING_DECISION,
            State.DUPLICATE,
            "referral:mark_duplicate",
            Event.REFERRAL_MARKED_DUPLICATE,
        ),
        Transition(
            Action.WITHDRAW,
            AWAITING_DECISION,
            State.WITHDRAWN,
            "referral:withdraw",
            Event.REFERRAL_WITHDRAWN,
        ),
    ]
)
