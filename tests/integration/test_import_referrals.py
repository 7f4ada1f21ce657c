"""`flask --app app referrals import`: what other systems send, line by line."""

import json
import sqlite3
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import Organisation
from parents_partners.audit.models import AuditEvent
from parents_partners.core.db import db
from parents_partners.referrals import lines, services
from parents_partners.referrals.models import Referral
from tests.documents import referral_document

Database = scoped_session[Session]

SAMPLE = Path("parents_partners/sample_data/referrals.jsonl")
BAD = [json.loads(line) for line in Path("tests/data/bad_referrals.jsonl").read_text().splitlines()]


@dataclass(frozen=True)
class Run:
    """What one run of the command said and left."""

    exit_code: int
    answers: list[dict[str, Any]]
    log: str
    rejected: list[Any] | None


@pytest.fixture
def run(app: Flask, session: Database, tmp_path: Path) -> Callable[..., Run]:
    """Imports these documents; bytes are written as they are."""

    def import_them(*documents: object, options: tuple[str, ...] = ()) -> Run:
        file = tmp_path / "sent.jsonl"
        file.write_bytes(
            b"".join(
                document if isinstance(document, bytes) else json.dumps(document).encode() + b"\n"
                for document in documents
            )
        )
        return import_file(app, file, *options)

    return import_them


def import_file(app: Flask, file: Path, *options: str) -> Run:
    result = app.test_cli_runner().invoke(
        args=["referrals", "import", str(file), "--json", *options]
    )
    rejected = file.with_suffix(".rejected.jsonl")
    return Run(
        result.exit_code,
        [json.loads(line) for line in result.stdout.splitlines()],
        result.stderr,
        [json.loads(line) for line in rejected.open()] if rejected.exists() else None,
    )


def stored(session: Database) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Referral.case_name).order_by(Referral.id)))


def count_of(session: Database, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


# The data that came with the project


def test_all_forty_sample_referrals_are_accepted(
    run: Callable[..., Run], session: Database
) -> None:
    result = run(SAMPLE.read_bytes())
    assert result.exit_code == 0
    assert [answer["accepted"] for answer in result.answers] == [True] * 40
    assert result.answers[39]["reference"] == "PP-2026-000040"
    assert len(stored(session)) == 40
    assert result.rejected is None
    # By the name that each referrer gave, however it is spelled; eight wrote themselves.
    by_themselves = select(func.count()).where(Referral.organisation_id.is_(None))
    assert session.scalar(by_themselves) == 8


@pytest.mark.parametrize("bad", BAD, ids=[bad["referral"]["external_id"] for bad in BAD])
def test_each_bad_referral_gets_what_its_sender_would_expect(
    run: Callable[..., Run], session: Database, bad: dict[str, Any]
) -> None:
    before = [bad["before"]] if bad.get("before") else []
    expected = bad["expect"]
    result = run(*before, bad["referral"])
    answer = result.answers[-1]
    if expected.get("accepted"):
        assert answer["accepted"], answer["errors"]
        assert answer["reference"]
        assert result.exit_code == 0
        assert len(stored(session)) == 1
        if "stated" in expected:
            assert "comes twice" in answer["notes"][0]["message"]
        if expected.get("idempotent"):
            assert answer["reference"] == result.answers[0]["reference"]
        return
    assert (answer["accepted"], answer["reference"], result.exit_code) == (False, None, 1)
    assert all(error["path"].startswith(expected["field"]) for error in answer["errors"])
    hints = [expected.get("message_contains"), *(expected.get("or_contains") or [])]
    said = " ".join(error["message"] for error in answer["errors"]).lower()
    assert any(hint.lower() in said for hint in hints if hint)
    assert len(stored(session)) == len(before)
    assert len(result.rejected or []) == 1


# Second arrivals and senders


def test_a_file_that_is_imported_again_stores_nothing_twice(
    run: Callable[..., Run], session: Database
) -> None:
    """Also lines without an id of their sender's: their content tells."""
    documents = [referral_document(external_id="HV-1"), referral_document(case__name="Rivera")]
    first, again = run(*documents), run(*documents)
    assert [one["reference"] for one in first.answers] == [
        one["reference"] for one in again.answers
    ]
    assert again.exit_code == 0
    assert len(stored(session)) == 2


def test_the_same_id_for_another_content_is_refused_at_external_id(
    run: Callable[..., Run], session: Database
) -> None:
    result = run(
        referral_document(external_id="HV-1"),
        referral_document(external_id="HV-1", case__name="Rivera"),
    )
    assert [error["path"] for error in result.answers[1]["errors"]] == ["external_id"]
    assert stored(session) == ["Marte, Luz"]


def test_one_organisation_is_made_of_a_name_that_is_spelled_in_two_ways(
    run: Callable[..., Run], session: Database
) -> None:
    run(
        referral_document(referrer__organization="Two Rivers Family"),
        referral_document(referrer__organization="TWO RIVERS  FAMILY", case__name="Rivera"),
    )
    assert session.scalars(select(Organisation.name)).all() == ["Two Rivers Family"]
    assert len(set(session.scalars(select(Referral.organisation_id)))) == 1


def test_nobody_who_was_refused_leaves_an_organisation_behind(
    run: Callable[..., Run], session: Database
) -> None:
    run(referral_document(case__name=" "))
    assert count_of(session, Organisation) == 0


# What is refused


def test_a_refused_line_is_named_with_number_path_and_words(run: Callable[..., Run]) -> None:
    bad = referral_document(parents__0__agreement__asked_on="2027-01-15")
    result = run(referral_document(), b"\n", bad)
    assert "line 3: parents[0].agreement.asked_on: A parent is asked before" in result.log
    (error,) = result.answers[1]["errors"]
    assert error["path"] == "parents[0].agreement.asked_on"
    assert result.answers[1]["line"] == 3


def test_a_refused_line_does_not_hold_up_the_others(
    run: Callable[..., Run], session: Database
) -> None:
    result = run(
        b'{"not": json}\n',
        b"\xff\xfe\n",
        b'{"case": 1, "case": 2}\n',
        b"[" * 50_000 + b"\n",
        [],
        "text",
        referral_document(),
    )
    assert [answer["accepted"] for answer in result.answers] == [False] * 6 + [True]
    assert result.exit_code == 1
    assert stored(session) == ["Marte, Luz"]


def test_the_file_of_refused_lines_can_be_mended_and_sent_again(
    app: Flask, run: Callable[..., Run], tmp_path: Path
) -> None:
    result = run(referral_document(case__name=""))
    (line,) = result.rejected or []
    assert line == referral_document(case__name="")
    line["case"]["name"] = "Marte, Luz"
    mended = tmp_path / "mended.jsonl"
    mended.write_text(json.dumps(line))
    assert import_file(app, mended).exit_code == 0


def test_the_file_of_refused_lines_says_nothing_of_who_did_not_agree(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    """REF-03."""
    declined = {"first_name": "Canary", "phone": "5550177", "agreement": {"answer": "declined"}}
    document = referral_document(case__name="")
    document["parents"].append(declined)
    result = run(document)
    assert result.rejected is not None
    assert result.rejected[0]["parents"][1] == {"agreement": {"answer": "declined"}}
    written = (tmp_path / "sent.rejected.jsonl").read_text() + result.log
    assert "Canary" not in written
    assert "5550177" not in written


def test_only_its_owner_reads_the_file_of_refused_lines(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    run(referral_document(case__name=""))
    assert (tmp_path / "sent.rejected.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_file_of_refused_lines_that_was_there_before_is_readable_by_its_owner_only(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    """S-15, REF-03."""
    rejected = tmp_path / "sent.rejected.jsonl"
    rejected.write_text("from another day")
    rejected.chmod(0o644)
    run(b"nonsense\n")
    assert rejected.read_text() == '"[removed]"\n'
    assert rejected.stat().st_mode & 0o777 == 0o600


def test_the_log_repeats_no_name_and_no_number(run: Callable[..., Run]) -> None:
    """S-19."""
    result = run(referral_document(), referral_document(external_id="x" * 65))
    for canary in ("Luz", "Marte", "555", "Yandel", "S-012345"):
        assert canary not in result.log


@pytest.mark.parametrize("name", ["absent.jsonl", "."])
def test_a_file_that_cannot_be_read_ends_with_2(app: Flask, tmp_path: Path, name: str) -> None:
    result = import_file(app, tmp_path / name)
    assert result.exit_code == 2
    assert "cannot be read" in result.log


def test_an_empty_file_is_no_mistake(run: Callable[..., Run]) -> None:
    result = run()
    assert (result.exit_code, result.answers) == (0, [])


# Rehearsal


def test_a_rehearsal_says_what_would_happen_and_stores_nothing(
    run: Callable[..., Run], session: Database
) -> None:
    run(referral_document(external_id="known"))
    before = count_of(session, AuditEvent)
    result = run(
        referral_document(external_id="known"),
        referral_document(external_id="new", case__name="Rivera"),
        referral_document(external_id="new", case__name="Other"),
        referral_document(case__name=""),
        options=("--dry-run",),
    )
    assert [(one["accepted"], one["reference"]) for one in result.answers] == [
        (True, "PP-2026-000001"),
        (True, None),
        (False, None),
        (False, None),
    ]
    assert [error["path"] for error in result.answers[2]["errors"]] == ["external_id"]
    assert stored(session) == ["Marte, Luz"]
    assert count_of(session, AuditEvent) == before
    assert result.rejected is None


# Faults


def test_what_was_accepted_before_a_fault_stays_and_the_rest_comes_with_a_second_run(
    run: Callable[..., Run], session: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [referral_document(case__name=f"Family {number}") for number in range(4)]
    take_in = services.take_in

    def fail_at_the_third(document: Any, *judged_by: Any, **rest: Any) -> services.Outcome:
        if document["case"]["name"] == "Family 2":
            raise OperationalError("INSERT", {"name": "Canary"}, Exception("disk full"))
        return take_in(document, *judged_by, **rest)

    monkeypatch.setattr(services, "take_in", fail_at_the_third)
    broken = run(*documents)
    assert broken.exit_code == 3
    assert "line 3: the database failed" in broken.log
    assert "Canary" not in broken.log
    assert stored(session) == ["Family 0", "Family 1"]
    monkeypatch.undo()
    assert run(*documents).exit_code == 0
    assert stored(session) == [f"Family {number}" for number in range(4)]


def test_a_line_that_cannot_be_committed_stops_the_run_in_words(
    run: Callable[..., Run], session: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full is often noticed only then."""

    def fail() -> None:
        raise OperationalError("COMMIT", {"name": "Canary"}, Exception("disk full"))

    monkeypatch.setattr(db.session, "commit", fail)
    broken = run(referral_document())
    assert broken.exit_code == 3
    assert "line 1: the database failed (OperationalError)" in broken.log
    assert broken.answers == []
    assert stored(session) == []


def test_a_database_that_stays_locked_stops_the_run_in_words(
    own_database: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's write lock is asked for with the BEGIN, before any statement of ours."""
    with own_database.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL locks no database")
        address = db.engine.url.database
        with db.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA busy_timeout=1")
    another = sqlite3.connect(str(address), isolation_level=None)
    take_in = services.take_in

    def lock_at_the_second(document: Any, *judged_by: Any, **rest: Any) -> services.Outcome:
        if document["case"]["name"] == "Family 1":
            another.execute("BEGIN IMMEDIATE")
        return take_in(document, *judged_by, **rest)

    monkeypatch.setattr(services, "take_in", lock_at_the_second)
    file = tmp_path / "sent.jsonl"
    documents = (referral_document(case__name=f"Family {number}") for number in range(3))
    file.write_text("".join(f"{json.dumps(document)}\n" for document in documents))
    broken = import_file(own_database, file)
    another.close()
    assert broken.exit_code == 3
    assert "line 2: the database failed (OperationalError)" in broken.log


def test_a_long_file_is_never_in_memory_at_once() -> None:
    """A ratio, not a size: fifty times the lines, about the same memory."""
    line = b'{"text": "' + b"x" * 100_000 + b'"}\n'

    def most_memory(count: int) -> int:
        tracemalloc.start()
        for one in lines.lines_of(BytesIO(line * count)):
            lines.document_in(one)
        peak = tracemalloc.get_traced_memory()[1] - len(line) * count
        tracemalloc.stop()
        return peak

    assert most_memory(100) < 2 * most_memory(2)


def test_the_command_says_what_it_does_when_asked(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["referrals", "import", "--help"])
    assert "FILE.rejected.jsonl" in result.output
