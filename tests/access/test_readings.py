"""S-22: whoever is shown a family is on record as having read it, whichever page showed it, and
also where the page was the answer to something that was refused."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import READINGS
from tests.access.outcomes import Outcome, declared
from tests.access.test_access import Requests
from tests.access.world import World
from tests.browser import Browser
from tests.conftest import Statements

OpenBrowser = Callable[[User | None], Browser]

LISTS = {f"advocates.{name}" for name in ("today", "caseload", "families", "triage_queue")} | {
    "referrals.referrals"
}
"""A line of each of many: to be on the list is no reading of one."""


@pytest.mark.parametrize(
    "cell",
    [
        cell
        for cell in declared()
        if cell.word == "own"
        and cell.endpoint not in LISTS
        and not cell.endpoint.startswith("intake.")
    ],
    ids=str,
)
def test_a_page_about_a_family_is_read_on_record(
    cell: Outcome,
    app: Flask,
    world: World,
    browser_for: OpenBrowser,
    session: scoped_session[Session],
    statements: Statements,
) -> None:
    user = session.get_one(User, world.users[cell.role])
    before = readings_by(session, user)
    request = Requests(app, browser_for(user), cell, statements)
    answer = request.to(world.own[cell.role])
    shown = re.search("Marte|Luz", answer.get_data(as_text=True)) is not None
    if answer.status_code in (200, 422) and answer.mimetype == "text/html":
        assert shown, "nothing to be read: the world gives this page nothing"
    assert readings_by(session, user) - before == int(shown)


def readings_by(session: scoped_session[Session], user: User) -> int:
    session.expire_all()
    return session.scalars(
        select(func.count())
        .select_from(AuditEvent)
        .where(AuditEvent.actor_id == user.id, AuditEvent.event.in_(READINGS))
    ).one()
