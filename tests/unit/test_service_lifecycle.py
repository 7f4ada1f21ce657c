"""ADV-03: a referral to a service goes on step by step, the parent's yes first, to one of two
ends."""

import pytest

from parents_partners.advocates.service_lifecycle import OPEN, SERVICE_LIFECYCLE, next_action
from parents_partners.advocates.types import ServiceAction, ServiceState

WAY = [
    (ServiceState.OFFERED, ServiceAction.ACCEPT, ServiceState.ACCEPTED),
    (ServiceState.ACCEPTED, ServiceAction.MAKE, ServiceState.MADE),
    (ServiceState.MADE, ServiceAction.START, ServiceState.STARTED),
    (ServiceState.STARTED, ServiceAction.FINISH, ServiceState.FINISHED),
]


@pytest.mark.parametrize(("state", "action", "target"), WAY)
def test_one_step_follows_the_other(state, action, target):
    assert next_action(state) is action
    assert SERVICE_LIFECYCLE[action].sources == {state}
    assert SERVICE_LIFECYCLE[action].target is target


@pytest.mark.parametrize("state", [ServiceState.FINISHED, ServiceState.FELL_THROUGH])
def test_nothing_follows_an_end(state):
    assert next_action(state) is None
    assert SERVICE_LIFECYCLE.actions_from(state) == []


def test_it_can_fall_through_from_wherever_it_is_open():
    assert SERVICE_LIFECYCLE[ServiceAction.FALL_THROUGH].sources == OPEN
    assert {state for state, _, _ in WAY} == OPEN
