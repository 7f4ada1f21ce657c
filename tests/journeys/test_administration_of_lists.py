"""The administrator changes lists and settings, and keeps the conflict list, in the browser."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.core.reference import ListItem, Setting
from tests.browser import Browser
from tests.factories import make_assignment, make_family, make_specialist, make_unit, make_user

Database = scoped_session[Session]
OpenBrowser = Callable[[User | None], Browser]


@pytest.fixture
def admin(session: Database) -> User:
    return make_user(Role.ADMIN, name="Gordon Ferris")


def test_an_entry_is_added_moved_reworded_ended_and_taken_back(
    session: Database, admin: User, browser_for: OpenBrowser
) -> None:
    page = browser_for(admin).open("/lists").follow("Kinds of services")
    page = page.form("Add to the list").fill({"What people read": "Art class"}).submit()
    assert page.rows[-1][0] == "Art class art_class"
    page = page.form("Up: Art class").submit()
    assert page.rows[-2][0] == "Art class art_class"
    page = page.follow("Change or end Art class")
    page = page.form("Save").fill({"What people read": "Art and music"}).submit()
    page = page.follow("Change or end Art and music").form("End it").submit()
    assert page.rows[-2][1] == "Ended"
    page = page.follow("Change or end Art and music").form("Take the end back").submit()
    assert page.rows[-2][1] == "In use"
    assert "by Gordon Ferris" in page


def test_what_was_typed_stays_where_an_entry_is_refused(
    session: Database, admin: User, browser_for: OpenBrowser
) -> None:
    page = browser_for(admin).open("/lists/service_kind")
    page = page.form("Add to the list").fill(label="housing").submit(status=422)
    assert page.problems == ["This is in the list already. An entry that ended can be taken back."]
    assert page.form("Add to the list").values["label"] == "housing"


def test_an_entry_that_the_program_needs_has_no_button_that_ends_it(
    session: Database, admin: User, browser_for: OpenBrowser
) -> None:
    page = browser_for(admin).open("/lists/conference_kind/COURT")
    assert "End it" not in page.buttons
    assert "cannot end" in page
    page = page.browser.send(
        "/lists/conference_kind/COURT/end", {"ended_on": "2026-12-01"}, status=422
    )
    assert "The program itself needs this entry" in page
    assert session.get_one(ListItem, ("conference_kind", "COURT")).ended_on is None


def test_two_administrators_at_one_entry(
    session: Database, admin: User, browser_for: OpenBrowser
) -> None:
    first = browser_for(admin).open("/lists/outcome/moved_away")
    second = browser_for(make_user(Role.ADMIN)).open("/lists/outcome/moved_away")
    first.form("Save").fill(label="Moved to another state").submit()
    page = second.form("Save").fill(label="Moved far away").submit(status=409)
    assert "Somebody was quicker" in page
    assert "By Gordon Ferris" in page
    assert "Moved to another state" in page
    page = page.form("Save").submit()
    assert "Moved far away" in page


def test_a_setting_is_changed_and_in_force_on_the_next_page(
    session: Database, admin: User, browser_for: OpenBrowser
) -> None:
    page = browser_for(admin).open("/lists").follow("Change route_days")
    page = page.form("Save").fill(value="soon").submit(status=422)
    assert page.problems == ["Write whole days, a number from 0 to 365."]
    assert page.form("Save").values["value"] == "soon"
    page = page.form("Save").fill(value="4").submit()
    [row] = [row for row in page.rows if "route_days" in row[0]]
    assert row[1:3] == ["4 days", "Sat, Nov 21, 2026, 10:00 AM, by Gordon Ferris"]
    log = browser_for(make_user(Role.AUDITOR)).open("/audit?kind=setting.changed")
    assert log.rows[0][2] == "Gordon Ferris changed a setting: route_days, from 3 to 4"


def test_two_administrators_at_one_setting(
    session: Database, admin: User, browser_for: OpenBrowser
) -> None:
    first = browser_for(admin).open("/settings/helpline_hours")
    second = browser_for(make_user(Role.ADMIN)).open("/settings/helpline_hours")
    first.form("Save").fill(value="Always").submit()
    page = second.form("Save").fill(value="Never").submit(status=409)
    assert "This setting was changed to Always." in page
    assert session.get_one(Setting, "helpline_hours").value == "Always"
    page.form("Save").submit()
    session.expire_all()
    assert session.get_one(Setting, "helpline_hours").value == "Never"


def test_an_administrator_keeps_a_colleague_out_by_case_number_and_ends_it(
    session: Database, admin: User, browser_for: OpenBrowser
) -> None:
    specialist = make_specialist()
    specialist.name = "Ramona Ventura"
    case = make_family("Marte, Luz", number="S-777777-7")
    make_assignment(case, specialist)
    browser = browser_for(specialist)
    browser.open(f"/families/{case.public_id}")
    page = browser_for(admin).open("/conflicts")
    page = page.form("Keep them out").fill(
        {"Colleague": "Ramona Ventura, Family Specialist", "Case number": "s 777777-7"}
    )
    page = page.submit()
    assert page.rows[0][:3] == [
        "Ramona Ventura",
        "Family Specialist",
        "Case number S7777777",
    ]
    assert "Marte" not in page
    browser.open(f"/families/{case.public_id}", status=404)
    page = page.form("End this entry").submit()
    assert "No entries" in page
    browser.open(f"/families/{case.public_id}")


def test_a_supervisor_keeps_a_colleague_out_from_the_familys_page(
    session: Database, browser_for: OpenBrowser
) -> None:
    unit = make_unit()
    supervisor, specialist = make_user(Role.SUPERVISOR, unit=unit), make_specialist(unit=unit)
    specialist.name = "Ramona Ventura"
    case = make_family("Marte, Luz")
    make_assignment(case, specialist, supervisor=supervisor)
    page = browser_for(supervisor).open(f"/families/{case.public_id}")
    page = page.follow("Keep a colleague out")
    page = page.form("Keep them out").submit(status=422)
    assert page.problems == ["Choose who must not see the family."]
    page = page.form("Keep them out").fill(person="Ramona Ventura, Family Specialist").submit()
    assert "Ramona Ventura still carries this family on paper." in page
    assert "closed to Ramona Ventura" in page.follow("Back to the family")


def test_a_supervisor_who_chooses_themself_is_out_at_once(
    session: Database, browser_for: OpenBrowser
) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    case = make_family("Marte, Luz")
    browser = browser_for(supervisor)
    page = browser.open(f"/families/{case.public_id}/conflicts").form("Keep them out")
    page.fill(person=supervisor.public_id).submit()
    browser.open(f"/families/{case.public_id}", status=404)
    assert "Marte" not in browser.open("/conflicts")


def test_a_specialist_keeps_themself_out_and_reads_the_same_words_whatever_the_number(
    session: Database, browser_for: OpenBrowser
) -> None:
    """Nobody finds out by trying which numbers there are."""
    specialist = make_specialist()
    make_family("Marte, Luz", number="S-777777-7")
    browser = browser_for(specialist)
    answers = []
    for number in ("S-777777-7", "S-000000-0"):
        page = browser.open("/profile").follow("Keep me out of a family")
        page = page.form("Keep me out").fill(number=number).submit()
        answers.append(page.text)
    assert answers[0] == answers[1]
    assert "S-777777-7" not in answers[0]
    page = page.follow("Keep me out of a family").form("Keep me out").submit(status=422)
    assert page.problems == ["Write the family's case number, like S-012345-6."]
