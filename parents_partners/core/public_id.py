"""The only kind of id that stands in an address."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from werkzeug.routing import BaseConverter

_ANY = "0" * 20


class PublicIdConverter(BaseConverter):
    """`<public_id:name>`: twenty hexadecimal digits, see `core.db.new_public_id`."""

    regex = "[0-9a-f]{20}"


def addresses(endpoint: str, name: str) -> Callable[[str], str]:
    """The addresses of a page for many ids, `name` being its part of the address. Made once and
    filled in: a list asks for fifty, and each by itself costs more than its line."""
    of_any: Any = {name: _ANY}
    before, after = url_for(endpoint, **of_any).split(_ANY)
    return lambda public_id: f"{before}{public_id}{after}"
