"""The settings of one installation, read from the environment once, at the start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SHORTEST_SECRET = 32
NEW_YORK = ZoneInfo("America/New_York")
WEAK_SECRETS = ("changeme", "secret", "password", "dev", "test")


class SettingsError(Exception):
    """The installation cannot start; the message lists everything that is missing or wrong."""


@dataclass(frozen=True)
class Settings:
    """What differs between installations. `docs/reference/settings.md` explains each variable."""

    database_url: str
    secret_key: str
    demonstration: bool = False
    time_zone: ZoneInfo = NEW_YORK
    secure_cookies: bool = True
    log_level: str = "INFO"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the environment.

        Raises SettingsError naming all that is missing or wrong at once, so that a person who
        sets up a machine does not find out one variable at a time.
        """
        wrong: list[str] = []
        demonstration = _truth(environ, "DEMONSTRATION", False, wrong)

        database_url = environ.get("DATABASE_URL", "").strip()
        if not database_url:
            wrong.append("DATABASE_URL is not set (for example sqlite:////var/lib/pp/pp.sqlite3).")
        elif not database_url.startswith(("sqlite:", "postgresql", "postgres:")):
            wrong.append("DATABASE_URL must begin with sqlite: or postgresql:.")

        secret_key = environ.get("SECRET_KEY", "")
        if not secret_key:
            wrong.append("SECRET_KEY is not set.")
        elif not demonstration and _is_weak(secret_key):
            wrong.append(
                f"SECRET_KEY is too easy to guess: it needs at least {SHORTEST_SECRET} "
                "random characters."
            )

        zone_name = environ.get("PROGRAMME_TIME_ZONE", "America/New_York")
        try:
            time_zone = ZoneInfo(zone_name)
        # OSError: a part of a name, such as America, is a folder.
        except (ZoneInfoNotFoundError, ValueError, OSError):
            wrong.append("PROGRAMME_TIME_ZONE is not the name of a time zone.")
            time_zone = NEW_YORK

        log_level = environ.get("LOG_LEVEL", "INFO").upper()
        if log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            wrong.append("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")

        # Cookies that need https by default; the demonstration runs on plain http at home.
        secure_cookies = _truth(environ, "SECURE_COOKIES", not demonstration, wrong)

        if wrong:
            raise SettingsError(
                "Parents as Partners cannot start:\n" + "\n".join(f"  - {line}" for line in wrong)
            )
        return cls(
            database_url=_with_driver(database_url),
            secret_key=secret_key,
            demonstration=demonstration,
            time_zone=time_zone,
            secure_cookies=secure_cookies,
            log_level=log_level,
        )


def _truth(environ: Mapping[str, str], name: str, default: bool, wrong: list[str]) -> bool:
    text = environ.get(name, "").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    if text:
        wrong.append(f"{name} must be 1 or 0.")
    return default


def _is_weak(secret: str) -> bool:
    return (
        len(secret) < SHORTEST_SECRET
        or len(set(secret)) < 10
        or secret.lower().startswith(WEAK_SECRETS)
    )


def _with_driver(database_url: str) -> str:
    """Name psycopg 3, which is the PostgreSQL driver that is installed."""
    for scheme in ("postgresql://", "postgres://"):
        if database_url.startswith(scheme):
            return "postgresql+psycopg://" + database_url.removeprefix(scheme)
    return database_url
