"""The floor: the same pages with nothing in between. Bare WSGI, raw SQL on the same tables and
indexes, one plain Jinja2 template a page; nobody signs in, nothing is scoped or recorded, no form
carries a token. Words are made by the product's own functions, since a floor has to say the same.

Served like the product: `gunicorn bench.floor:app`, with BENCH_DATABASE_URL."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader

from bench.floor_pages import PAGES
from bench.floor_posts import POSTS
from bench.raw import Raw
from parents_partners.core import words
from parents_partners.core.markup import WithoutIndentation

NEW_YORK = ZoneInfo("America/New_York")

_raw = Raw(os.environ["BENCH_DATABASE_URL"])
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=[WithoutIndentation],
)
_templates.filters.update(
    date=words.date_words,
    when=lambda instant: words.when_words(instant, NEW_YORK),
    day=lambda instant: instant.astimezone(NEW_YORK).date(),
    distance=words.distance_words,
    count=words.count_words,
)


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """`/queue`, `/list/<organisation>`, `/caseload/<specialist>`, `/family/<public id>` and what
    is posted to `/search/<unit>`, `/submit/<draft>` and `/activity/<family>`."""
    if environ["PATH_INFO"] == "/":
        start_response("204 No Content", [])
        return []
    name, _, key = environ["PATH_INFO"].lstrip("/").partition("/")
    connection = _raw.connection()
    if environ["REQUEST_METHOD"] == "POST":
        sent = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        asked = parse_qs(sent.decode())
        if name in POSTS:
            POSTS[name](connection, key, asked)
            start_response("303 See Other", [("Location", "/"), ("Content-Length", "0")])
            return [b""]
    else:
        asked = parse_qs(environ["QUERY_STRING"])
    page = PAGES[name](connection, key, asked)
    body = _templates.get_template(f"{name}.html").render(page).encode()
    start_response(
        "200 OK",
        [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]
