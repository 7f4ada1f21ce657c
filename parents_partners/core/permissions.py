"""Nothing is reachable until someone wrote down who may reach it.

A slice declares `permission -> any-of rules`; a rule is a role and all-of predicates over
(actor, subject). A view carries `@requires(permission)` or `@public`; the app refuses to start
with a view that carries neither.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeAlias, TypeVar

from flask import Flask

from parents_partners.core.lifecycle import Lifecycle


class Acting(Protocol):
    """Somebody who acts: all that a rule needs to know of a person is their role."""

    @property
    def role(self) -> StrEnum | None: ...


Predicate: TypeAlias = Callable[[Any, Any], bool]
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """This role, where every predicate holds."""

    role: StrEnum
    predicates: tuple[Predicate, ...] = ()


Policy: TypeAlias = Mapping[str, Sequence[Rule]]


class Permissions:
    """Every permission of the product, gathered from its slices when the app is made."""

    def __init__(self) -> None:
        self._rules: dict[str, tuple[Rule, ...]] = {}

    def declare(self, policy: Policy) -> None:
        for permission, rules in policy.items():
            if permission in self._rules:
                raise ValueError(f"{permission} is declared twice.")
            self._rules[permission] = tuple(rules)

    def __contains__(self, permission: str) -> bool:
        return permission in self._rules

    def names(self) -> list[str]:
        """Every permission, in the order of the alphabet."""
        return sorted(self._rules)

    def roles(self, permission: str) -> frozenset[StrEnum]:
        """Who may ever do this; anybody else's request is refused before it is looked at."""
        return frozenset(rule.role for rule in self._rules[permission])

    def allows(self, actor: Acting, permission: str, subject: Any) -> bool:
        return any(
            rule.role == actor.role and all(holds(actor, subject) for holds in rule.predicates)
            for rule in self._rules[permission]
        )

    def actions(
        self, actor: Acting, lifecycle: Lifecycle, state: StrEnum, subject: Any
    ) -> frozenset[StrEnum]:
        """What the actor may do next with a subject in this state: the buttons of its page."""
        return frozenset(
            transition.action
            for transition in lifecycle.actions_from(state)
            if transition.permission is not None
            and self.allows(actor, transition.permission, subject)
        )


def role_rules(*roles: StrEnum) -> list[Rule]:
    """Any of these roles, whatever the object."""
    return [Rule(role) for role in roles]


def requires(permission: str, *, writes: bool | None = None) -> Callable[[View], View]:
    """Mark a view with its permission. `writes=True` marks a page whose reading is itself
    recorded: its transaction writes although its method is GET."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.writes = writes  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view that anybody may see, signed in or not."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def permission_of(view: object) -> str | None:
    """The permission that a view is marked with; None for a public or an unmarked one."""
    return getattr(view, "permission", None)


def is_public(view: object) -> bool:
    return getattr(view, "is_public", False)


def refuse_unmarked_views(app: Flask, permissions: Permissions) -> None:
    """Raise RuntimeError naming every view without a mark, or with an undeclared permission."""
    wrong = [
        endpoint
        for endpoint, view in sorted(app.view_functions.items())
        if not is_public(view) and (permission_of(view) or "") not in permissions
    ]
    if wrong:
        raise RuntimeError("Nobody wrote down who may reach: " + ", ".join(wrong))
