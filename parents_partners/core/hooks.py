"""How a lower slice lets an upper one act in the same transaction, without knowing it."""

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Hook(Generic[P]):
    """Something that happened, and those who want to act on it. Connected once, when the app is
    made; what a listener raises undoes the whole transaction, as it should."""

    def __init__(self) -> None:
        self._listeners: list[Callable[P, None]] = []

    def connect(self, listener: Callable[P, None]) -> Callable[P, None]:
        if listener not in self._listeners:
            self._listeners.append(listener)
        return listener

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        for listener in self._listeners:
            listener(*args, **kwargs)


def hook(signature: Callable[P, None]) -> Hook[P]:
    """Declare a hook by the call that it makes: a function with a name, arguments and a docstring,
    but no body."""
    return Hook()
