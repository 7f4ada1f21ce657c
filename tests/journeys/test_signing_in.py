"""Who gets in, who does not, and where one comes out."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts import forms, guesses
from parents_partners.accounts.models import User
from parents_partners.accounts.passwords import DEMONSTRATION_PASSWORD, hashed
from parents_partners.accounts.services import disable_user
from parents_partners.accounts.types import COMMAND_LINE, Role
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from tests.browser import Browser, Page
from tests.factories import NOW, PASSWORD, make_password, make_user

OpenBrowser = Callable[[User | None], Browser]
Database = scoped_session[Session]
WRONG = "This e-mail address and this password do not belong to an account."

HOSTILE = [
    "//evil.example.com",
    "///evil.example.com",
    "////evil.example.com",
    "/\\evil.example.com",
    "/\\/evil.example.com",
    "\\\\evil.example.com",
    "\\/evil.example.com",
    "/%09/evil.example.com",
    "/\t/evil.example.com",
    "\t//evil.example.com",
    " //evil.example.com",
    "/\n/evil.example.com",
    "/\r\nLocation: https://evil.example.com",
    "\x00//evil.example.com",
    "\x19////evil.example.com",
    "\u200a///evil.example.com",
    "/\u2028/evil.example.com",
    "http://evil.example.com",
    "https://evil.example.com",
    "HTTPS://EVIL.EXAMPLE.COM",
    "https:evil.example.com",
    "https:/evil.example.com",
    "https:///evil.example.com",
    "https://programme.example.org@evil.example.com/",
    "https://programme.example.org.evil.example.com/",
    "https://evil.example.com\\.programme.example.org",
    "https://programme.example.org:443@evil.example.com",
    "https://programme.example.org/accounts",
    "ftp://evil.example.com",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "mailto:somebody@example.com",
    "evil.example.com",
    "@evil.example.com",
    ":@evil.example.com",
    "?next=//evil.example.com",
    "#//evil.example.com",
    ".",
    "..",
    "../",
    "./accounts",
    "accounts",
    "/..//evil.example.com",
    "/.//evil.example.com",
    "//",
    "///",
    "/no-such-page",
    "/no-such-page//evil.example.com",
    "/sign-out",
    "/accounts/../../evil",
    "/accounts\\@evil.example.com",
    "//[::1]/",
    "//[",
    "https://[",
    "/\u202eaccounts",
    "/\ufeff/evil.example.com",
    "／／evil.example.com",
]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    guesses.storage.reset()


@pytest.fixture
def stranger(browser_for: OpenBrowser) -> Browser:
    return browser_for(None)


@cache
def hash_of_password() -> str:
    return hashed(PASSWORD)


def sign_in(
    browser: Browser,
    email: str,
    password: str,
    *,
    status: int = 200,
) -> Page:
    form = browser.open("/sign-in").form("Sign in")
    return form.fill(email=email, password=password).submit(status=status)


def events(session: Database) -> list[Event]:
    return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))


def test_one_signs_in_and_out_and_both_are_on_record(session: Database, stranger: Browser) -> None:
    user = make_user(Role.ADMIN)
    page = sign_in(stranger, user.email, make_password(user))
    assert page.heading == "People"
    page = page.form("Sign out").submit()
    assert page.heading == "Sign in"
    assert "You have signed out." in page
    assert stranger.open("/accounts").heading == "Sign in"
    assert events(session) == [Event.SIGNED_IN, Event.SIGNED_OUT]


def test_one_comes_out_at_the_page_one_wanted(session: Database, stranger: Browser) -> None:
    user = make_user(Role.AUDITOR)
    password = make_password(user)
    page = stranger.open("/audit?kind=account.signed_in")
    assert page.heading == "Sign in"
    page = page.form("Sign in").fill(email=user.email, password=password).submit()
    assert page.address == "/audit?kind=account.signed_in"


def test_capital_letters_and_blanks_around_an_address_do_not_matter(
    session: Database, stranger: Browser
) -> None:
    user = make_user(Role.ADMIN)
    page = sign_in(stranger, f"  {user.email.upper()} ", make_password(user))
    assert page.heading == "People"


def test_whatever_was_wrong_the_words_are_the_same(session: Database, stranger: Browser) -> None:
    user, disabled = make_user(Role.ADMIN), make_user(Role.ADMIN)
    password = make_password(user)
    make_password(disabled)
    disable_user(disabled, actor=COMMAND_LINE, now=NOW)
    tries = [
        (user.email, "not the password"),
        ("nobody@example.org", password),
        (disabled.email, password),
        ("no address", password),
        ("", ""),
        (user.email, ""),
        ("a\x00b@example.org", password),
        (user.email, "\x00"),
        (user.email, "x" * 5000),
        ("x" * 5000, password),
    ]
    for email, typed in tries:
        page = sign_in(stranger, email, typed, status=422)
        assert [problem[: len(WRONG)] for problem in page.problems] == [WRONG], email
        assert typed not in page.source or not typed
    assert Event.SIGNED_IN not in events(session)


def test_the_address_stays_and_the_password_goes_when_sign_in_fails(
    session: Database, stranger: Browser
) -> None:
    page = sign_in(stranger, "ana@example.org", "not the password", status=422)
    form = page.form("Sign in")
    assert form.values["email"] == "ana@example.org"
    assert form.values["password"] == ""


def test_guesses_are_limited_for_one_address_and_not_for_another(
    session: Database, stranger: Browser, clock: time_machine.Traveller
) -> None:
    user, other = (make_user(Role.ADMIN, password=hash_of_password()) for _ in range(2))
    for _ in range(10):
        sign_in(stranger, user.email, "wrong password", status=422)
    page = sign_in(stranger, user.email, PASSWORD, status=429)
    assert page.heading == "Please wait a moment"
    assert sign_in(stranger, other.email, PASSWORD).heading == "People"


@pytest.mark.parametrize(
    "spelled",
    [
        lambda email, turn: "\u200b" * turn + email,
        lambda email, turn: email + "\ufeff" * turn,
        # Each letter of the domain that is written wide is the same letter to the mail.
        lambda email, turn: email[: -turn or None] + "".join(map(wide, email[len(email) - turn :])),
    ],
    ids=["invisible signs in front", "invisible signs behind", "wide letters"],
)
def test_guesses_are_counted_together_however_the_address_is_spelled(
    session: Database,
    stranger: Browser,
    clock: time_machine.Traveller,
    spelled: Callable[[str, int], str],
) -> None:
    user = make_user(Role.ADMIN, password=hash_of_password(), email="ana@example-house.org")
    for turn in range(10):
        sign_in(stranger, spelled(user.email, turn), "wrong password", status=422)
    sign_in(stranger, user.email, PASSWORD, status=429)


def wide(sign: str) -> str:
    return chr(ord(sign) + 0xFEE0)


def test_signing_in_properly_uses_up_no_guesses(session: Database, stranger: Browser) -> None:
    user = make_user(Role.ADMIN)
    password = make_password(user)
    for _ in range(12):
        sign_in(stranger, user.email, password).form("Sign out").submit()


def test_disabling_an_account_ends_its_session_at_once(
    session: Database, browser_for: OpenBrowser
) -> None:
    user = make_user(Role.ADMIN)
    make_user(Role.ADMIN)
    browser = browser_for(user)
    assert browser.open("/accounts").heading == "People"
    disable_user(user, actor=COMMAND_LINE, now=NOW)
    session.commit()
    assert browser.open("/accounts").heading == "Sign in"


@pytest.mark.parametrize("address", HOSTILE)
def test_nothing_leads_out_of_the_house_after_signing_in(
    session: Database, stranger: Browser, address: str
) -> None:
    """S-11, for the way in by the address and for the hidden field of the form."""
    user = make_user(Role.ADMIN, password=hash_of_password())
    for data, query in (({"next": address}, {}), ({}, {"next": address})):
        fields = {"email": user.email, "password": PASSWORD, "csrf_token": stranger.token()}
        response = stranger.request("POST", "/sign-in", data=fields | data, query_string=query)
        assert (response.status_code, response.headers["Location"]) == (303, "/sign-in")
    response = stranger.request("GET", "/sign-in", query_string={"next": address})
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in")


def test_nothing_signs_in_without_the_token_of_the_form(
    session: Database, stranger: Browser
) -> None:
    user = make_user(Role.ADMIN)
    fields = {"email": user.email, "password": make_password(user)}
    assert stranger.request("POST", "/sign-in", data=fields).status_code == 400
    assert stranger.request("POST", "/sign-out").status_code == 400


def test_a_sign_in_that_is_no_form_is_refused(session: Database, stranger: Browser) -> None:
    headers = {"X-CSRFToken": stranger.token()}
    for body in ({"email": "a@example.org", "password": "\ud800"}, ["email"], "email"):
        response = stranger.request("POST", "/sign-in", json=body, headers=headers)
        assert response.status_code == 400
        assert "html" in response.content_type


def test_no_token_in_an_address_or_a_header_stands_in_for_a_session(
    app: Flask, session: Database, stranger: Browser
) -> None:
    token = make_user(Role.ADMIN).get_auth_token()
    for options in (
        {"query_string": {"auth_token": token}},
        {"headers": {"Authentication-Token": token}},
    ):
        response = stranger.request("GET", "/accounts", **options)
        assert response.status_code == 302


def test_the_session_cookie_is_kept_from_scripts_other_sites_and_plain_http(
    session: Database, stranger: Browser
) -> None:
    response = stranger.request("GET", "/sign-in")
    cookie = response.headers["Set-Cookie"]
    for word in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert word in cookie
    assert "Expires" not in cookie


def test_the_sign_in_page_names_nobody_outside_the_demonstration(
    session: Database, stranger: Browser
) -> None:
    page = stranger.open("/sign-in")
    assert "demonstration" not in page.text.lower()
    assert DEMONSTRATION_PASSWORD not in page.source


def test_the_demonstrations_password_opens_nothing_outside_the_demonstration(
    session: Database, stranger: Browser
) -> None:
    user = make_user(Role.ADMIN)
    user.password = hashed(DEMONSTRATION_PASSWORD)
    session.flush()
    sign_in(stranger, user.email, DEMONSTRATION_PASSWORD, status=422)


def test_an_account_may_be_open_in_two_browsers_for_a_working_day(
    session: Database, browser_for: OpenBrowser, clock: time_machine.Traveller
) -> None:
    user = make_user(Role.ADMIN)
    one, other = browser_for(user), browser_for(user)
    clock.shift(timedelta(hours=9))
    assert one.open("/accounts").heading == other.open("/accounts").heading == "People"


def test_a_browser_that_was_left_open_is_signed_out_the_next_day(
    session: Database, browser_for: OpenBrowser, clock: time_machine.Traveller
) -> None:
    browser = browser_for(make_user(Role.ADMIN))
    assert browser.open("/accounts").heading == "People"
    clock.shift(timedelta(hours=12, minutes=1))
    assert browser.open("/accounts").heading == "Sign in"


def test_what_is_far_too_long_for_an_address_is_cut_before_it_is_cleaned(
    session: Database, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may send a sign-in, and putting accents in order takes the square of their number."""
    cleaned: list[int] = []
    monkeypatch.setattr(forms, "clean", lambda text: cleaned.append(len(text)) or text)
    fields = {"email": "a" + "\u0301\u0323" * 50_000, "password": PASSWORD}
    stranger.send("/sign-in", fields, status=422)
    assert max(cleaned) < 1000
