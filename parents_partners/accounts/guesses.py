"""How often somebody may guess in vain: at passwords, at links. Counted in the process that serves
the request."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, abort, make_response, request
from flask.typing import ResponseReturnValue
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

MOST_GUESSES = parse("10 per minute")

storage = MemoryStorage()
_guesses = FixedWindowRateLimiter(storage)

View = Callable[..., ResponseReturnValue]


def limit_guesses(
    at: str, *, by: Callable[[], str | None], in_vain: Callable[[Response], bool]
) -> Callable[[View], View]:
    """Answer 429 to whoever `by` names, once so many of their answers were `in_vain`; None: this
    request is no guess. Views with the same `at` count together."""

    def limited(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **values: Any) -> ResponseReturnValue:
            who = by()
            if who is not None and not _guesses.test(MOST_GUESSES, at, who):
                abort(429)
            response = make_response(view(*args, **values))
            if who is not None and in_vain(response):
                _guesses.hit(MOST_GUESSES, at, who)
            return response

        return answer

    return limited


def network_address() -> str:
    """Where the request comes from, as the server in front of the program says."""
    return request.remote_addr or ""
