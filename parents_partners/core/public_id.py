"""The only kind of id that stands in an address."""

from werkzeug.routing import BaseConverter


class PublicIdConverter(BaseConverter):
    """`<public_id:name>`: twenty hexadecimal digits, see `core.db.new_public_id`."""

    regex = "[0-9a-f]{20}"
