"""The tables of actions are whole: who, from where, to where, called what."""

import pytest
from flask import Flask

from parents_partners.advocates.lifecycle import CARRIED, OPEN
from parents_partners.audit.types import Event
from parents_partners.cases.policies import CARRIED_STATES, OPEN_STATES
from parents_partners.core.lifecycle import Lifecycle
from parents_partners.reference_pages import LIFECYCLES, Described
from tests.architecture.code import modules

each_lifecycle = pytest.mark.parametrize("one", LIFECYCLES, ids=lambda one: one.title)


def test_every_lifecycle_of_the_code_is_described() -> None:
    found = {
        id(value)
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, Lifecycle)
    }
    assert found == {id(one.lifecycle) for one in LIFECYCLES}


@each_lifecycle
def test_every_action_has_a_permission_that_is_declared_or_is_the_clocks(
    one: Described, app: Flask
) -> None:
    permissions = app.extensions["permissions"]
    for transition in one.lifecycle.transitions:
        if transition.permission is not None:
            assert permissions.roles(transition.permission), transition.action


@each_lifecycle
def test_every_state_can_be_reached(one: Described) -> None:
    reached = {one.start}
    for _ in one.states:
        reached |= {
            transition.target
            for transition in one.lifecycle.transitions
            if transition.sources & reached
        }
    assert reached == set(one.states)


@each_lifecycle
def test_every_action_of_the_vocabulary_stands_in_the_table(one: Described) -> None:
    actions = [transition.action for transition in one.lifecycle.transitions]
    assert set(actions) == set(type(actions[0]))


@each_lifecycle
def test_every_event_is_of_the_vocabulary_and_means_one_action(one: Described) -> None:
    events = [transition.event for transition in one.lifecycle.transitions]
    assert all(isinstance(event, Event) for event in events)
    assert len(set(events)) == len(events)


@each_lifecycle
def test_what_can_happen_next_agrees_with_what_is_allowed(one: Described) -> None:
    for state in one.states:
        offered = {transition.action for transition in one.lifecycle.actions_from(state)}
        for transition in one.lifecycle.transitions:
            assert (transition.action in offered) == one.lifecycle.allows(transition.action, state)


def test_who_carries_a_family_is_the_same_to_its_policies_and_to_the_lifecycle() -> None:
    """`cases` stands below `advocates` and may not import its states."""
    assert set(CARRIED_STATES) == CARRIED
    assert set(OPEN_STATES) == OPEN


def test_an_action_that_stands_twice_is_refused() -> None:
    again = LIFECYCLES[0].lifecycle.transitions[0]
    with pytest.raises(ValueError, match="twice"):
        Lifecycle([again, again])
