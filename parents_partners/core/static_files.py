"""Style sheets, scripts and pictures: served before Flask is asked, kept by browsers for a day.
Every address carries a fingerprint of its file, so that a new version is seen at once."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, request
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

from parents_partners.core.edge import CONTENT_SECURITY_POLICY

A_DAY = 24 * 60 * 60


def init_app(app: Flask) -> None:
    folder = Path(str(app.static_folder))

    @lru_cache(maxsize=256)
    def with_fingerprint(name: str) -> str:
        try:
            return f"{app.static_url_path}/{name}?v={_fingerprint(folder / name)}"
        except OSError:
            # Nor does the page of a failure need more than itself.
            return f"{app.static_url_path}/{name}"

    @app.template_global()
    def file_address(name: str) -> str:
        """Where a static file is served. Asked for with every icon of a page, so that a file is
        looked at once: like WhiteNoise, which serves it, the program notices a new one only
        where it is being worked on (`flask --debug`)."""
        address = with_fingerprint.__wrapped__ if app.debug else with_fingerprint
        return request.script_root + address(name)

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix="static/",
        max_age=A_DAY,
        add_headers_function=_add_headers,
        allow_all_origins=False,
        autorefresh=app.debug,
    )


def _fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _add_headers(headers: Any, _path: str, _url: str) -> None:
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
