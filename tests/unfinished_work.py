"""Finds requests that wrote something and neither committed nor undid it."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from parents_partners.core.db import db


def watch_for_unfinished_work(app: Flask) -> None:
    """Note what a request wrote and neither committed nor undid; see `Browser.request`."""
    left: list[str] = []
    app.extensions["unfinished_work"] = left

    @app.teardown_request
    def look(error: BaseException | None) -> None:
        session = db.session()
        pending = [*session.new, *session.dirty, *session.deleted]
        written = session.info.pop("written", [])
        # An error that reaches the test never came to the edge's end.
        left[:] = [] if error else [*(type(one).__name__ for one in pending), *written]

    _note_writes()


def _note_writes() -> None:
    if event.contains(Session, "after_flush", _flushed):
        return
    listeners: list[tuple[str, Callable[..., None]]] = [
        ("after_flush", _flushed),
        ("do_orm_execute", _executed),
        ("after_commit", _finished),
        ("after_rollback", _finished),
    ]
    for name, listener in listeners:
        event.listen(Session, name, listener)


def _flushed(session: Session, _context: object) -> None:
    changed = [*session.new, *session.dirty, *session.deleted]
    session.info.setdefault("written", []).extend(type(one).__name__ for one in changed)


def _executed(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info.setdefault("written", []).append(str(state.statement)[:60])


def _finished(session: Session) -> None:
    session.info.pop("written", None)
