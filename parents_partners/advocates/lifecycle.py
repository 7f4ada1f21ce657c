"""What can happen to an assignment: one Family Specialist's stint with one or several parents of
a case. A stint is never used again; the next one is a new row (pitfall 4).

Two actions are nobody's choice: an offer and a support stop when the last of their parents takes
the consent back (ADV-05). Whoever may record that, performs them with it."""

from parents_partners.advocates.types import AssignmentAction as Action
from parents_partners.advocates.types import AssignmentState as State
from parents_partners.advocates.types import HandOverAction, HandOverState
from parents_partners.audit.types import Event
from parents_partners.core.lifecycle import Lifecycle, Transition

CARRIED = frozenset({State.ACCEPTED, State.IN_CONTACT})
OPEN = CARRIED | {State.OFFERED}

ASSIGNMENT_LIFECYCLE = Lifecycle(
    [
        Transition(
            Action.ACCEPT,
            frozenset({State.OFFERED}),
            State.ACCEPTED,
            "assignment:accept",
            Event.OFFER_ACCEPTED,
        ),
        Transition(
            Action.DECLINE,
            frozenset({State.OFFERED}),
            State.DECLINED,
            "assignment:decline",
            Event.OFFER_DECLINED,
        ),
        Transition(
            Action.LAPSE, frozenset({State.OFFERED}), State.LAPSED, None, Event.OFFER_LAPSED
        ),
        Transition(
            Action.TAKE_BACK,
            frozenset({State.OFFERED}),
            State.LAPSED,
            "assignment:take_back",
            Event.OFFER_TAKEN_BACK,
        ),
        Transition(
            Action.STOP_OFFER,
            frozenset({State.OFFERED}),
            State.LAPSED,
            "consent:withdraw",
            Event.OFFER_STOPPED,
        ),
        Transition(
            Action.MAKE_FIRST_CONTACT,
            frozenset({State.ACCEPTED}),
            State.IN_CONTACT,
            "activity:log",
            Event.FIRST_CONTACT_MADE,
        ),
        Transition(Action.END, CARRIED, State.ENDED, "assignment:end", Event.SUPPORT_ENDED),
        Transition(
            Action.STOP_SUPPORT,
            CARRIED,
            State.ENDED,
            "consent:withdraw",
            Event.SUPPORT_STOPPED,
        ),
        Transition(Action.HAND_OVER, CARRIED, State.ENDED, "hand_over:take", Event.HANDED_OVER),
    ]
)

TO_BE_CLOSED = frozenset({HandOverState.ASKED, HandOverState.GIVEN})

HAND_OVER_LIFECYCLE = Lifecycle(
    [
        Transition(
            HandOverAction.GIVE,
            frozenset({HandOverState.ASKED}),
            HandOverState.GIVEN,
            "hand_over:give",
            Event.HAND_OVER_GIVEN,
        ),
        Transition(
            HandOverAction.TAKE,
            frozenset({HandOverState.GIVEN}),
            HandOverState.TAKEN,
            "hand_over:take",
            Event.HANDED_OVER,
        ),
        Transition(
            HandOverAction.DECLINE,
            TO_BE_CLOSED,
            HandOverState.DECLINED,
            "hand_over:decline",
            Event.HAND_OVER_DECLINED,
        ),
        Transition(
            HandOverAction.TAKE_BACK,
            TO_BE_CLOSED,
            HandOverState.TAKEN_BACK,
            "hand_over:take_back",
            Event.HAND_OVER_TAKEN_BACK,
        ),
        Transition(
            HandOverAction.STOP,
            TO_BE_CLOSED,
            HandOverState.STOPPED,
            "consent:withdraw",
            Event.HAND_OVER_STOPPED,
        ),
    ]
)
"""Nobody chooses to stop one: it stops with the support, or when one of its parents takes their
consent back. Its taking is the end of the one stint and the beginning of the other."""
