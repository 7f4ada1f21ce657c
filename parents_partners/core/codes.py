"""Codes and names of rows that everybody may know: a list, an entry of it, a setting."""

from werkzeug.routing import BaseConverter


class CodeConverter(BaseConverter):
    """`<code:name>`: letters, digits, `_` and `-`, as in `conference_kind` or `zh-Hant`. Of people
    and families there are only `<public_id:…>`."""

    regex = "[A-Za-z0-9][A-Za-z0-9_-]{0,59}"
