"""The links with which people choose their password. Whoever has one may use it, so only its
hash is kept."""

import secrets
from hashlib import sha256

from werkzeug.routing import BaseConverter


class LinkTokenConverter(BaseConverter):
    """`<link_token:name>`: whatever somebody pastes. A link of which a part is missing has to
    show the same page as one that was used."""

    regex = "[^/]{1,300}"


def new_token() -> str:
    """43 signs, 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token, and how one is found again."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
