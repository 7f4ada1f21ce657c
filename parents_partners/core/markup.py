"""How templates become pages, where that is not Jinja's own way."""

import re

from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class WithoutIndentation(Extension):
    """Templates are indented for whoever writes them. It does not go out: it is a tenth of the
    bytes of a long list. (A line break still separates words.)"""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INDENTATION.sub("", source)
