"""A lifecycle is a table of actions: from which states, to which, who may, what it is called
afterwards. The table feeds the checks, the buttons, the tests and a page of the docs."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Transition:
    """One action. `permission` None: only the clock does it, no person."""

    action: StrEnum
    sources: frozenset[StrEnum]
    target: StrEnum
    permission: str | None
    event: StrEnum


class Lifecycle:
    def __init__(self, transitions: Iterable[Transition]) -> None:
        self.transitions = tuple(transitions)
        self._by_action = {transition.action: transition for transition in self.transitions}
        if len(self._by_action) != len(self.transitions):
            raise ValueError("An action stands twice in the table.")

    def __getitem__(self, action: StrEnum) -> Transition:
        return self._by_action[action]

    def permission(self, action: StrEnum) -> str:
        """What a person needs for this action. Raises LookupError for one that is the clock's."""
        needed = self._by_action[action].permission
        if needed is None:
            raise LookupError(f"No person does this: {action}.")
        return needed

    def actions_from(self, state: StrEnum) -> list[Transition]:
        """What can happen next, in the table's order."""
        return [transition for transition in self.transitions if state in transition.sources]

    def allows(self, action: StrEnum, state: StrEnum) -> bool:
        return state in self._by_action[action].sources
