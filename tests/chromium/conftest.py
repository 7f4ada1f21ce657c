"""The demonstration, served from a thread, in a real browser that asks no other host."""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response
from werkzeug.serving import make_server

from parents_partners.accounts.types import Role
from parents_partners.core import clock
from parents_partners.core.db import db
from parents_partners.demonstration.load import load
from parents_partners.demonstration.people import PEOPLE, one_per_role
from tests.databases import Database, app_on

DESK = {"width": 1400, "height": 1000}
PHONE = {"width": 390, "height": 844}

SignedIn = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    assert found, "There is no Chromium. `make test` installs one."
    return {**browser_type_launch_args, "executable_path": found, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def address(database: Database) -> Iterator[str]:
    """Where the demonstration is served."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with app_on(database.fresh("demonstration"), demonstration=True) as app:
        with app.app_context():
            load(now=clock.now())
            db.session.commit()
        app.testing = False  # a failure is to be a page, as in production
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Watch:
    """Notes what must not happen in a browser, whatever the page."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self.complaints: list[str] = []

    def over(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        expected = (
            # The browser itself says so of every answer from 400 on; those a test expects.
            "the server responded",
            # A refused form gives back what was typed, also where a date's field cannot show it.
            "does not conform to the required format",
        )
        told = message.type in ("error", "warning")
        if told and not any(words in message.text for words in expected):
            self.complaints.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme != "data" and url.netloc != self._host:
            self.complaints.append(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        missing = response.status == 404 and "/static/" in response.url
        if response.status >= 500 or missing:
            self.complaints.append(f"{response.status}: {response.url}")


@pytest.fixture
def watch(address: str) -> Iterator[Watch]:
    watch = Watch(address)
    yield watch
    assert watch.complaints == []


@pytest.fixture(scope="session")
def sign_in_states(browser: Browser, address: str) -> dict[Role, Any]:
    """The cookies of one account of each role, each signed in once, by the form."""
    states = {}
    for person in one_per_role():
        states[person.role] = cookies_of(browser, address, person.email, person.password)
    return states


def cookies_of(browser: Browser, address: str, email: str, password: str) -> Any:
    """Those of whoever signed in by the form."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def signed_in(
    browser: Browser, address: str, sign_in_states: dict[Role, Any], watch: Watch
) -> Iterator[SignedIn]:
    """Opens a window in which somebody is signed in, on their first page: the first account of a
    role, or whoever has this name."""
    contexts: list[BrowserContext] = []

    def open_window(who: Role | str, size: dict[str, int] = DESK, **options: Any) -> Page:
        if isinstance(who, Role):
            state = sign_in_states[who]
        else:
            person = next(one for one in PEOPLE if one.name == who)
            state = cookies_of(browser, address, person.email, person.password)
        context = browser.new_context(
            base_url=address, storage_state=state, viewport=size, **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        page.goto("/")
        return page

    yield open_window
    for context in contexts:
        context.close()
