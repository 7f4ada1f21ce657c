"""How a referral to a needed service goes on, step by step to its end (ADV-03). The parent's yes
comes before anything is asked for in their name.

That a parent takes their consent to support back ends every open one (ADV-05): whoever may record
that, performs it with it."""

from parents_partners.advocates.types import ServiceAction as Action
from parents_partners.advocates.types import ServiceState as State
from parents_partners.audit.types import Event
from parents_partners.core.lifecycle import Lifecycle, Transition

OPEN = frozenset({State.OFFERED, State.ACCEPTED, State.MADE, State.STARTED})
"""Those that are not at their end."""

FOLLOW = "service:follow"

SERVICE_LIFECYCLE = Lifecycle(
    [
        Transition(
            Action.ACCEPT,
            frozenset({State.OFFERED}),
            State.ACCEPTED,
            FOLLOW,
            Event.SERVICE_ACCEPTED,
        ),
        Transition(
            Action.MAKE, frozenset({State.ACCEPTED}), State.MADE, FOLLOW, Event.SERVICE_MADE
        ),
        Transition(
            Action.START, frozenset({State.MADE}), State.STARTED, FOLLOW, Event.SERVICE_STARTED
        ),
        Transition(
            Action.FINISH,
            frozenset({State.STARTED}),
            State.FINISHED,
            FOLLOW,
            Event.SERVICE_FINISHED,
        ),
        Transition(
            Action.FALL_THROUGH, OPEN, State.FELL_THROUGH, FOLLOW, Event.SERVICE_FELL_THROUGH
        ),
    ]
)


def next_action(state: State) -> Action | None:
    """The step forward from here; None at the end."""
    for transition in SERVICE_LIFECYCLE.actions_from(state):
        if transition.action is not Action.FALL_THROUGH:
            return Action(transition.action)
    return None
