"""A unit test answers without the database; one that asks it fails here, not in a slow run."""

import pytest
from sqlalchemy import Engine


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("A unit test asked the database. It belongs in tests/integration.")

    monkeypatch.setattr(Engine, "connect", refuse)
    monkeypatch.setattr(Engine, "raw_connection", refuse)
