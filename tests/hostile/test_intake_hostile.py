"""F-01 on the referral form: whatever is sent, it is answered in words and never with an error."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.intake.models import Draft
from parents_partners.intake.types import STEPS
from tests.browser import Browser
from tests.journeys.intake import (
    BEFORE,
    CASE,
    CHILDREN,
    PARENTS,
    address_of_draft,
    begin,
    go_through,
    make_referrer,
)

Database = scoped_session[Session]
Browsers = Callable[[User | None], Browser]

RIGHT_TO_LEFT = "\u202eetraM"


def post(browser: Browser, address: str, fields: dict[str, object]) -> tuple[int, str]:
    response = browser.request(
        "POST", address, data={"csrf_token": browser.token(), "version": "0", **fields}
    )
    return response.status_code, response.get_data(as_text=True)


def case_in(session: Database) -> dict[str, object]:
    session.expire_all()
    case: dict[str, object] = session.scalars(select(Draft)).one().document["case"]
    return case


@pytest.fixture
def browser(browser_for: Browsers) -> Browser:
    return browser_for(make_referrer())


@pytest.fixture
def draft(browser: Browser) -> str:
    return address_of_draft(begin(browser))


def test_a_sign_that_no_database_keeps_is_refused_with_the_text_still_there(
    session: Database, browser: Browser, draft: str
) -> None:
    before = case_in(session)
    status, page = post(browser, f"{draft}/case", {**CASE, "case-name": "Mar\0te"})
    assert status == 422
    assert "Mar\ufffdte" in page
    assert "control character" in page
    assert "S-012345-6" in page
    assert "Nothing of this page was saved" in page
    assert case_in(session) == before


def test_half_a_character_in_the_bytes_is_answered_in_words(browser: Browser, draft: str) -> None:
    body = f"csrf_token={browser.token()}&version=0&case-name=%ED%A0%80%FF"
    form = "application/x-www-form-urlencoded"
    response = browser.request("POST", f"{draft}/case", data=body, content_type=form)
    assert response.status_code == 422


def test_saving_for_later_refuses_it_too(session: Database, browser: Browser, draft: str) -> None:
    status, _ = post(browser, f"{draft}/case", {"case-name": "Mar\0te", "go": "later"})
    assert status == 422
    assert post(browser, f"{draft}/autosave/case", {"case-name": "Mar\0te"})[0] == 422


def test_a_turned_direction_is_refused_in_words_and_kept_in_the_draft(
    session: Database, browser: Browser, draft: str
) -> None:
    status, page = post(browser, f"{draft}/case", {**CASE, "case-name": RIGHT_TO_LEFT})
    assert status == 422
    assert "turns the direction of the writing" in page
    assert case_in(session)["name"] == RIGHT_TO_LEFT
    assert f'<bdi class="pp-name">{RIGHT_TO_LEFT}</bdi>' in browser.open("/drafts").source


@pytest.mark.parametrize(
    "name", ["王芳", "محمد", "O", "N" * 200, "👩‍👧 Ada", "<b>Luz</b>", "=1+1", "Zoë\u0301"]
)
def test_a_name_in_any_script_is_shown_as_typed(browser: Browser, draft: str, name: str) -> None:
    page = go_through(browser.open(f"{draft}/case"), {**CASE, "case-name": name})
    assert page.heading == "Children"
    page = browser.open(f"{draft}/case")
    assert page.form("Save and continue").values["case-name"] == name
    assert name in browser.open("/drafts").text


def test_ten_million_characters_are_refused_in_words_and_kept(
    session: Database, browser: Browser, draft: str
) -> None:
    long = "a" * 10_000_000
    fields = {"history-issues": long, "history-stage": "Day 4", "reasons": "needs_not_met"}
    status, page = post(browser, f"{draft}/history", fields)
    assert status == 422
    assert "10,000,000 characters long" in page
    assert long in page
    session.expire_all()
    assert session.scalars(select(Draft)).one().document["history"]["issues"] == long


def test_more_than_sixteen_megabytes_are_refused_in_words(browser: Browser, draft: str) -> None:
    status, page = post(browser, f"{draft}/history", {"history-issues": "a" * 17_000_000})
    assert status == 413
    assert "<h1>" in page


def test_five_hundred_children_are_refused_in_words_and_kept(
    session: Database, browser: Browser, draft: str
) -> None:
    fields = {f"children-{number}-first_name": f"Child {number}" for number in range(500)}
    status, page = post(browser, f"{draft}/children", dict(fields))
    assert status == 422
    assert "500 children are too many" in page
    assert "Child 499" in page
    assert 'data-rows-most="30"' in page
    session.expire_all()
    assert len(session.scalars(select(Draft)).one().document["children"]) == 500


def test_a_line_break_in_a_name_is_refused_in_words(browser: Browser, draft: str) -> None:
    status, page = post(browser, f"{draft}/case", {**CASE, "case-name": "Marte\nLuz"})
    assert status == 422
    assert "contains a line break" in page


@pytest.mark.parametrize("step", [section.value.replace("_", "-") for section in STEPS])
def test_a_form_with_nothing_in_it_is_answered_in_words(
    browser: Browser, draft: str, step: str
) -> None:
    for fields in ({}, {"add": "nothing"}, {"remove": "children-9"}, {"version": "x", "go": "y"}):
        status, page = post(browser, f"{draft}/{step}", dict(fields))
        assert status in (303, 422)
        assert status == 303 or "There is a problem" in page


SIGNS = st.characters(codec="utf-8") | st.sampled_from("\0\x0b\x1f\u202e\u2066\ufffe\ufeff")
NAMES = st.sampled_from([*BEFORE, *PARENTS, *CASE, *CHILDREN, "coming_up", "reasons", "version"])


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    section=st.sampled_from(STEPS),
    fields=st.dictionaries(
        NAMES | st.from_regex(r"(parents|children|conferences)-\w{1,3}-\w{1,8}", fullmatch=True),
        st.text(SIGNS, max_size=30),
        max_size=8,
    ),
)
def test_anything_at_all_is_answered_below_five_hundred(
    browser: Browser, draft: str, section: object, fields: dict[str, str]
) -> None:
    step = str(section).replace("_", "-")
    status, page = post(browser, f"{draft}/{step}", dict(fields))
    assert status in (303, 409, 422)
    assert status == 303 or "<h1>" in page
    assert browser.request("GET", f"{draft}/check").status_code == 200
    assert browser.request("GET", "/drafts").status_code == 200
