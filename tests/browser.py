"""A browser for tests: it signs in, reads pages and fills in forms as a person does, and is
stricter than any person about what a page has to be.

    page = browser.open("/referrals")
    page = page.follow("Refer a parent").form("Save and continue").fill(case_name="Marte").submit()
    assert "What we need to know" in page
"""

from collections.abc import Iterator
from contextvars import Context
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from parents_partners.accounts.models import User
from tests.html import Labels, is_typed_into, mistakes_in, parse, text_of

HOST = "https://programme.example.org"
LONGEST_CHAIN = 5


class Browser:
    """One person at one machine: cookies stay from request to request.

    `user` is signed in through the session, without the slow hashing of a password; `None` is
    somebody who is not signed in. A cross-site token stands in every form and is sent with it."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.app = app
        self._client = app.test_client()
        self._address = HOST + "/"
        self._signs_in_as = user.fs_uniquifier if user is not None else None
        if self._signs_in_as is not None:
            self.sign_in_again()

    def sign_in_again(self) -> None:
        """On another day: no sign-in is good for longer than one."""
        assert self._signs_in_as is not None
        Context().run(self._sign_in, self._signs_in_as)

    def open(self, address: str, *, status: int = 200, **headers: str) -> "Page":
        """GET a page, following redirects."""
        return self._show("GET", address, status, headers=headers)

    def send(self, address: str, data: Any = None, *, status: int = 200, **headers: str) -> "Page":
        """POST these fields with a cross-site token, as a form would that no page showed."""
        fields = MultiDict(data or {})
        fields.setdefault("csrf_token", self.token())
        return self._show("POST", address, status, data=fields, headers=headers)

    def request(self, method: str, address: str, **options: Any) -> TestResponse:
        """One request as it is: no token added, no redirect followed, the answer not judged."""
        # A context of its own, as in production: the test's own session, user and `g` stay out.
        response = Context().run(
            self._client.open,
            address,
            method=method,
            base_url=HOST,
            **{**options, "headers": {"Referer": self._address, **options.get("headers", {})}},
        )
        left = self.app.extensions["unfinished_work"]
        assert not left, f"{method} {address} left changes that were never committed: {left}"
        return response

    def token(self) -> str:
        """The cross-site token of this session, as every form would have it."""
        return Context().run(self._make_token)

    def _sign_in(self, session_of: str) -> None:
        with self._client.session_transaction(base_url=HOST) as kept:
            kept["_user_id"] = session_of
            kept["_fresh"] = True

    def _make_token(self) -> str:
        with self._client.session_transaction(base_url=HOST) as kept:
            with self.app.test_request_context(base_url=HOST):
                session.update(kept)
                token: str = generate_csrf()
                kept["csrf_token"] = session["csrf_token"]
            return token

    def _show(self, method: str, address: str, status: int, **options: Any) -> "Page":
        for _ in range(LONGEST_CHAIN):
            response = self.request(method, address, **options)
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            method, address, options = "GET", response.headers["Location"], {}
        else:
            raise AssertionError(f"{address} redirects without end.")
        assert response.status_code == status, (
            f"{method} {address} answered {response.status_code}, not {status}: "
            f"{response.get_data(as_text=True)[:2000]}"
        )
        _check_headers(response)
        self._address = urljoin(HOST, response.request.full_path.rstrip("?"))
        return Page(self, response)

    def leads_somewhere(self, address: str) -> bool:
        """Whether a link names a page of ours that exists (the object may be absent)."""
        if address.startswith("#"):  # a place on this page is looked for there
            return True
        parts = urlsplit(urljoin(self._address, address))
        if f"{parts.scheme}://{parts.netloc}" != HOST:
            return True
        adapter = self.app.url_map.bind(urlsplit(HOST).netloc, url_scheme="https")
        try:
            adapter.match(parts.path, method="GET")
        except RequestRedirect:
            return True
        except (MethodNotAllowed, HTTPException):
            return False
        return True


class Page:
    """One answer, read as HTML. It fails at once if the page is not as every page has to be."""

    def __init__(self, browser: Browser, response: TestResponse) -> None:
        self.browser = browser
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        self.address = response.request.full_path.rstrip("?")
        self.source = response.get_data(as_text=True)
        self.is_html = response.mimetype == "text/html"
        if self.is_html:
            self._read()

    def _read(self) -> None:
        fragment = not self.source.lstrip().lower().startswith("<!doctype")
        self.root = parse(self.source, fragment=fragment)
        mistakes = [] if fragment else mistakes_in(self.root)
        mistakes += [
            f"The link “{text_of(link)}” leads to {link.get('href')}, which is no page of ours."
            for link in self.root.iter("a")
            if not self.browser.leads_somewhere(link.get("href", ""))
        ]
        assert not mistakes, f"{self.path}: " + " ".join(mistakes)

    def __contains__(self, words: str) -> bool:
        return " ".join(words.split()) in self.text

    def __repr__(self) -> str:
        return f"<Page {self.path} {self.status}: {self.text[:1500]}>"

    @property
    def text(self) -> str:
        """The words of the page's main part, one blank apart."""
        return text_of(next(self.root.iter("main"), self.root))

    @property
    def heading(self) -> str:
        return text_of(next(self.root.iter("h1")))

    @property
    def links(self) -> dict[str, str]:
        """words -> address, of the whole page."""
        return {text_of(link): link.get("href", "") for link in self.root.iter("a")}

    @property
    def buttons(self) -> list[str]:
        return [text_of(button) for button in self.root.iter("button")]

    @property
    def problems(self) -> list[str]:
        """The messages of the error summary on top, in order."""
        return [
            text_of(line)
            for summary in self.root.iter()
            if "data-error-summary" in summary.attrib
            for line in summary.iter("li")
        ]

    @property
    def rows(self) -> list[list[str]]:
        """The cells of every table's body, as words."""
        return [
            [text_of(cell) for cell in row if cell.tag in ("th", "td")]
            for body in self.root.iter("tbody")
            for row in body.iter("tr")
        ]

    def by_id(self, one: str) -> Element | None:
        return next((element for element in self.root.iter() if element.get("id") == one), None)

    def follow(self, words: str, *, status: int = 200) -> "Page":
        """Follow the one link with these words."""
        exact = {a.get("href", "") for a in self.root.iter("a") if text_of(a) == words}
        found = exact or {a.get("href", "") for a in self.root.iter("a") if words in text_of(a)}
        assert len(found) == 1, f"{len(found)} links say “{words}”; there are {list(self.links)}"
        return self.browser.open(urljoin(self.address, found.pop()), status=status)

    def form(self, button: str) -> "Form":
        """The form with a button of these words; of several, the first."""
        for form in self.root.iter("form"):
            for one in _controls(self.root, form):
                if _is_button(one) and (text_of(one) or one.get("value")) == button:
                    return Form(self, form, one)
        raise AssertionError(f"No form has a button “{button}”; there are {self.buttons}")


class Form:
    """A form as it lies there, with what is typed into it already."""

    def __init__(self, page: Page, form: Element, button: Element) -> None:
        self._page = page
        self._form = form
        self._button = button
        self._labels = Labels(page.root)
        self._controls = [one for one in _controls(page.root, form) if not _is_button(one)]
        self.values: MultiDict[str, str] = MultiDict()
        for control in self._controls:
            for value in _typed(control):
                self.values.add(control.get("name", ""), value)

    @property
    def fields(self) -> list[str]:
        """The names of what can be typed or chosen, in order, each once."""
        return list(
            dict.fromkeys(one.get("name", "") for one in self._controls if is_typed_into(one))
        )

    def fill(self, typed: dict[str, Any] | None = None, /, **by_name: Any) -> "Form":
        """Type, choose or tick. A key is a field's name or its label; a value is text, the value
        or the label of a choice, a list of those, or True and False for a single tick box."""
        for key, value in {**(typed or {}), **by_name}.items():
            self._set(self._name_of(key), value)
        return self

    def submit(self, button: str | None = None, *, status: int = 200) -> "Page":
        """Press the button (of this form, by its words) and show what comes."""
        pressed = self._button if button is None else self._page.form(button)._button
        values = self.values.copy()
        if pressed.get("name"):
            values.add(pressed.get("name", ""), pressed.get("value", ""))
        address = self.target_of(pressed)
        method = pressed.get("formmethod") or self._form.get("method", "get")
        option = {"data": values} if method.lower() == "post" else {"query_string": values}
        return self._page.browser._show(method.upper(), address, status, **option)

    @property
    def target(self) -> str:
        """The address to which its button sends it."""
        return self.target_of(self._button)

    def target_of(self, pressed: Element) -> str:
        action = pressed.get("formaction") or self._form.get("action") or self._page.address
        return urljoin(self._page.address, action)

    @property
    def controls(self) -> list[Element]:
        return self._controls

    @property
    def button(self) -> Element:
        return self._button

    def _name_of(self, key: str) -> str:
        names = {one.get("name", "") for one in self._controls}
        if key in names:
            return key
        labelled = {
            one.get("name", "")
            for one in self._controls
            if is_typed_into(one) and _same_label(self._labels.of(one), key)
        } or {name for words, name in self._legends() if _same_label(words, key)}
        assert len(labelled) == 1, f"{len(labelled)} fields are “{key}”; there are {self.fields}"
        return labelled.pop()

    def _legends(self) -> Iterator[tuple[str, str]]:
        for group in self._form.iter("fieldset"):
            legend = next(group.iter("legend"), None)
            names = {one.get("name", "") for one in group.iter() if is_typed_into(one)}
            if legend is not None and len(names) == 1:
                yield text_of(legend), names.pop()

    def _set(self, name: str, value: Any) -> None:
        controls = [one for one in self._controls if one.get("name") == name]
        if value is True or value is False:
            chosen = [controls[0].get("value", "on")] if value else []
        else:
            wanted = value if isinstance(value, list | tuple) else [value]
            chosen = [self._choice(controls, str(one)) for one in wanted]
        self.values.setlist(name, chosen)

    def _choice(self, controls: list[Element], wanted: str) -> str:
        """The value to send: what can be chosen is chosen by value or by words."""
        choices: dict[str, str] = {}
        for control in controls:
            if control.tag == "select":
                for option in control.iter("option"):
                    choices[option.get("value", text_of(option))] = text_of(option)
            elif control.get("type") in ("radio", "checkbox"):
                choices[control.get("value", "on")] = self._labels.of(control) or ""
        if not choices or wanted in choices:
            return wanted
        named = [value for value, words in choices.items() if _same_label(words, wanted)]
        assert len(named) == 1, f"“{wanted}” cannot be chosen; there are {choices}"
        return named[0]


def _controls(root: Element, form: Element) -> list[Element]:
    """The form's controls, those outside that name it with `form=` too."""
    inside = set(form.iter())
    blank_rows = {one for template in root.iter("template") for one in template.iter()}
    mine = [
        one
        for one in root.iter()
        if one not in blank_rows and (one in inside or one.get("form", "") == form.get("id"))
    ]
    return [
        one
        for one in mine
        if one.tag in ("input", "select", "textarea", "button") and "disabled" not in one.attrib
        if one.get("name") or _is_button(one)
    ]


def _is_button(control: Element) -> bool:
    if control.tag == "button":
        return control.get("type", "submit") == "submit"
    return control.tag == "input" and control.get("type") == "submit"


def _typed(control: Element) -> list[str]:
    """What the control would send as it lies there."""
    if control.tag == "textarea":
        # HTML drops the first line break after the tag, and a browser sends \r\n.
        return ["".join(control.itertext()).replace("\n", "\r\n")]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [one for one in options if "selected" in one.attrib]
        if not chosen and "multiple" not in control.attrib:
            chosen = options[:1]
        return [one.get("value", text_of(one)) for one in chosen]
    if control.get("type") in ("checkbox", "radio"):
        return [control.get("value", "on")] if "checked" in control.attrib else []
    return [control.get("value", "")]


def _same_label(label: str | None, words: str) -> bool:
    """Labels say more than their name: “(optional)”, a hint behind it."""
    return label is not None and (label == words or label.startswith(words + " ("))


def _check_headers(response: TestResponse) -> None:
    headers = response.headers
    policy = headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, "The answer has no Content-Security-Policy."
    assert "unsafe" not in policy, f"The Content-Security-Policy is open: {policy}"
    assert headers.get("X-Content-Type-Options") == "nosniff"
    if response.request.path.startswith("/static/"):
        return
    assert headers.get("Cache-Control") == "no-store", "A family's page could stay in a cache."
