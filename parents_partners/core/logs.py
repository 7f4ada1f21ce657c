"""Logs as data: one line of JSON a request, and none of it about a family (security.md, S-19).

What is not on the list of keys is left out, and so is whatever is no plain value. Of an exception
its kind and the places in our code are kept, never its words: they may quote what somebody typed.
"""

import logging
import sys
from pathlib import Path
from time import perf_counter
from traceback import walk_tb
from types import TracebackType
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "request_id",
        "method",
        "endpoint",
        "status",
        "milliseconds",
        "actor_id",
        "exception",
        "where",
        "command",
        "count",
    }
)
OWN = "parents_partners"
ROOT = Path(__file__).resolve().parent.parent.parent
HEADER = "X-Request-ID"

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(OWN)


def init_app(app: Flask) -> None:
    """Call before any other part: the line of a request is then written after all else."""
    _configure(app.config["LOG_LEVEL"])
    app.before_request(_begin)
    app.after_request(_write_line)


def keep_allowed(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Only known keys, only plain values."""
    return {
        key: value
        for key, value in line.items()
        if key in ALLOWED and isinstance(value, str | int | float | bool | None)
    }


def describe_exception(_logger: object, _method: str, line: EventDict) -> EventDict:
    """`exception` and `where` instead of a traceback with its values."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if isinstance(error, tuple) and error[0] is not None:
        line["exception"] = f"{error[0].__module__}.{error[0].__qualname__}"
        line["where"] = _places(error[2])
    return line


def _places(traceback: TracebackType | None) -> str:
    """`app.py:9 > parents_partners/core/edge.py:40`: our own lines, the innermost last."""
    return " > ".join(
        f"{Path(frame.f_code.co_filename).relative_to(ROOT)}:{line}"
        for frame, line in walk_tb(traceback)
        if Path(frame.f_code.co_filename).is_relative_to(ROOT)
        and "site-packages" not in frame.f_code.co_filename
    )


def _without_words(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Whatever was not written by us: nobody knows what it quotes."""
    line["event"] = "exception" if line.get("exc_info") else "library message"
    return line


def _configure(level: str) -> None:
    stamps: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        cache_logger_on_first_use=True,
        processors=[
            structlog.stdlib.filter_by_level,
            *stamps,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    _handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*stamps, _without_words],
            processors=[
                describe_exception,
                keep_allowed,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    if _handler not in root.handlers:
        root.addHandler(_handler)
    own = logging.getLogger(OWN)
    own.setLevel(level)
    # Its lines hold whole addresses, and what was searched for stands in addresses.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


class _StandardError(logging.StreamHandler[Any]):
    """Writes to whatever standard error is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


_handler = _StandardError()


def _begin() -> None:
    g.request_id = uuid4().hex
    g.request_began = perf_counter()


def _write_line(response: Response) -> Response:
    actor = g.get("actor")
    response.headers[HEADER] = g.request_id
    log.info(
        "request",
        request_id=g.request_id,
        method=request.method,
        endpoint=request.endpoint or "none",
        status=response.status_code,
        milliseconds=round((perf_counter() - g.request_began) * 1000),
        actor_id=actor.id if actor else None,
    )
    return response
