"""A Family Specialist says what they take on and when they are away; their supervisor sets the
capacity."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Specialist
from tests.browser import Browser
from tests.factories import make_assignment, make_family, make_specialist, make_unit, make_user

Database = scoped_session[Session]
OpenBrowser = Callable[[User | None], Browser]


@pytest.fixture
def supervisor(session: Database) -> User:
    return make_user(Role.SUPERVISOR, unit=make_unit(), name="Yvonne Maddox")


@pytest.fixture
def newcomer(supervisor: User) -> User:
    return make_user(Role.SPECIALIST, unit=supervisor.unit, name="Ramona Ventura")


def test_a_newcomer_fills_in_their_profile_and_the_supervisor_sets_the_capacity(
    session: Database, supervisor: User, newcomer: User, browser_for: OpenBrowser
) -> None:
    page = browser_for(newcomer).open("/").follow("My profile")
    assert "not set yet" in page
    form = page.form("Save the profile")
    assert "capacity" not in form.fields
    page = form.fill(
        languages=["English", "Haitian Creole"], concerns_not_taken=["Sexual abuse"]
    ).submit()
    assert "The profile is saved." in page
    list_page = browser_for(supervisor).open("/specialists")
    assert list_page.rows[0][:4] == [
        "Ramona Ventura",
        "0 of 0",
        "English, Haitian Creole",
        "All but 1 concern",
    ]
    page = list_page.follow("Ramona Ventura")
    page.form("Save the profile").fill(capacity="9").submit()
    assert "9 families" in browser_for(newcomer).open("/profile")


def test_a_capacity_that_a_specialist_sends_all_the_same_is_not_taken(
    session: Database, newcomer: User, browser_for: OpenBrowser
) -> None:
    """S-03."""
    browser_for(newcomer).send("/profile", {"version": "0", "capacity": "50", "languages": "en"})
    assert session.get_one(Specialist, newcomer.id).capacity == 0


def test_what_is_both_welcome_and_not_taken_is_refused_and_stays_chosen(
    session: Database, newcomer: User, browser_for: OpenBrowser
) -> None:
    form = browser_for(newcomer).open("/profile").form("Save the profile")
    page = form.fill(concerns_taken=["housing"], concerns_not_taken=["housing"]).submit(status=422)
    assert page.problems == ["Both taken and not taken: Housing. Choose one of the two."]
    assert page.form("Save the profile").values["concerns_taken"] == "housing"


def test_ones_own_change_in_another_window_is_said_to_be_ones_own(
    newcomer: User, browser_for: OpenBrowser
) -> None:
    browser = browser_for(newcomer)
    first, second = (browser.open("/profile").form("Save the profile") for _ in range(2))
    first.fill(languages=["English"]).submit()
    page = second.fill(languages=["English"]).submit(status=409)
    assert "You changed this already" in page
    assert "By yourself," in page
    assert "Somebody was quicker" not in page


def test_specialist_and_supervisor_at_one_profile(
    session: Database, supervisor: User, newcomer: User, browser_for: OpenBrowser
) -> None:
    theirs = browser_for(supervisor).open(f"/specialists/{newcomer.public_id}")
    browser_for(newcomer).open("/profile").form("Save the profile").fill(
        languages=["English"]
    ).submit()
    page = theirs.form("Save the profile").fill(capacity="5").submit(status=409)
    assert "Somebody was quicker" in page
    assert "By Ramona Ventura" in page
    page.form("Save the profile").submit()
    assert session.get_one(Specialist, newcomer.id).capacity == 5


def test_days_away_show_what_they_uncover_and_can_be_ended(
    session: Database, supervisor: User, browser_for: OpenBrowser
) -> None:
    specialist = make_specialist(unit=supervisor.unit)
    case = make_family("Marte, Luz")
    make_assignment(case, specialist, supervisor=supervisor)
    page = browser_for(specialist).open("/profile")
    page = page.form("Add these days").fill(from_on="2026-11-24", until_on="").submit(status=422)
    assert page.problems == ["Give the last day away."]
    assert page.form("Add these days").values["from_on"] == "2026-11-24"
    page = page.form("Add these days").fill(until_on="2026-11-25").submit()
    assert "1 conference of families in these days" in page
    assert "Marte, Luz" in page
    other = browser_for(supervisor).open(f"/specialists/{specialist.public_id}")
    assert "Marte, Luz" in other
    page = page.form("Not away after all from Tue, Nov 24, 2026").submit()
    assert "No days away" in page


def test_a_colleagues_days_away_cannot_be_ended(
    session: Database, newcomer: User, browser_for: OpenBrowser
) -> None:
    specialist = make_specialist(unit=newcomer.unit)
    page = browser_for(specialist).open("/profile").form("Add these days")
    page = page.fill(from_on="2026-11-24", until_on="2026-11-25").submit()
    away = page.form("Not away after all from Tue, Nov 24, 2026").values["away"]
    browser_for(newcomer).send("/profile/back", {"away": away}, status=422)
    assert "No days away" not in browser_for(specialist).open("/profile")


def test_a_newcomer_saves_the_profile_before_days_away(
    session: Database, newcomer: User, browser_for: OpenBrowser
) -> None:
    form = browser_for(newcomer).open("/profile").form("Add these days")
    page = form.fill(from_on="2026-11-24", until_on="2026-11-25").submit(status=422)
    assert page.problems == ["Save the profile first, then add days away."]
