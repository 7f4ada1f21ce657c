"""Walks through the pages that a person can reach by links."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALIKE = 2
"""How many pages that differ only by their object are looked at."""

ID = re.compile(r"[0-9a-f]{20}|[A-Z]{2}-\d{4}-\d{6}")


def pages_reachable_from(page: Page, start: str, *, alike: int = ALIKE) -> Iterator[str]:
    """The addresses that links lead to, page by page; each is open when it is given."""
    host = urlsplit(page.url).netloc
    seen: Counter[str] = Counter()
    todo, known = [start], {start, "/"}
    while todo:
        address = todo.pop(0)
        pattern = ID.sub("…", urlsplit(address).path)
        if seen[pattern] >= alike:
            continue
        seen[pattern] += 1
        page.goto(address)
        yield address
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        for link in links:
            parts = urlsplit(link)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == host and path not in known:
                known.add(path)
                todo.append(path)


def barriers_on(page: Page) -> list[str]:
    """What axe finds on the page as it stands, as sentences."""
    found = Axe().run(page).response["violations"]
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
