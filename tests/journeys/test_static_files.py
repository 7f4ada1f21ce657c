"""Style sheets and scripts: kept by browsers, new versions seen at once, headers as on any page."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from tests.browser import Browser

OpenBrowser = Callable[[User | None], Browser]


def test_a_page_names_its_files_with_a_fingerprint_of_what_is_in_them(
    session: scoped_session[Session], browser_for: OpenBrowser
) -> None:
    page = browser_for(None).open("/sign-in")
    files = [one.get("href") or one.get("src") for one in page.root.iter() if one.tag == "script"]
    assert files
    assert all("?v=" in (file or "") for file in files)


@pytest.mark.parametrize("file", ["app.js", "autosave.js", "favicon.svg"])
def test_a_file_is_kept_for_a_day_and_guarded_by_the_same_headers(
    session: scoped_session[Session], browser_for: OpenBrowser, file: str
) -> None:
    headers = browser_for(None).request("GET", f"/static/{file}").headers
    assert headers["Cache-Control"] == "max-age=86400, public"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["../config.py", "..%2f..%2fconfig.py", "vendor", "no-such.css"])
def test_nothing_but_the_files_that_are_meant_to_be_served_is_served(
    session: scoped_session[Session], browser_for: OpenBrowser, path: str
) -> None:
    assert browser_for(None).request("GET", f"/static/{path}").status_code == 404


def test_an_answer_that_there_is_no_such_file_is_kept_by_nobody(
    session: scoped_session[Session], browser_for: OpenBrowser
) -> None:
    headers = browser_for(None).request("GET", "/static/no-such.css").headers
    assert headers["Cache-Control"] == "no-store"
