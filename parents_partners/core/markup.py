"""How templates become pages, where that is not Jinja's own way."""

import re
from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class PageEnvironment(Environment):
    """Jinja's, with the names that every template knows in one plain dict: each template looks
    through all of them for every other that it imports from. They are complete before the first
    page is made."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


class WithoutIndentation(Extension):
    """Templates are indented for whoever writes them. It does not go out: it is a tenth of the
    bytes of a long list. (A line break still separates words.)"""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INDENTATION.sub("", source)
