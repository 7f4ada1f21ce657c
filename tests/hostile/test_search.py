"""F-01: whatever is searched for, the answer is a page in words; no trick finds more."""

from collections.abc import Callable

import pytest
from hypothesis import given
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.referrals.queries.searching import known_families
from tests.browser import Browser
from tests.factories import NOW, make_referral, make_user
from tests.hostile.texts import quickly, texts

TRICKS = [
    '"',
    '" OR value:*',
    "zzy*",
    "NEAR(mar yan)",
    "marte AND NOT luz",
    "value : marte^",
    "(((",
    "{value}",
    "%",
    "___",
    "\\",
    "zzy\\%",
    "'; DROP TABLE referral_key_search; --",
    "👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
    "ﷺ" * 30,
    "王" * 50,
    "\0marte",
    "9" * 10_000,
    "marte " * 3_000,
]


@pytest.mark.parametrize("trick", TRICKS, ids=range(len(TRICKS)))
def test_no_sign_breaks_a_search_or_widens_it(
    trick: str,
    session: scoped_session[Session],
    browser_for: Callable[[User | None], Browser],
) -> None:
    make_referral()
    browser = browser_for(make_user(Role.SUPERVISOR))
    answer = browser.request(
        "POST", "/search", data={"csrf_token": browser.token(), "words": trick}
    )
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert "Nothing found" in answer.get_data(as_text=True)


@quickly
@given(number=texts, name=texts, phone=texts)
def test_the_helpline_may_ask_anything(
    session: scoped_session[Session], number: str, name: str, phone: str
) -> None:
    viewer = make_user(Role.HELPLINE).as_actor()
    assert known_families(viewer, number=number, name=name, phone=phone, now=NOW).rows == ()
