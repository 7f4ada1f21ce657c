"""F-01 for the triage pages: whatever is sent, words come back and nothing is stored."""

from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Assignment
from parents_partners.cases.models import Case
from parents_partners.core.db import db
from parents_partners.referrals.types import ReferralState
from tests.browser import Browser
from tests.factories import make_family, make_referral, make_specialist, make_unit, make_user

NUL = "a\x00b"
BAD = [NUL, "\u202eevil", "a" * 100_000, "{{7*7}}", "'; drop table", "9" * 40]


def send(browser: Browser, address: str, fields: dict[str, str]) -> int:
    """The status alone: a NUL that is given back as typed is no well-formed page."""
    data = fields | {"csrf_token": browser.token()}
    return browser.request("POST", address, data=data).status_code


@pytest.fixture
def supervisor(session: Any) -> User:
    return make_user(Role.SUPERVISOR, unit=make_unit())


@pytest.mark.parametrize("bad", BAD)
def test_a_decision_with_anything_in_any_field_is_refused_in_words(
    browser_for: Any, supervisor: User, bad: str
) -> None:
    referral = make_referral()
    rosa = make_specialist(unit=supervisor.unit)
    browser = browser_for(supervisor)
    good = {
        "version": str(referral.version),
        "case": "new",
        "none_known": "y",
        "parents": "0",
        "specialist": rosa.public_id,
    }
    for field in ("version", "case", "parents", "specialist"):
        status = 409 if field == "version" else 422
        address = f"/triage/referrals/{referral.public_id}/offer"
        assert send(browser, address, good | {field: bad}) == status
    for action, field in (("ask", "text"), ("decline", "reason"), ("duplicate", "reference")):
        if action == "ask" and len(bad) < 100 and bad not in BAD[:2]:
            continue  # a plain question
        address = f"/triage/referrals/{referral.public_id}/{action}"
        assert send(browser, address, {field: bad}) == 422
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 0
    db.session.refresh(referral)
    assert referral.state is ReferralState.SUBMITTED


@pytest.mark.parametrize("bad", [NUL, "\u202eevil", "a" * 501])
def test_a_reason_that_cannot_be_kept_is_refused_and_given_back(
    browser_for: Any, supervisor: User, bad: str
) -> None:
    referral = make_referral()
    make_specialist(unit=supervisor.unit)
    second = make_specialist(unit=supervisor.unit, languages=[])
    fields = {
        "version": str(referral.version),
        "case": "new",
        "none_known": "y",
        "parents": "0",
        "specialist": second.public_id,
        "choice_reason": bad,
    }
    address = f"/triage/referrals/{referral.public_id}/offer"
    browser = browser_for(supervisor)
    answer = browser.request("POST", address, data=fields | {"csrf_token": browser.token()})
    assert answer.status_code == 422
    assert "The reason" in answer.get_data(as_text=True)
    assert bad[:2] in answer.get_data(as_text=True)


@pytest.mark.parametrize("bad", [*BAD[:2], *BAD[3:]])
def test_filters_and_keys_that_nobody_offered_show_the_whole_queue(
    browser_for: Any, supervisor: User, bad: str
) -> None:
    make_referral()
    make_family()
    browser = browser_for(supervisor)
    for name in ("borough", "language", "organisation", "state", "after"):
        assert "Marte, Luz" in browser.open(f"/triage?{name}={quote(bad)}")
    assert "Marte, Luz" in browser.open(f"/families?after={quote(bad)}")
