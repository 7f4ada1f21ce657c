"""Administration in the browser: as the administrator, and as who was invited."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts import guesses
from parents_partners.accounts.models import Invitation, User
from parents_partners.accounts.services import known_or_new_organisation
from parents_partners.accounts.types import COMMAND_LINE, Role
from parents_partners.advocates.types import AssignmentState
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from tests.browser import Browser, Page
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_organisation,
    make_password,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
)

OpenBrowser = Callable[[User | None], Browser]
Database = scoped_session[Session]
PASSWORD = "wechsel märz kachel boot"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    guesses.storage.reset()


@pytest.fixture
def admin(session: Database) -> User:
    return make_user(Role.ADMIN, name="Gordon Ferris")


@pytest.fixture
def desk(admin: User, browser_for: OpenBrowser) -> Browser:
    return browser_for(admin)


def invite(desk: Browser, **changes: object) -> Page:
    make_organisation("Harborview Family Services")
    form = desk.open("/accounts/new").form("Make the account and its link")
    values = {
        "Name": "Ana Ruiz",
        "E-mail address": "Ana@Example.org",
        "Role": "Referrer",
        "Organisation": "Harborview Family Services",
    }
    return form.fill(values | changes).submit()


def link_on(page: Page) -> str:
    field = page.by_id("link")
    assert field is not None
    return urlsplit(field.get("value", "")).path


def choose(desk: Browser, link: str, password: str = PASSWORD) -> Page:
    form = desk.open(link).form("Keep this password")
    return form.fill(password=password, again=password).submit()


def test_whoever_was_invited_cannot_take_their_address_as_a_password(
    session: Database, desk: Browser
) -> None:
    link = link_on(invite(desk, **{"E-mail address": "ana.ruiz@example.org"}))
    form = desk.open(link).form("Keep this password")
    known = "ana.ruiz@example.org"
    page = form.fill(password=known, again=known).submit(status=422)
    assert page.problems == ["This is your name or your e-mail address. Choose another password."]


def test_who_was_invited_chooses_a_password_and_signs_in(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    page = invite(desk)
    assert page.heading == "The link to hand over"
    link = link_on(page)
    assert "Nov 24, 2026" in page
    page = desk.open("/accounts")
    assert [page.rows[0][0], page.rows[0][-1]] == ["Ana Ruiz ana@example.org", "Invited"]
    assert link.split("/")[-1] not in page.follow("Ana Ruiz").source

    invited = browser_for(None)
    page = invited.open(link)
    assert page.heading == "Choose your password"
    for words in ("Ana Ruiz", "ana@example.org", "Harborview Family Services"):
        assert words in page
    page = choose(invited, link)
    assert page.heading == "Sign in"
    assert "Your password is kept" in page
    page = page.form("Sign in").fill(email="ana@example.org", password=PASSWORD).submit()
    assert page.heading == "Your drafts"
    assert desk.open("/accounts").rows[0][-1] == "Active"


def test_nobody_signs_in_with_an_account_whose_person_has_no_password_yet(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    invite(desk)
    form = browser_for(None).open("/sign-in").form("Sign in")
    page = form.fill(email="ana@example.org", password="anything at all").submit(status=422)
    assert page.problems == [
        "This e-mail address and this password do not belong to an account. Check both and try"
        " again."
    ]


def test_every_link_that_opens_nothing_shows_the_same_page(
    session: Database, desk: Browser, browser_for: OpenBrowser, clock: time_machine.Traveller
) -> None:
    used = link_on(invite(desk))
    choose(browser_for(None), used)
    user = session.scalars(select(User).filter_by(email="ana@example.org")).one()
    address = f"/accounts/{user.public_id}"
    replaced = link_on(desk.open(address).form("Make a new link").submit())
    late = link_on(desk.open(address).form("Make a new link").submit())
    clock.shift(3 * 24 * 3600)
    stranger = browser_for(None)
    links = (used, replaced, late, "/invitations/nobody-made-this", used[:-1])
    pages = [stranger.open(link, status=404) for link in links]
    pages += [
        stranger.send(link, {"password": PASSWORD, "again": PASSWORD}, status=404) for link in links
    ][:3]
    assert {page.text for page in pages} == {pages[0].text}
    assert pages[0].heading == "This link does not work"


def test_guesses_at_links_are_limited_and_good_links_use_up_none(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    link = link_on(invite(desk))
    stranger = browser_for(None)
    for _ in range(15):
        stranger.open(link)
    for number in range(10):
        stranger.open(f"/invitations/guess-{number}", status=404)
    assert stranger.open("/invitations/guess-11", status=429).heading == "Please wait a moment"
    stranger.send("/invitations/guess-12", {"password": PASSWORD}, status=429)


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "A password needs 12 to 200 characters."),
        (PASSWORD, PASSWORD + "x", "The two passwords differ. Type the same one twice."),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "This password repeats too few characters."),
    ],
)
def test_a_password_that_is_refused_leaves_the_link_alive(
    session: Database,
    desk: Browser,
    browser_for: OpenBrowser,
    password: str,
    again: str,
    words: str,
) -> None:
    link = link_on(invite(desk))
    invited = browser_for(None)
    form = invited.open(link).form("Keep this password")
    page = form.fill(password=password, again=again).submit(status=422)
    assert len(page.problems) == 1
    assert page.problems[0].startswith(words)
    assert password not in page.source or password == "short"
    assert choose(invited, link).heading == "Sign in"


def test_a_forgotten_password_is_replaced_and_ends_what_was_signed_in(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    user = make_user(Role.HELPLINE, name="Rosalind Baptiste")
    old = make_password(user)
    at_work = browser_for(user)
    page = desk.open("/accounts").follow("Rosalind Baptiste")
    link = link_on(page.form("Make a new link").submit())
    assert at_work.open("/drafts").heading == "Your drafts"
    choose(browser_for(None), link)
    assert at_work.open("/drafts").heading == "Sign in"
    form = browser_for(None).open("/sign-in").form("Sign in")
    form.fill(email=user.email, password=old).submit(status=422)


def test_all_that_is_missing_is_said_at_once_and_nothing_typed_is_lost(
    session: Database, desk: Browser
) -> None:
    form = desk.open("/accounts/new").form("Make the account and its link")
    page = form.fill(Title="Case Planner", role="specialist").submit(status=422)
    assert page.problems == [
        "Give the person's name.",
        "This is not an e-mail address. Write it like name@agency.org.",
        "Choose an organisation.",
        "The role Family Specialist needs a unit.",
    ]
    again = page.form("Make the account and its link")
    assert again.values["title"] == "Case Planner"
    assert session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_two_who_change_one_account_see_both_texts(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    user = make_user(Role.REFERRER, name="Ana Ruiz")
    address = f"/accounts/{user.public_id}/change"
    mine = desk.open(address).form("Save").fill(Title="Case Planner")
    other = browser_for(make_user(Role.ADMIN, name="Beatrice Obi"))
    other.open(address).form("Save").fill(Title="Director").submit()
    page = mine.submit(status=409)
    assert "By Beatrice Obi" in page
    assert "Director" in page
    page = page.form("Save").submit()
    assert "Case Planner" in page


def test_another_role_signs_the_person_out(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    user = make_user(Role.HELPLINE)
    at_work = browser_for(user)
    at_work.open("/drafts")
    form = desk.open(f"/accounts/{user.public_id}/change").form("Save")
    form.fill(Role="Auditor").submit()
    assert at_work.open("/drafts").heading == "Sign in"


def test_who_leaves_is_signed_out_and_the_page_says_what_is_left(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    specialist = make_specialist()
    for state in (AssignmentState.IN_CONTACT, AssignmentState.OFFERED):
        make_assignment(make_family("Quillfeather, Luz"), specialist=specialist, state=state)
    at_work = browser_for(specialist)
    page = desk.open(f"/accounts/{specialist.public_id}")
    assert "Supports 1 family. Has 1 offer to answer." in page
    page = page.form("Disable this account").submit()
    assert "The account is disabled, and its sign-ins are ended." in page
    assert "Supports 1 family. A supervisor has to hand these over to somebody else." in page
    assert "offer to answer" not in page
    assert "Quillfeather" not in page.source
    assert at_work.open("/today").heading == "Sign in"
    page = page.form("Enable the account again").submit()
    assert "with the password it had" in page


def test_a_specialist_without_a_profile_breaks_nothing(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    unit = make_unit("Uptown")
    page = invite(
        desk, Role="Family Specialist", Organisation="Harborview Family Services", Unit="Uptown"
    )
    page = page.follow("To the account")
    assert "Has no profile as a Family Specialist yet" in page
    user = session.scalars(select(User).filter_by(email="ana@example.org")).one()
    for address in ("/today", "/caseload"):
        browser_for(user).open(address)
    referral = make_referral()
    supervisor = browser_for(make_user(Role.SUPERVISOR, unit=unit))
    assert "Ana Ruiz" not in supervisor.open(f"/triage/referrals/{referral.public_id}").source


def test_nobody_changes_their_own_account(session: Database, desk: Browser, admin: User) -> None:
    page = desk.open("/accounts").follow("Gordon Ferris")
    assert "Nobody changes their own account" in page
    assert page.buttons == ["Sign out"]
    desk.open(f"/accounts/{admin.public_id}/change", status=404)


def test_the_list_of_people_is_asked_by_name_role_organisation_and_state(
    session: Database, desk: Browser
) -> None:
    agency = make_organisation("Harborview")
    make_user(
        Role.REFERRER,
        name="Ana Ruiz",
        email="ana@example.org",
        organisation=agency,
        active=False,
    )
    make_user(Role.REFERRER, name="Zoë Adair", email="zoe@example.org", organisation=agency)
    page = desk.open("/accounts").form("Apply").fill({"Name or e-mail address": "zoe"}).submit()
    assert [row[0] for row in page.rows] == ["Zoë Adair zoe@example.org"]
    page = page.follow("Clear filters").form("Apply")
    page = page.fill(Role="Referrer", Organisation="Harborview", State="Disabled").submit()
    assert [row[0] for row in page.rows] == ["Ana Ruiz ana@example.org"]
    page = page.form("Apply").fill(words="nobody").submit()
    assert "Nobody found" in page


def test_a_spelling_is_linked_to_what_it_means_and_undone(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    agency = make_organisation("Harborview Family Services")
    referrer = make_user(Role.REFERRER, organisation=agency)
    spelling = known_or_new_organisation("HARBORVIEW FAM.", actor=COMMAND_LINE, now=NOW)
    referral = make_referral(
        sender=spelling, referrer=make_user(Role.HELPLINE), case__name="Quillfeather, Luz"
    )
    page = desk.open("/organisations")
    assert page.rows[0][0] == "HARBORVIEW FAM. Perhaps a spelling of Harborview Family Services"
    page = page.follow("HARBORVIEW FAM.")
    browser_for(referrer).open(f"/referrals/{referral.public_id}", status=404)
    form = page.form("Link the spelling")
    assert "Choose the organisation that it means." in form.submit(status=422)
    page = form.fill({"The organisation that it means": agency.public_id}).submit()
    assert page.heading == "Harborview Family Services"
    assert "Other spellings 1 spelling HARBORVIEW FAM." in page
    browser_for(referrer).open(f"/referrals/{referral.public_id}")
    assert "Quillfeather" not in page.source
    page = page.follow("HARBORVIEW FAM.").form("Undo the link").submit()
    assert "The link is undone" in page
    browser_for(referrer).open(f"/referrals/{referral.public_id}", status=404)


def test_an_unknown_organisation_is_sorted_and_renamed(session: Database, desk: Browser) -> None:
    known_or_new_organisation("TREMONT ALLIANCE", actor=COMMAND_LINE, now=NOW)
    page = desk.open("/organisations").follow("TREMONT ALLIANCE")
    assert page.form("Save").submit(status=422).problems == [
        "Choose what kind of organisation it is."
    ]
    page = page.form("Save").fill(Name="Tremont Family Alliance", Kind="Contract agency").submit()
    assert page.heading == "Tremont Family Alliance"
    assert "TREMONT ALLIANCE" in page


def test_two_who_rename_an_organisation_see_both_names(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    agency = make_organisation("Harborview")
    address = f"/organisations/{agency.public_id}"
    mine = desk.open(address).form("Save").fill(Name="Harborview Family Services")
    other = browser_for(make_user(Role.ADMIN, name="Beatrice Obi"))
    other.open(address).form("Save").fill(Name="Harborview Children").submit()
    page = mine.submit(status=409)
    assert "By Beatrice Obi" in page
    assert "On record is now: Harborview Children" in page
    page = page.form("Save").submit()
    assert page.heading == "Harborview Family Services"


def test_an_organisation_and_a_unit_are_added_once(session: Database, desk: Browser) -> None:
    page = desk.open("/organisations").follow("Add an organisation")
    form = page.form("Add the organisation").fill(Name="Tremont", Kind="ACS office")
    assert form.submit().heading == "Tremont"
    assert form.submit(status=422).problems == [
        "There is already an organisation of this name: Tremont."
    ]
    page = desk.open("/units").follow("Add a unit")
    form = page.form("Add the unit").fill(Name="Uptown")
    page = form.submit()
    assert page.rows[0][:2] == ["Uptown", "No supervisor"]
    assert form.submit(status=422).problems == ["There is already a unit of this name."]
    page = page.follow("Rename Uptown").form("Save").fill(Name="Harlem").submit()
    assert page.rows[0][0] == "Harlem"


def test_the_auditor_reads_each_act_and_whom_it_was_about(
    session: Database, desk: Browser, browser_for: OpenBrowser
) -> None:
    page = invite(desk).follow("To the account")
    page.form("Disable this account").submit()
    user = session.scalars(select(User).filter_by(email="ana@example.org")).one()
    written = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(row.event, row.subject, row.subject_id) for row in written] == [
        (Event.ACCOUNT_CREATED, "user", user.id),
        (Event.ACCOUNT_INVITED, "user", user.id),
        (Event.ACCOUNT_DISABLED, "user", user.id),
    ]
    for row in written:
        assert "Ana" not in str(row.detail)
        assert "ana@" not in str(row.detail)
    seen = browser_for(make_user(Role.AUDITOR)).open("/audit")
    assert "Gordon Ferris invited somebody to sign in" in seen
