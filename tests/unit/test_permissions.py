"""Which buttons a page has: what the table allows from here, for those who may."""

from dataclasses import dataclass
from enum import StrEnum

import pytest

from parents_partners.core.lifecycle import Lifecycle, Transition
from parents_partners.core.permissions import Permissions, Rule, role_rules


class Role(StrEnum):
    EDITOR = "editor"
    READER = "reader"


class Action(StrEnum):
    OPEN = "open"
    CLOSE = "close"
    EXPIRE = "expire"


class State(StrEnum):
    SHUT = "shut"
    AJAR = "ajar"


@dataclass(frozen=True)
class Person:
    role: StrEnum


DOOR = Lifecycle(
    [
        Transition(Action.OPEN, frozenset({State.SHUT}), State.AJAR, "door:open", Action.OPEN),
        Transition(Action.CLOSE, frozenset({State.AJAR}), State.SHUT, "door:close", Action.CLOSE),
        Transition(Action.EXPIRE, frozenset({State.AJAR}), State.SHUT, None, Action.EXPIRE),
    ]
)


@pytest.fixture
def permissions() -> Permissions:
    declared = Permissions()
    declared.declare(
        {
            "door:open": role_rules(Role.EDITOR, Role.READER),
            "door:close": [Rule(Role.EDITOR, (lambda _actor, door: door == "own",))],
        }
    )
    return declared


def test_one_may_do_what_the_table_allows_from_here_and_the_policy_to_them(
    permissions: Permissions,
) -> None:
    editor, reader = Person(Role.EDITOR), Person(Role.READER)
    assert permissions.actions(reader, DOOR, State.SHUT, "own") == {Action.OPEN}
    assert permissions.actions(editor, DOOR, State.AJAR, "own") == {Action.CLOSE}
    assert permissions.actions(reader, DOOR, State.AJAR, "own") == frozenset()
    assert permissions.actions(editor, DOOR, State.AJAR, "another's") == frozenset()


def test_what_the_clock_does_is_nobodys_button(permissions: Permissions) -> None:
    assert Action.EXPIRE not in permissions.actions(Person(Role.EDITOR), DOOR, State.AJAR, "own")
    with pytest.raises(LookupError, match="No person"):
        DOOR.permission(Action.EXPIRE)
