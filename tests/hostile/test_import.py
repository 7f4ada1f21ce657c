"""F-01, the import: whatever a file holds, every line gets an answer and nothing of a refused one
is stored."""

import json
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.core.db import Base
from tests.documents import referral_document
from tests.hostile.texts import quickly, texts

values = st.recursive(
    st.one_of(
        texts,
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.just(10**400),
    ),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.text(max_size=10), inside, max_size=3)
    ),
    max_leaves=6,
)

LINES_NO_DOCUMENT = [
    b"{",
    b"[]",
    b"null",
    b"12",
    b'"a text"',
    b"\xff\xfe{}",
    b"{}\x00",
    b"NaN",
    b'{"a": 1e999}',
    b"[" * 100_000,
    b'{"case": ' * 5_000 + b"1" + b"}" * 5_000,
    b'{"channel": "online", "channel": "self"}',
    "\ufeff{}".encode(),
    b'{"case": {"name": "\\ud800"}}',
]


@pytest.fixture
def take_in(app: Flask, session: scoped_session[Session], tmp_path: Path) -> "TakeIn":
    return TakeIn(app, tmp_path / "referrals.jsonl")


class TakeIn:
    """Runs the import on these lines."""

    def __init__(self, app: Flask, file: Path) -> None:
        self._runner = app.test_cli_runner()
        self._file = file

    def __call__(self, *lines: bytes) -> list[dict[str, Any]]:
        self._file.write_bytes(b"\n".join(lines) + b"\n")
        result: Result = Context().run(
            self._runner.invoke, args=["referrals", "import", str(self._file), "--json"]
        )
        answers = [json.loads(line) for line in result.stdout.splitlines()]
        accepted = all(answer["accepted"] for answer in answers)
        assert result.exit_code == (0 if accepted else 1), result.stderr
        return answers


def paths_in(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document."""
    inside: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    if isinstance(value, list):
        inside = list(enumerate(value))
    return [path, *(deeper for key, one in inside for deeper in paths_in(one, (*path, key)))]


def with_value(document: Any, path: tuple[Any, ...], value: object) -> Any:
    if not path:
        return value
    inside = document
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return document


@quickly
@given(path=st.sampled_from(paths_in(referral_document())), value=values)
def test_anything_at_any_place_is_accepted_or_refused_in_words(
    path: tuple[Any, ...], value: object, take_in: TakeIn, session: scoped_session[Session]
) -> None:
    before = rows(session)
    document = with_value(referral_document(), path, value)
    (answer,) = take_in(json.dumps(document).encode())
    if answer["accepted"]:
        assert answer["reference"]
        return
    assert answer["errors"]
    assert all(error["message"] for error in answer["errors"])
    assert rows(session) == before


@pytest.mark.parametrize("line", LINES_NO_DOCUMENT, ids=lambda line: repr(line[:30]))
def test_a_line_that_is_no_document_is_refused_and_the_next_one_is_taken(
    line: bytes, take_in: TakeIn, session: scoped_session[Session]
) -> None:
    refused, accepted = take_in(line, json.dumps(referral_document()).encode())
    assert not refused["accepted"]
    assert refused["errors"][0]["message"]
    assert accepted["accepted"]
    assert rows(session)["referral"] == 1


def test_ten_megabytes_in_one_line_are_refused(
    take_in: TakeIn, session: scoped_session[Session]
) -> None:
    before = rows(session)
    document = referral_document(history__issues="long " * 2_000_000)
    (answer,) = take_in(json.dumps(document).encode())
    assert not answer["accepted"]
    assert len(answer["errors"][0]["message"]) < 500
    assert rows(session) == before


def test_five_hundred_children_are_refused(
    take_in: TakeIn, session: scoped_session[Session]
) -> None:
    before = rows(session)
    child = referral_document()["children"][0]
    (answer,) = take_in(json.dumps(referral_document(children=[child] * 500)).encode())
    assert not answer["accepted"]
    assert answer["errors"][0]["path"].startswith("children")
    assert rows(session) == before


def rows(session: scoped_session[Session]) -> dict[str, int]:
    """How many rows stand in each table."""
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }
