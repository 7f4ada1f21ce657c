import re
from pathlib import Path

import pytest

from config import NEW_YORK, Settings, SettingsError

GOOD = {
    "DATABASE_URL": "sqlite:////var/lib/pp/pp.sqlite3",
    "SECRET_KEY": "q8Vt3-fYz2LkW9pRmX4bNc7JdHs6Ga1E",
}


def test_two_variables_are_enough_to_start() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.time_zone == NEW_YORK
    assert settings.secure_cookies
    assert not settings.demonstration


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(
            {"PROGRAMME_TIME_ZONE": "Mars/Olympus", "LOG_LEVEL": "loud", "SECURE_COOKIES": "maybe"}
        )
    message = str(raised.value)
    for name in (
        "DATABASE_URL",
        "SECRET_KEY",
        "PROGRAMME_TIME_ZONE",
        "LOG_LEVEL",
        "SECURE_COOKIES",
    ):
        assert name in message


@pytest.mark.parametrize("zone", ["", "America", "America/", "/etc/localtime", "../zone"])
def test_a_part_of_a_zones_name_is_refused_in_words(zone: str) -> None:
    with pytest.raises(SettingsError, match="PROGRAMME_TIME_ZONE"):
        Settings.from_env({**GOOD, "PROGRAMME_TIME_ZONE": zone})


@pytest.mark.parametrize(
    "secret",
    [
        "short",
        "a" * 64,
        "abcabcabc" * 8,
        "changeme-q8Vt3-fYz2LkW9pRmX4bNc7JdHs6Ga1E",
        "password-q8Vt3-fYz2LkW9pRmX4bNc7JdHs6Ga1E",
    ],
)
def test_a_secret_that_is_easy_to_guess_stops_the_start(secret: str) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY is too easy to guess"):
        Settings.from_env({**GOOD, "SECRET_KEY": secret})


def test_the_message_never_repeats_the_secret() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({"SECRET_KEY": "my-own-weak-one"})
    assert "my-own-weak-one" not in str(raised.value)


def test_the_demonstration_takes_any_secret_and_runs_without_https() -> None:
    settings = Settings.from_env({**GOOD, "SECRET_KEY": "short", "DEMONSTRATION": "1"})
    assert settings.demonstration
    assert not settings.secure_cookies


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_is_spoken_to_with_the_driver_that_is_installed(scheme: str) -> None:
    settings = Settings.from_env({**GOOD, "DATABASE_URL": f"{scheme}://db/pp"})
    assert settings.database_url == "postgresql+psycopg://db/pp"


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(SettingsError, match="sqlite: or postgresql:"):
        Settings.from_env({**GOOD, "DATABASE_URL": "mysql://db/pp"})


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", ["docs/reference/settings.md", ".env.example"])
def test_every_variable_is_explained(file: str) -> None:
    source = (ROOT / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r'(?:environ\.get\(|_truth\(environ, )"([A-Z_]+)"', source))
    assert len(read) == 6
    explained = (ROOT / file).read_text(encoding="utf-8")
    assert [name for name in sorted(read) if name not in explained] == []
