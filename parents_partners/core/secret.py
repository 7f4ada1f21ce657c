"""The installation's secret, for hashes that nobody else can make."""

from flask import current_app


def secret_key() -> bytes:
    """SECRET_KEY as bytes."""
    key: str = current_app.config["SECRET_KEY"]
    return key.encode()
