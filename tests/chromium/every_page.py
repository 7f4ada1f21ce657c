"""Walks through the pages that a person can reach by links, and looks at each at three widths."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.chromium.conftest import DESK, PHONE

ALIKE = 2
"""How many pages that differ only by their object are looked at."""

TABLET = {"width": 768, "height": 1024}
SIZES = (DESK, TABLET, PHONE)

ID = re.compile(r"[0-9a-f]{20}|[A-Z]{2}-\d{4}-\d{6}|(?<=^/settings/)\w+|(?<=^/lists/)\w+(/\w+)?")


def kind_of(address: str) -> str:
    """The address without what tells one object from another."""
    path = urlsplit(address).path
    entry = "/entry" if re.fullmatch(r"/lists/\w+/\w+", path) else ""
    return ID.sub("…", path) + entry


def pages_reachable_from(page: Page, start: str, *, alike: int = ALIKE) -> Iterator[str]:
    """The addresses that links lead to, page by page; each is open when it is given."""
    host = urlsplit(page.url).netloc
    seen: Counter[str] = Counter()
    todo, known = [start], {start, "/"}
    while todo:
        address = todo.pop(0)
        kind = kind_of(address)
        if seen[kind] >= alike:
            continue
        seen[kind] += 1
        page.goto(address)
        # Whoever looks at a page may leave it, to see where its forms lead.
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        yield address
        for link in links:
            parts = urlsplit(link)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == host and path not in known:
                known.add(path)
                todo.append(path)


def barriers_on(page: Page) -> list[str]:
    """What axe finds on the page as it stands, as sentences."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(
        """() => axe.run({
          resultTypes: ["violations"],
          rules: {"target-size": {enabled: true}},
        }).then(results => results.violations)"""
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def sticks_out(page: Page) -> str | None:
    """What makes the page wider than the window, if anything does."""
    wide: str | None = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return null;
          const out = [...document.body.querySelectorAll("*")]
            .filter(one => one.getBoundingClientRect().right > width + 1);
          return out.slice(0, 3).map(one => one.outerHTML.slice(0, 150)).join(" | ") || "the page";
        }"""
    )
    return wide


def problems_at_every_size(page: Page, what: str) -> list[str]:
    """What axe finds and what sticks out, with everything open that opens in place."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    problems = []
    for size in SIZES:
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        at = f"{what} at {size['width']} px"
        problems += [f"{at}: {one}" for one in barriers_on(page)]
        if wide := sticks_out(page):
            problems.append(f"{at} sticks out: {wide}")
    return problems
