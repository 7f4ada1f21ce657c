"""S-22: whoever is shown a family is on record as having read of it, page by page and role by role:
also where the page is the answer to something that was refused. Who was shown nothing is not."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Assignment, HandOver
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.readings import note_reading_of_list
from parents_partners.audit.types import READINGS, Event
from parents_partners.cases.models import Case
from parents_partners.core.db import about_to_write
from parents_partners.referrals.models import Referral
from parents_partners.referrals.services import ask
from tests.access.outcomes import Outcome, declared
from tests.access.test_access import Requests
from tests.access.world import World, document
from tests.browser import Browser
from tests.conftest import Statements
from tests.factories import NOW, make_filed_referral

OpenBrowser = Callable[[User | None], Browser]
Database = scoped_session[Session]

CANARY = re.compile("Marte|Yandel|555-0161|Remand on")
"""A family's names, its number and its words; nobody else of the world has any of them."""

LIST, FAMILY, REFERRAL, OFFER, CALL = (
    Event.FAMILIES_LISTED,
    Event.FAMILY_READ,
    Event.REFERRAL_READ,
    Event.OFFER_READ,
    Event.CALL_READ,
)

SHOWS: dict[str, list[Event]] = {
    # lists
    "intake.calls": [LIST],
    "intake.call": [CALL],
    "intake.change_call": [CALL],
    "intake.drafts": [LIST],  # the questions that wait for an answer
    "referrals.referrals": [LIST],
    "advocates.today": [LIST, OFFER, OFFER],  # one to take on, one to take over
    "advocates.caseload": [LIST],
    "advocates.families": [LIST],
    "advocates.triage_queue": [LIST],
    # one referral, one offer, one family
    "referrals.referral": [REFERRAL],
    "advocates.triage_referral": [REFERRAL, LIST],  # and those that may be the same family
    "advocates.offer": [OFFER],
    "advocates.compare_referral": [REFERRAL, REFERRAL],
    "advocates.compare_family": [REFERRAL, FAMILY],
    "advocates.triage_family": [FAMILY],
    "advocates.family": [FAMILY],
    "advocates.readers": [FAMILY],
    "advocates.log_activity": [FAMILY],
    "advocates.tasks": [LIST],
    "advocates.add_task": [FAMILY],
    "advocates.change_task": [FAMILY],
    "advocates.offer_service": [FAMILY],
    "advocates.service": [FAMILY],
    "advocates.end_support": [FAMILY],
    "advocates.reopen_support": [FAMILY],
    "cases.add_conference": [FAMILY],
    "cases.change_conference": [FAMILY],
    "cases.record_consents": [FAMILY],
    "cases.confirm_consents": [FAMILY],
    "cases.withdraw_consents": [FAMILY],
    "advocates.hand_over_ask": [FAMILY],
    "advocates.hand_over_give": [FAMILY],
    "advocates.hand_over": [OFFER],
    "advocates.workload": [LIST],  # the hand-overs that are open
    "advocates.workload_list": [LIST],
    # forms that come back when nothing was filled in
    "advocates.hand_over_save_request": [FAMILY],
    "advocates.hand_over_save": [FAMILY],
    "advocates.hand_over_decline_giving": [FAMILY],
    "advocates.hand_over_decline_taking": [OFFER],
    "advocates.profile": [LIST],  # what one's days away uncover
    "advocates.save_profile": [LIST],
    "advocates.add_days_away": [LIST],
    "advocates.specialist": [LIST],
    "advocates.save_specialist": [LIST],
    "advocates.add_days_away_for": [LIST],
    "cases.conflicts": [LIST],
    "cases.keep_out_by_number": [LIST],
    "cases.family_conflicts": [FAMILY],
    "cases.keep_out": [FAMILY],
    "referrals.answer": [REFERRAL],
    "advocates.triage_offer": [REFERRAL, LIST],
    "advocates.triage_ask": [REFERRAL, LIST],
    "advocates.triage_decline": [REFERRAL, LIST],
    "advocates.triage_duplicate": [REFERRAL, LIST],
    "advocates.say_of_referral": [REFERRAL, REFERRAL],
    "advocates.say_of_family": [REFERRAL, FAMILY],
    "advocates.triage_family_offer": [FAMILY],
    "advocates.decline_offer": [OFFER],
    "advocates.save_activity": [FAMILY],
    "advocates.save_new_task": [FAMILY],
    "advocates.save_task": [FAMILY],
    "advocates.save_service": [FAMILY],
    "advocates.go_on_with_service": [FAMILY],
    "advocates.save_end_of_support": [FAMILY],
    "advocates.save_reopening": [FAMILY],
    "cases.save_new_conference": [FAMILY],
    "cases.save_conference": [FAMILY],
    "cases.save_consents": [FAMILY],
    "cases.save_confirmation": [FAMILY],
    "cases.save_withdrawal": [FAMILY],
}
"""What goes on record for every answer that shows a family. All other routes show none."""

ASKED = {"intake.drafts", "referrals.answer"}
"""Where it matters that the supervisor asked the referrer something."""


@pytest.mark.parametrize("cell", [one for one in declared() if one.word != "no"], ids=str)
def test_what_a_page_shows_of_a_family_is_on_record_as_read(
    cell: Outcome,
    app: Flask,
    world: World,
    browser_for: OpenBrowser,
    session: Database,
    statements: Statements,
) -> None:
    """Every route by every role that reaches it; the forms with nothing filled in."""
    user = session.get_one(User, world.users[cell.role])
    own = world.own[cell.role]
    if cell.endpoint in ASKED:
        ask_about(session, own["referral_id"], world)
    answer = Requests(app, browser_for(user), cell, statements).to(own)
    shown = CANARY.search(answer.get_data(as_text=True)) is not None
    # An administrator sees no family, also where others of the same page do.
    assert shown == (cell.endpoint in SHOWS and cell.role is not Role.ADMIN)
    assert events_of(session, user) == (SHOWS[cell.endpoint] if shown else [])
    if shown and cell.method == "POST":
        assert answer.status_code in (409, 422)  # drawn anew, since it was not taken


def test_every_route_in_the_list_of_what_is_shown_is_there() -> None:
    assert SHOWS.keys() <= {cell.endpoint for cell in declared()}


@pytest.mark.parametrize(
    ("endpoint", "role", "sent", "status", "readings"),
    [
        ("advocates.triage_offer", Role.SUPERVISOR, {"go": "update"}, 200, [REFERRAL, LIST]),
        ("advocates.triage_family_offer", Role.SUPERVISOR, {"go": "update"}, 200, [FAMILY]),
        ("advocates.save_activity", Role.SPECIALIST, {"go": "draft"}, 303, []),
        ("advocates.triage_ask", Role.SUPERVISOR, {"text": "Since when?"}, 303, []),
        ("advocates.triage_decline", Role.SUPERVISOR, {"reason": "no_fit"}, 422, [REFERRAL, LIST]),
    ],
)
def test_a_page_drawn_anew_is_read_and_a_form_that_was_taken_is_not(
    endpoint: str,
    role: Role,
    sent: dict[str, str],
    status: int,
    readings: list[Event],
    app: Flask,
    world: World,
    browser_for: OpenBrowser,
    session: Database,
) -> None:
    user = session.get_one(User, world.users[role])
    answer = send(app, browser_for(user), endpoint, world.own[role], sent)
    assert answer.status_code == status
    assert (CANARY.search(answer.get_data(as_text=True)) is not None) == bool(readings)
    assert events_of(session, user) == readings


@pytest.mark.parametrize(
    ("endpoint", "reading", "parent"),
    [
        ("advocates.triage_offer", REFERRAL, "0"),
        ("advocates.triage_family_offer", FAMILY, "person"),
    ],
)
def test_names_that_come_back_because_somebody_was_quicker_are_read(
    endpoint: str,
    reading: Event,
    parent: str,
    app: Flask,
    world: World,
    browser_for: OpenBrowser,
    session: Database,
) -> None:
    supervisor = session.get_one(User, world.users[Role.SUPERVISOR])
    own = world.own[Role.SUPERVISOR]
    specialist = session.get_one(User, world.users[Role.SPECIALIST])
    waiting = session.scalars(select(Case).filter_by(public_id=own["waiting_family_id"])).one()
    person = waiting.memberships[0].person.public_id
    sent = {
        "none_known": "y",
        "parents": person if parent == "person" else parent,
        "specialist": specialist.public_id,
        "choice_reason": "Speaks the language.",
        "case": "new",
        "version": "99",
    }
    answer = send(app, browser_for(supervisor), endpoint, own, sent)
    assert answer.status_code == 409
    assert CANARY.search(answer.get_data(as_text=True))
    assert events_of(session, supervisor) == [reading]


def test_a_stale_change_shows_both_texts_and_is_read(
    app: Flask, world: World, browser_for: OpenBrowser, session: Database
) -> None:
    specialist = session.get_one(User, world.users[Role.SPECIALIST])
    own = world.own[Role.SPECIALIST]
    sent = {"version": "99", "kind": "FTC", "starts_at": "2026-12-04T10:00", "place": "Room C"}
    answer = send(app, browser_for(specialist), "cases.save_conference", own, sent)
    assert answer.status_code == 409
    assert CANARY.search(answer.get_data(as_text=True))
    assert events_of(session, specialist) == [FAMILY]


def test_an_answer_that_somebody_gave_already_shows_the_referral_and_is_read(
    app: Flask, world: World, browser_for: OpenBrowser, session: Database
) -> None:
    referrer = session.get_one(User, world.users[Role.REFERRER])
    own = world.own[Role.REFERRER]
    answer = send(app, browser_for(referrer), "referrals.answer", own, {"text": "Since May."})
    assert answer.status_code == 409
    assert CANARY.search(answer.get_data(as_text=True))
    assert events_of(session, referrer) == [REFERRAL]


def test_a_withdrawal_that_names_no_parent_shows_the_referral_and_is_read(
    app: Flask, world: World, browser_for: OpenBrowser, session: Database
) -> None:
    referrer = session.get_one(User, world.users[Role.REFERRER])
    referral = make_filed_referral(two_parents(), referrer=referrer)
    own = {**world.own[Role.REFERRER], "referral_id": referral.public_id}
    answer = send(app, browser_for(referrer), "referrals.withdraw", own, {})
    assert answer.status_code == 422
    assert CANARY.search(answer.get_data(as_text=True))
    assert events_of(session, referrer) == [REFERRAL]


def test_a_refusal_that_shows_nothing_of_a_family_is_no_reading(
    app: Flask, world: World, browser_for: OpenBrowser, session: Database
) -> None:
    specialist = session.get_one(User, world.users[Role.SPECIALIST])
    own = world.own[Role.SPECIALIST]
    browser = browser_for(specialist)
    assert send(app, browser, "advocates.accept_offer", own, {}).status_code == 303
    answer = send(app, browser, "advocates.accept_offer", own, {})
    assert answer.status_code == 409
    assert not CANARY.search(answer.get_data(as_text=True))
    assert events_of(session, specialist) == []


def test_what_is_on_record_leads_to_the_family_and_names_nobody(
    app: Flask, world: World, browser_for: OpenBrowser, session: Database
) -> None:
    specialist = session.get_one(User, world.users[Role.SPECIALIST])
    own = world.own[Role.SPECIALIST]
    browser = browser_for(specialist)
    for address in (f"/families/{own['family_id']}", "/today", f"/referrals/{own['referral_id']}"):
        browser.open(address)
    family = session.scalars(select(Case).filter_by(public_id=own["family_id"])).one()
    referral = session.scalars(select(Referral).filter_by(public_id=own["referral_id"])).one()
    offer = session.scalars(select(Assignment).filter_by(public_id=own["offer_id"])).one()
    given = session.scalars(select(HandOver).filter_by(public_id=own["hand_over_id"])).one()
    assert [
        (row.event, row.subject, row.subject_id, row.case_id, row.referral_id)
        for row in readings_of(session, specialist)
    ] == [
        (FAMILY, "case", family.id, family.id, None),
        (LIST, "list", None, None, None),
        (OFFER, "assignment", offer.id, offer.case_id, offer.referral_id),
        (OFFER, "assignment", given.assignment_id, given.case_id, None),
        (REFERRAL, "referral", referral.id, family.id, referral.id),
    ]
    for row in readings_of(session, specialist):
        assert (row.at, row.actor_role) == (NOW, "specialist")
        assert not CANARY.search(json.dumps(row.detail))


def test_a_list_is_one_reading_that_says_of_how_many(
    app: Flask, world: World, browser_for: OpenBrowser, session: Database
) -> None:
    supervisor = session.get_one(User, world.users[Role.SUPERVISOR])
    page = browser_for(supervisor).open("/families")
    [row] = readings_of(session, supervisor)
    assert len(page.rows) > 1
    assert row.detail == {"page": "advocates.families", "rows": len(page.rows)}


def test_a_view_that_does_not_say_that_it_writes_cannot_note_a_reading(app: Flask) -> None:
    """On SQLite its transaction would begin without the write lock, and fail at random."""
    with app.test_request_context("/caseload"):
        token = about_to_write.set(False)
        try:
            with pytest.raises(RuntimeError, match="writes=True"):
                note_reading_of_list(3)
        finally:
            about_to_write.reset(token)


def ask_about(session: Database, referral_id: str, world: World) -> None:
    referral = session.scalars(select(Referral).filter_by(public_id=referral_id)).one()
    supervisor = session.get_one(User, world.users[Role.SUPERVISOR])
    ask(referral, "Since when?", actor=supervisor.as_actor(), now=NOW)
    session.flush()


def two_parents() -> dict[str, Any]:
    referral = document("Marte, Luz")
    [mother] = referral["parents"]
    referral["parents"] = [mother, {**mother, "first_name": "José", "relationship": "father"}]
    return referral


def send(
    app: Flask, browser: Browser, endpoint: str, ids: dict[str, str], sent: dict[str, str]
) -> TestResponse:
    """POST with a token and what is `sent`."""
    cell = next(one for one in declared() if one.endpoint == endpoint)
    address = Requests(app, browser, cell, Statements()).address(ids)
    return browser.request("POST", address, data={"csrf_token": browser.token(), **sent})


def events_of(session: Database, user: User) -> list[Event]:
    return [row.event for row in readings_of(session, user)]


def readings_of(session: Database, user: User) -> list[AuditEvent]:
    session.expire_all()
    return list(
        session.scalars(
            select(AuditEvent)
            .where(AuditEvent.actor_id == user.id, AuditEvent.event.in_(READINGS))
            .order_by(AuditEvent.id)
        )
    )
