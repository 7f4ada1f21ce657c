"""A draft keeps what was typed, right or wrong, until it is sent, deleted or forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.intake.models import Draft
from parents_partners.referrals.models import Referral
from tests.browser import Browser
from tests.conftest import Statements
from tests.factories import NOW, make_user
from tests.journeys.intake import (
    BEFORE,
    CASE,
    CHILDREN,
    PARENTS,
    STEPS,
    address_of_draft,
    begin,
    go_through,
    make_referrer,
)

Database = scoped_session[Session]
Browsers = Callable[[User | None], Browser]


def drafts_in(session: Database) -> int:
    return session.scalar(select(func.count(Draft.id))) or 0


def document_in(session: Database) -> dict[str, object]:
    session.expire_all()
    return session.scalars(select(Draft)).one().document


def test_who_has_no_draft_is_told_what_a_draft_is(browser_for: Browsers) -> None:
    page = browser_for(make_referrer()).open("/drafts")
    assert "No drafts" in page
    assert "Make a referral" in page.buttons


def test_a_draft_without_a_case_name_is_known_by_its_first_parent(browser_for: Browsers) -> None:
    browser = browser_for(make_referrer())
    page = go_through(begin(browser), BEFORE)
    assert "No name yet" in browser.open("/drafts")
    page = page.form("Save and come back later").fill(PARENTS).submit()
    page = page.follow("Marte, Luz")
    assert page.heading == "Case and contacts"
    page.form("Save and continue").fill({**CASE, "case-name": "Rivera"}).submit()
    assert "Rivera" in browser.open("/drafts").links


def test_a_draft_outlives_the_session_and_goes_on_where_it_was(browser_for: Browsers) -> None:
    referrer = make_referrer()
    page = go_through(begin(browser_for(referrer)), BEFORE, PARENTS)
    page.form("Save and come back later").fill(CASE).submit()
    page.form("Sign out").submit()
    later = browser_for(referrer).open("/drafts")
    assert "Step 4 of 7: Children" in later
    page = go_through(later.follow("Marte, Luz"), *STEPS[3:])
    assert "PP-2026" in page.form("Send the referral").submit()


def test_a_draft_without_a_case_name_is_still_found(browser_for: Browsers) -> None:
    page = begin(browser_for(make_referrer()))
    page = page.form("Save and come back later").submit()
    assert page.follow("No name yet").heading == "Parents"


def test_saving_for_later_judges_nothing(session: Database, browser_for: Browsers) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE)
    page = page.form("Save and come back later").fill(
        {"parents-0-agreement-asked_on": "the day before yesterday"}
    )
    assert page.submit().heading == "Your drafts"
    assert document_in(session)["parents"] == [
        {
            "agreement": {"asked_on": "the day before yesterday", "scope": []},
            "safe_contact": {},
        }
    ]


def test_what_was_typed_is_saved_as_one_types(session: Database, browser_for: Browsers) -> None:
    browser = browser_for(make_referrer())
    page = begin(browser)
    form = page.form("Save and continue").fill({"referrer-title": "Case Pl"})
    address = f"{address_of_draft(page)}/autosave/before-you-refer"
    response = browser.request("POST", address, data=form.values)
    assert response.json == {"version": 1}
    assert document_in(session)["referrer"]["title"] == "Case Pl"  # type: ignore[index]
    form.values["version"] = "1"
    assert form.fill(BEFORE).submit().heading == "Parents"


def test_rows_are_added_and_removed_without_javascript(
    session: Database, browser_for: Browsers
) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE)
    page = page.form("Add another child").fill(CHILDREN).submit()
    page = page.form("Add another child").fill({"children-1-first_name": "Nayeli"}).submit()
    form = page.form("Save and continue").fill({"children-2-first_name": "Ángel"})
    assert form.values["children-1-first_name"] == "Nayeli"
    page = form.submit("Remove child 2")
    form = page.form("Save and continue")
    assert form.values["children-0-first_name"] == "Yandel"
    assert form.values["children-1-first_name"] == "Ángel"
    assert "children-2-first_name" not in form.fields


def test_the_last_row_is_never_missing(browser_for: Browsers) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE)
    page = page.form("Save and continue").fill(CHILDREN).submit("Remove child 1")
    assert page.form("Save and continue").values["children-0-first_name"] == ""


def test_enter_goes_on_and_removes_no_row(browser_for: Browsers) -> None:
    """The browser presses the first button of a form."""
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE)
    form = next(form for form in page.root.iter("form") if "data-autosave" in form.attrib)
    first = next(form.iter("button"))
    assert (first.get("name"), first.get("value")) == ("go", "next")


def test_two_windows_on_two_steps_do_not_disturb_each_other(
    session: Database, browser_for: Browsers
) -> None:
    browser = browser_for(make_referrer())
    one = go_through(begin(browser), BEFORE)
    other = browser.open(f"{address_of_draft(one)}/children")
    go_through(other, CHILDREN)
    go_through(one, PARENTS)
    document = document_in(session)
    assert document["children"] == [{"first_name": "Yandel", "last_name": "Marte"}]
    assert document["parents"][0]["first_name"] == "Luz"  # type: ignore[index]


def test_two_windows_on_one_step_are_shown_both_texts(
    session: Database, browser_for: Browsers
) -> None:
    browser = browser_for(make_referrer())
    page = go_through(begin(browser), BEFORE, PARENTS)
    other = browser.open(page.address)
    go_through(other, {**CASE, "case-name": "Marte, saved there"})
    form = page.form("Save and continue").fill({**CASE, "case-name": "Marte, typed here"})
    conflict = form.submit(status=409)
    assert "Marte, saved there" in conflict
    kept = conflict.form("Keep what I typed")
    assert kept.values["case-name"] == "Marte, typed here"
    assert document_in(session)["case"]["name"] == "Marte, saved there"  # type: ignore[index]
    taken = conflict.follow("Take the saved one").form("Save and continue")
    assert taken.values["case-name"] == "Marte, saved there"
    assert kept.submit().heading == "Children"
    assert document_in(session)["case"]["name"] == "Marte, typed here"  # type: ignore[index]


def test_pressing_twice_is_no_conflict(browser_for: Browsers) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS)
    form = page.form("Save and continue").fill(CASE)
    form.submit()
    assert form.submit().heading == "Children"


def test_a_window_left_open_saves_nothing_over_a_newer_text_by_itself(
    session: Database, browser_for: Browsers
) -> None:
    browser = browser_for(make_referrer())
    page = go_through(begin(browser), BEFORE, PARENTS)
    stale = page.form("Save and continue").fill({**CASE, "case-name": "Old"})
    go_through(page, CASE)
    address = f"{address_of_draft(page)}/autosave/case"
    assert browser.request("POST", address, data=stale.values).status_code == 409
    assert document_in(session)["case"]["name"] == "Marte, Luz"  # type: ignore[index]


@pytest.mark.parametrize("role", [Role.REFERRER, Role.HELPLINE, Role.SUPERVISOR])
def test_a_draft_of_somebody_else_is_absent(browser_for: Browsers, role: Role) -> None:
    owner = make_referrer()
    page = begin(browser_for(owner))
    draft = address_of_draft(page)
    stranger = browser_for(make_user(role, organisation=owner.organisation))
    assert "No name yet" not in stranger.open("/drafts")
    stranger.open(page.path, status=404)
    stranger.open(f"{draft}/check", status=404)
    for address in (page.path, f"{draft}/autosave/case", f"{draft}/submit", f"{draft}/delete"):
        stranger.send(address, BEFORE, status=404)


def test_only_those_who_refer_have_drafts(browser_for: Browsers) -> None:
    for role in (Role.SPECIALIST, Role.ADMIN, Role.AUDITOR):
        browser_for(make_user(role)).open("/drafts", status=403)


def test_a_draft_is_deleted_by_its_owner(session: Database, browser_for: Browsers) -> None:
    browser = browser_for(make_referrer())
    begin(browser)
    page = browser.open("/drafts").form("Delete this draft").submit()
    assert "No drafts" in page
    assert drafts_in(session) == 0
    assert session.scalars(select(AuditEvent.event)).all() == [Event.DRAFT_DELETED]


def test_a_draft_says_when_it_will_be_hidden(
    browser_for: Browsers, clock: time_machine.Traveller
) -> None:
    browser = browser_for(make_referrer())
    begin(browser)
    clock.move_to(NOW + timedelta(days=10))
    browser.sign_in_again()
    assert "leaves the list" not in browser.open("/drafts")
    clock.move_to(NOW + timedelta(days=12))
    browser.sign_in_again()
    page = browser.open("/drafts")
    assert "leaves the list on Sat, Dec 5, 2026 and is deleted on Sat, Dec 19, 2026" in page


def test_an_untouched_draft_is_hidden_and_comes_back_when_it_is_saved(
    browser_for: Browsers, clock: time_machine.Traveller
) -> None:
    browser = browser_for(make_referrer())
    page = begin(browser)
    clock.move_to(NOW + timedelta(days=14))
    browser.sign_in_again()
    assert "No drafts" in browser.open("/drafts")
    browser.open(page.address).form("Save and come back later").fill(BEFORE).submit()
    assert "No name yet" in browser.open("/drafts")


def test_old_drafts_are_deleted_by_the_command(
    app: Flask, session: Database, browser_for: Browsers, clock: time_machine.Traveller
) -> None:
    browser = browser_for(make_referrer())
    begin(browser)
    clock.move_to(NOW + timedelta(days=27))
    browser.sign_in_again()
    begin(browser)
    commands = app.test_cli_runner()
    assert "no drafts" in commands.invoke(args=["drafts", "delete-old"]).output
    clock.move_to(NOW + timedelta(days=28))
    assert "1 draft" in commands.invoke(args=["drafts", "delete-old"]).output
    assert drafts_in(session) == 1


def test_the_list_costs_the_same_for_many_drafts_as_for_one(
    browser_for: Browsers, statements: Statements
) -> None:
    browser = browser_for(make_referrer())
    begin(browser)
    statements.texts.clear()
    browser.open("/drafts")
    for_one = len(statements)
    for _ in range(55):
        browser.send("/drafts")
    statements.texts.clear()
    page = browser.open("/drafts")
    assert len(statements) == for_one
    assert sum(words == "No name yet" for words in _link_words(page.source)) == 50
    assert sum(words == "No name yet" for words in _link_words(page.follow("Next").source)) == 6


def test_a_draft_is_no_referral(session: Database, browser_for: Browsers) -> None:
    go_through(begin(browser_for(make_referrer())), *STEPS)
    assert session.scalar(select(func.count(Referral.id))) == 0


def _link_words(source: str) -> list[str]:
    return [
        part.split("</a>")[0].split(">")[-1] for part in source.split('<a class="usa-link"')[1:]
    ]
