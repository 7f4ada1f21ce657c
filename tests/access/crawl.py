"""Looks at everything that one person can be shown: every page that links lead to, every file that
can be saved, every search, and what comes back from a form that was sent with nothing in it."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urldefrag, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from parents_partners.core.db import db
from tests.browser import HOST, Browser
from tests.html import parse

MOST_PAGES = 500
ALIKE = 6
"""How many pages are opened that differ only in what their list was narrowed to."""
ALIKE_OF_LISTS = 2
"""The programme's own lists hold no family: an entry of each is enough."""
ALIKE_SENT = 2
"""How many forms are sent that differ only in whom they are about: what comes back is the page
that was looked at before."""

ID = re.compile(r"[0-9a-f]{20}|[A-Z]{2}-\d{4}-\d{6}")
LEAVES = {"/sign-out"}
FILES = ("csv", "xlsx")


@dataclass(frozen=True)
class Look:
    """One answer: how it was asked for, what it says, and what its envelope says."""

    asked: str
    words: str
    envelope: str


class Crawl:
    """What one browser can reach, beginning where its person begins the day."""

    def __init__(self, browser: Browser, words_to_search: list[str]) -> None:
        self._browser, self._words = browser, words_to_search
        self._todo = ["/"]
        self._known = {"/"}
        self._alike: Counter[str] = Counter()
        self._forms: dict[tuple[str, str], dict[str, list[str]]] = {}
        self.pages: list[str] = []

    def looks(self) -> Iterator[Look]:
        yield from self._pages()
        for (action, _names), fields in list(self._forms.items()):
            yield from self._send(action, fields)
        # What only a search leads to.
        yield from self._pages()

    def _pages(self) -> Iterator[Look]:
        while self._todo:
            address = self._todo.pop(0)
            assert len(self.pages) < MOST_PAGES, f"There is no end to the pages: {address}"
            self.pages.append(address)
            answer = self._browser.request("GET", address)
            yield look(f"GET {address}", answer)
            self._read(address, answer)

    def _send(self, action: str, fields: dict[str, list[str]]) -> Iterator[Look]:
        path = urlsplit(action).path
        if path in LEAVES:
            return
        if path.endswith("/export"):
            reasons = {"reason": fields["reason"][:1]} if fields.get("reason") else {}
            for kind in FILES:
                yield self._post(action, {"format": [kind], **reasons})
        if path == "/search":
            for word in self._words:
                yield self._post(action, {"words": [word]})
        if path == "/calls/new":
            for word in self._words:
                kind = "number" if word[0] == "S" else "phone" if word[0] == "(" else "name"
                field = {"number": "case_number"}.get(kind, f"about_{kind}")
                yield self._post(action, {"go": ["search"], field: [word]})
        if self._is_one_more(f"POST {alike(path)}", ALIKE_SENT):
            return
        yield self._post(action, {})
        kept = {name: values[:1] for name, values in fields.items() if name == "version"}
        if kept:
            yield self._post(action, kept)

    def _is_one_more(self, kind: str, most: int) -> bool:
        self._alike[kind] += 1
        return self._alike[kind] > most

    def _post(self, action: str, fields: dict[str, list[str]]) -> Look:
        """Whatever it did is undone: nobody after it finds anything else than was there."""
        data = MultiDict([(name, value) for name, values in fields.items() for value in values])
        data["csrf_token"] = self._browser.token()
        with undone():
            answer = self._browser.request("POST", action, data=data)
            if urlsplit(action).path == "/search":
                self._read(action, answer)
            return look(f"POST {action} {fields}", answer)

    def _read(self, address: str, answer: TestResponse) -> None:
        if answer.status_code in (301, 302, 303):
            self._go(address, answer.headers["Location"])
            return
        if answer.mimetype != "text/html":
            return
        root = parse(answer.get_data(as_text=True))
        for link in root.iter("a"):
            self._go(address, link.get("href", ""))
        for form in root.iter("form"):
            action = urljoin(address, form.get("action") or address)
            fields = fields_of(form)
            if form.get("method", "get").lower() == "post":
                self._forms.setdefault((action, ",".join(sorted(fields))), fields)
                for button in root.iter("button"):
                    if button.get("formaction"):
                        other = urljoin(address, button.get("formaction", ""))
                        self._forms.setdefault((other, ""), fields)
            else:
                for name, values in fields.items():
                    for value in values:
                        self._go(address, f"{action}?{urlencode({name: value})}")

    def _go(self, base: str, href: str) -> None:
        target = urldefrag(urljoin(HOST + base, href)).url
        parts = urlsplit(target)
        if f"{parts.scheme}://{parts.netloc}" != HOST or parts.path.startswith("/static/"):
            return
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        if address in self._known:
            return
        self._known.add(address)
        of_a_list = parts.path.startswith("/lists/") and parts.path.count("/") > 2
        if of_a_list and self._is_one_more("/lists/", ALIKE_OF_LISTS):
            return
        names = sorted(parse_qs(parts.query))
        if names and self._is_one_more(f"{alike(parts.path)} {names}", ALIKE):
            return
        self._todo.append(address)


def alike(path: str) -> str:
    return ID.sub("…", path)


def fields_of(form: Element) -> dict[str, list[str]]:
    """Every field with the values that can be chosen, or that stand there."""
    fields: dict[str, list[str]] = {}
    for one in form.iter():
        if one.tag not in ("input", "select", "textarea") or not one.get("name"):
            continue
        values = fields.setdefault(one.get("name", ""), [])
        if one.tag == "select":
            values += [option.get("value", "") for option in one.iter("option")]
        else:
            values.append(one.get("value", ""))
    return {
        name: [value for value in values if value]
        for name, values in fields.items()
        if name != "csrf_token"
    }


def look(asked: str, answer: TestResponse) -> Look:
    envelope = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return Look(asked, "\n".join(texts_of(answer)), f"{answer.request.full_path}\n{envelope}")


def texts_of(answer: TestResponse) -> list[str]:
    """What the answer says; of a workbook every part, and the names of the parts."""
    if not (answer.mimetype or "").endswith("spreadsheetml.sheet"):
        return [answer.get_data().decode("utf-8")]
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        return [f"{name}\n{book.read(name).decode('utf-8')}" for name in book.namelist()]


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened. Needs the `session` fixture, whose engine is one
    connection."""
    db.session.flush()
    connection: Any = db.engines[None]
    inside = connection.begin_nested()
    try:
        yield
    finally:
        inside.rollback()
        db.session.expire_all()
