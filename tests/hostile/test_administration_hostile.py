"""Whatever an administrator, or who has a link, or who has none, sends: an answer in words."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts import guesses, services
from parents_partners.accounts.models import Organisation, Unit, User
from parents_partners.accounts.types import Role
from tests.browser import Browser
from tests.factories import NOW, make_organisation, make_unit, make_user

OpenBrowser = Callable[[User | None], Browser]
Database = scoped_session[Session]

TEXTS = {
    "markup": "<script>alert(1)</script>",
    "a template": "{{ 7 * 7 }}",
    "quotes": "'; DROP TABLE user; --",
    "nothing that can be stored": "a\x00b",
    "text turned round": "\u202egnitirw",
    "no text at all": "\u200b\u2060",
    "too long": "x" * 100_000,
    "accents piled": "a" + "\u0301" * 5_000,
    "another script": "محمد الهاشمي",
    "a formula": "=HYPERLINK(1)",
}
each_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    guesses.storage.reset()


@each_text
def test_a_name_is_shown_as_typed_or_refused(
    session: Database, browser_for: OpenBrowser, text: str
) -> None:
    """S-13, for the pages that administrators fill in."""
    agency, unit = make_organisation("Harborview"), make_unit("Uptown")
    user = make_user(Role.REFERRER, organisation=agency)
    browser = browser_for(make_user(Role.ADMIN))
    fields = {
        "name": text,
        "title": text,
        "phone": text,
        "email": "ana@example.org",
        "role": "referrer",
        "organisation": agency.name,
        "kind": "acs_office",
        "seen_name": "Harborview",
        "seen_kind": "contract_agency",
        "version": "1",
    }
    for address in (
        "/accounts/new",
        f"/accounts/{user.public_id}/change",
        "/organisations/new",
        f"/organisations/{agency.public_id}/change",
        "/units/new",
        f"/units/{unit.public_id}/change",
    ):
        sent = fields | {"seen_name": "Uptown"} if "units" in address else fields
        answer = browser.request("POST", address, data={**sent, "csrf_token": browser.token()})
        assert answer.status_code in (200, 303, 422), address
        assert "<script>alert" not in answer.get_data(as_text=True)
        assert answer.status_code != 200 or "accounts/new" in address
    for address in ("/accounts", "/organisations", "/units"):
        page = browser.open(address)
        cells = [cell for row in page.rows for cell in row]
        assert "49" not in cells
    kept = session.scalars(select(User.name)).all()
    assert not any("\x00" in name or "\u202e" in name for name in kept)


@each_text
def test_what_no_form_offers_is_not_chosen(
    session: Database, browser_for: OpenBrowser, text: str
) -> None:
    agency = make_organisation("Harborview")
    before = session.scalar(select(func.count()).select_from(User))
    browser = browser_for(make_user(Role.ADMIN))
    for field in ("role", "organisation", "unit"):
        fields = {
            "name": "Ana Ruiz",
            "email": "ana@example.org",
            "role": "specialist",
            "organisation": agency.name,
            field: text,
        }
        browser.send("/accounts/new", fields, status=422)
    page = browser.send(
        f"/organisations/{agency.public_id}/link", {"organisation": text}, status=422
    )
    assert "Choose the organisation that it means." in page.problems
    assert session.scalar(select(func.count()).select_from(User)) == (before or 0) + 1
    assert session.scalar(select(func.count()).select_from(Unit)) == 0
    assert session.scalar(select(func.count()).select_from(Organisation)) == 2


@each_text
def test_any_question_to_the_list_of_people_is_answered(
    session: Database, browser_for: OpenBrowser, text: str
) -> None:
    browser = browser_for(make_user(Role.ADMIN))
    for field in ("words", "role", "organisation", "state", "after"):
        answer = browser.request("GET", "/accounts", query_string={field: text[:5000]})
        assert answer.status_code == 200
    assert (
        browser.request("GET", "/organisations", query_string={"after": text[:5000]}).status_code
        == 200
    )


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "x" * 300,
        "%00",
        "%ED%A0%80",
        "%FF%FE",
        "..",
        "%2e%2e%2f",
        "' OR 1=1 --",
        "%E2%80%AE",
        "{{7*7}}",
        "<script>",
    ],
)
def test_any_token_is_a_link_that_does_not_work(
    session: Database, browser_for: OpenBrowser, token: str
) -> None:
    user = make_user(Role.REFERRER)
    services.make_link(user, actor=make_user(Role.ADMIN).as_actor(), now=NOW)
    stranger = browser_for(None)
    for method in ("GET", "POST"):
        data = {"csrf_token": stranger.token(), "password": "one two three four", "again": ""}
        options = {"data": data} if method == "POST" else {}
        answer = stranger.request(method, f"/invitations/{token}", **options)
        assert answer.status_code == 404
        assert user.name not in answer.get_data(as_text=True)


@each_text
def test_any_password_is_kept_whole_or_refused_in_words(
    session: Database, browser_for: OpenBrowser, text: str
) -> None:
    """What is kept can be typed at the door."""
    user = make_user(Role.REFERRER)
    link = services.make_link(user, actor=make_user(Role.ADMIN).as_actor(), now=NOW)
    session.flush()
    browser = browser_for(None)
    sent = {"password": text, "again": text, "csrf_token": browser.token()}
    answer = browser.request("POST", f"/invitations/{link.token}", data=sent)
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        form = browser.open("/sign-in").form("Sign in")
        assert form.fill(email=user.email, password=text).submit().heading == "Your drafts"


def test_a_link_is_not_used_by_another_sites_page_nor_without_its_token(
    session: Database, browser_for: OpenBrowser
) -> None:
    user = make_user(Role.REFERRER)
    link = services.make_link(user, actor=make_user(Role.ADMIN).as_actor(), now=NOW)
    session.flush()
    browser = browser_for(None)
    fields = {"password": "one two three four", "again": "one two three four"}
    address = f"/invitations/{link.token}"
    assert browser.request("POST", address, data=fields).status_code == 400
    fields["csrf_token"] = browser.token()
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert browser.request("POST", address, data=fields, headers=headers).status_code == 400
    assert browser.request("POST", address, data=fields).status_code == 303
