"""Two transactions that meet where they can hinder each other."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Barrier, BrokenBarrierError, get_ident
from typing import Any

from flask import Flask
from sqlalchemy import event

from parents_partners.core.db import db
from parents_partners.core.errors import Absent, AlreadyDone, NotPermitted, Refused

LOST = (Absent, AlreadyDone, NotPermitted, Refused)
PATIENCE = 0.5
"""Seconds that one waits for another, which does not come where it waits for the first."""


@dataclass(frozen=True)
class Act:
    """What one person does. After the first statement that `until` (a pattern) is found in, they
    wait until the others are there too."""

    do: Callable[[], object]
    until: str


def meet(app: Flask, *acts: Act) -> list[bool]:
    """Which of the acts were done, each in a transaction of its own; what others made impossible
    was not. Raises what the database says of two that wait for each other."""
    here = Barrier(len(acts))
    waits: dict[int, str] = {}

    def pause(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if re.search(waits.get(get_ident(), "$^"), text):
            del waits[get_ident()]
            with suppress(BrokenBarrierError):
                here.wait(PATIENCE)

    def take_part(act: Act) -> bool:
        with app.app_context():
            waits[get_ident()] = act.until
            try:
                act.do()
                db.session.commit()
            except LOST:
                db.session.rollback()
                return False
            finally:
                waits.pop(get_ident(), None)
                db.session.remove()
            return True

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", pause)
    try:
        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(take_part, acts))
    finally:
        event.remove(engine, "after_cursor_execute", pause)
