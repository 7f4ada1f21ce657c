"""What a page of another site makes somebody's browser send changes nothing here, and gets nothing
back that could be sent again."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from parents_partners.accounts.models import User
from tests.browser import HOST, Browser
from tests.factories import make_assignment, make_family

OpenBrowser = Callable[[User | None], Browser]
FORGED = {"outcome": "completed", "csrf_token": "guessed"}

FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HOST},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://["},
    {"Origin": f"{HOST}.evil.example"},
]
FROM_HERE = [
    {"Sec-Fetch-Site": "same-origin", "Origin": HOST},
    {"Sec-Fetch-Site": "none"},
    {"Origin": HOST},
    {},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_a_form_that_another_site_forged_is_not_offered_to_be_sent_again(
    session: scoped_session[Session], browser_for: OpenBrowser, headers: dict[str, str]
) -> None:
    """The browser left the cookie behind, so that somebody signed in looks signed out."""
    answer = forged(session, browser_for, headers)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "csrf_token" not in page
    assert "completed" not in page


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_a_form_that_another_site_forged_ends_nobodys_sign_in(
    session: scoped_session[Session], browser_for: OpenBrowser, headers: dict[str, str]
) -> None:
    """A cookie in the answer would take the place of the one that was left behind."""
    assert "Set-Cookie" not in forged(session, browser_for, headers).headers


@pytest.mark.parametrize("headers", FROM_HERE, ids=str)
def test_who_was_signed_out_while_typing_on_our_own_page_gets_all_of_it_back(
    session: scoped_session[Session], browser_for: OpenBrowser, headers: dict[str, str]
) -> None:
    answer = forged(session, browser_for, headers)
    assert answer.status_code == 401
    assert "completed" in answer.get_data(as_text=True)


def forged(
    session: scoped_session[Session], browser_for: OpenBrowser, headers: dict[str, str]
) -> TestResponse:
    """A form that ends the support of a family, sent without anybody's cookie."""
    address = f"/support/{make_assignment(make_family()).public_id}/end"
    return browser_for(None).request("POST", address, data=FORGED, headers=headers)
