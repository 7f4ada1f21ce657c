"""F-01, the referral form: whatever is sent, no failure, nothing stored, nothing typed lost."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.referrals.models import Referral
from parents_partners.referrals.submission import Section
from tests.browser import Browser, Page
from tests.factories import make_user
from tests.hostile.texts import body, quickly, texts

OpenBrowser = Callable[[User | None], Browser]
ANSWERS = {303, 409, 422}
STRANGE_NAMES = [
    "id",
    "owner_id",
    "channel",
    "submission_key",
    "version",
    "go",
    "add",
    "remove",
    "fill",
    "csrf_token_",
    "parents-9999999999-first_name",
    "parents--1-first_name",
    "children-x-last_name",
    "children-0-0-0",
    "parents-0-agreement",
    "__proto__",
    "",
    "\ud800",
]


@dataclass
class Draft:
    """A draft of a signed-in referrer, and the names of the fields of each of its pages."""

    browser: Browser
    address: str
    fields: dict[Section, list[str]]
    token: str

    def send(self, section: Section, fields: list[tuple[str, str]]) -> TestResponse:
        return self.browser.request(
            "POST",
            f"{self.address}/{address_of(section)}",
            data=body([("csrf_token", self.token), *fields]),
            content_type="application/x-www-form-urlencoded",
        )


def address_of(section: Section) -> str:
    return section.value.replace("_", "-")


@pytest.fixture
def draft(browser_for: OpenBrowser) -> Draft:
    browser = browser_for(make_user(Role.REFERRER))
    address = browser.send("/drafts").path.rsplit("/", 1)[0]
    # A row of each kind lies there, so that the names of its fields are known.
    fields = {}
    for section, row in (
        (Section.PARENTS, "parents"),
        (Section.CHILDREN, "children"),
        (Section.CONFERENCES, "conferences"),
    ):
        page = browser.open(f"{address}/{address_of(section)}")
        if f"{row}-0" not in page.source:
            form = page.form("Save and continue")
            browser.send(f"{address}/{address_of(section)}", {**form.values, "add": row})
    for section in Section:
        page = browser.open(f"{address}/{address_of(section)}")
        fields[section] = page.form("Save and continue").fields
    return Draft(browser, address, fields, browser.token())


@quickly
@given(data=st.data(), section=st.sampled_from(Section))
def test_anything_typed_into_a_step_is_kept_or_refused_in_words(
    data: st.DataObject, section: Section, draft: Draft, session: scoped_session[Session]
) -> None:
    names = st.one_of(st.sampled_from(draft.fields[section]), st.sampled_from(STRANGE_NAMES))
    # A list, not a dictionary: the same name twice is among what is sent.
    fields = data.draw(st.lists(st.tuples(names, texts), max_size=12))
    version = data.draw(st.sampled_from(["", "0", "1", "-1", "x", "9" * 30]))
    answer = draft.send(section, [("version", version), *fields])
    assert answer.status_code in ANSWERS
    if answer.status_code == 422:
        assert "There is a problem" in answer.get_data(as_text=True)
    assert count(session) == 0


def arrives_whole(text: str) -> bool:
    """Half a character has no bytes of its own: it arrives as the letters of its escapes."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


@quickly
@given(typed=texts.filter(arrives_whole))
def test_what_was_typed_is_given_back(typed: str, draft: Draft) -> None:
    answer = draft.send(Section.CASE, [("version", latest(draft)), ("case-name", typed)])
    if answer.status_code != 303:
        # What no page may hold stands there as a sign that something was there.
        shown = "".join(
            f"[{re.escape(sign)}\ufffd]" if forbidden(sign) else re.escape(str(escape(sign)))
            for sign in typed.strip().replace("\r\n", "\n")
        )
        assert re.search(shown, answer.get_data(as_text=True).replace("\r\n", "\n"))


def forbidden(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cn") and sign not in "\t\n"


def latest(draft: Draft) -> str:
    page = draft.browser.request("GET", f"{draft.address}/case").get_data(as_text=True)
    return page.split('name="version" value="', 1)[1].split('"', 1)[0]


def test_ten_megabytes_are_refused_in_words_and_given_back(draft: Draft) -> None:
    text = "long " * 2_000_000
    answer = draft.send(Section.HISTORY, [("version", "0"), ("history-issues", text)])
    assert answer.status_code == 422
    assert "characters long; " in answer.get_data(as_text=True)
    assert text.strip() in answer.get_data(as_text=True)


def test_more_than_a_request_may_hold_is_refused_in_words(draft: Draft) -> None:
    answer = draft.send(Section.HISTORY, [("history-issues", "x" * 17_000_000)])
    assert answer.status_code == 413
    assert Page(draft.browser, answer).heading


def test_five_hundred_children_are_refused_in_words(
    draft: Draft, session: scoped_session[Session]
) -> None:
    fields = [
        (f"children-{number}-{name}", f"{name} {number}")
        for number in range(500)
        for name in ("first_name", "last_name")
    ]
    answer = draft.send(Section.CHILDREN, [("version", "0"), *fields])
    assert answer.status_code == 422
    page = Page(draft.browser, answer)
    assert any("children" in problem for problem in page.problems), page.problems
    assert count(session) == 0


@quickly
@given(document=st.binary(max_size=200))
def test_a_body_that_is_no_form_is_refused(document: bytes, draft: Draft) -> None:
    for content_type in (
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json",
        "application/x-www-form-urlencoded",
    ):
        options: dict[str, Any] = {"data": document, "content_type": content_type}
        answer = draft.browser.request("POST", f"{draft.address}/case", **options)
        assert 400 <= answer.status_code < 500


@quickly
@given(text=texts)
def test_anything_in_an_address_is_answered(text: str, draft: Draft) -> None:
    for field in ("after", "from", "next", "lang"):
        query = body([(field, text)]).decode()
        answer = draft.browser.request("GET", f"/drafts?{query}")
        assert answer.status_code < 500


def count(session: scoped_session[Session]) -> int:
    return session.scalar(select(func.count()).select_from(Referral)) or 0
