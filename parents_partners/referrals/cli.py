"""`flask --app app referrals import FILE.jsonl`: referrals that another system sends."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from parents_partners.accounts.types import COMMAND_LINE
from parents_partners.core import clock
from parents_partners.core.db import db
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import choices_of
from parents_partners.core.words import count_words
from parents_partners.referrals import services
from parents_partners.referrals.lines import Line, Unreadable, document_in, lines_of
from parents_partners.referrals.services import Outcome, Sent
from parents_partners.referrals.submission import Circumstances, Problem, redacted_line

commands = AppGroup("referrals", help="Referrals that another system sends.")

SOME_REFUSED = 1
FILE_UNREADABLE = 2
STOPPED = 3


@commands.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; store nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on standard output.")
def import_referrals(file: Path, dry_run: bool, as_json: bool) -> None:
    """Take in the referrals of FILE, one JSON document a line.

    Each line is stored by itself: what was accepted stays, whatever comes after it. Refused lines
    are written to FILE.rejected.jsonl, less what may not be kept. Exit code 0: all were accepted;
    1: some were refused; 2: the file cannot be read; 3: the database failed, run it again."""
    importer = _Import(dry_run=dry_run, as_json=as_json)
    with _Rejected(file.with_suffix(".rejected.jsonl"), dry_run) as rejected:
        for line in _lines_of(file):
            importer.take(line, rejected)
    importer.say_what_became_of_it()
    sys.exit(SOME_REFUSED if importer.refused else 0)


def _lines_of(file: Path) -> Iterator[Line]:
    """The file's lines, under a progress bar that counts bytes: how many lines there are is known
    only at the end. Ends the command where the file cannot be read."""
    try:
        with (
            file.open("rb") as opened,
            tqdm(
                total=os.fstat(opened.fileno()).st_size,
                unit="B",
                unit_scale=True,
                desc="Importing",
                file=sys.stderr,
                disable=None,  # where nobody watches, the log stays clean
            ) as progress,
        ):
            for line in lines_of(opened):
                yield line
                progress.update(line.size)
    except OSError as error:
        _log(f"{file} cannot be read: {error.strerror or 'it is no file'}.")
        sys.exit(FILE_UNREADABLE)


class _Import:
    """One run over one file."""

    def __init__(self, *, dry_run: bool, as_json: bool) -> None:
        self._dry_run = dry_run
        self._as_json = as_json
        self._sent = Sent() if dry_run else None
        self._zone = clock.programme_zone()
        today = local_day(clock.now(), self._zone)
        self._conference_kinds = dict(choices_of("conference_kind", today=today))
        db.session.rollback()
        self.new = self.known = self.refused = 0

    def take(self, line: Line, rejected: "_Rejected") -> None:
        if line.content is not None and not line.content.strip():
            return
        document: object = None
        try:
            try:
                document = document_in(line)
                outcome = self._take_in(document)
            except Unreadable as unreadable:
                outcome = Outcome(None, (unreadable.problem,))
            reference = self._end_transaction(outcome)
        except SQLAlchemyError as error:
            # Not the error itself: it would repeat what the line says about a family.
            db.session.rollback()
            _log(
                f"line {line.number}: the database failed ({type(error).__name__})."
                " What came before is stored. Run the same file again to go on."
            )
            sys.exit(STOPPED)
        if outcome.problems:
            self.refused += 1
            rejected.write(document)
        self._report(line.number, outcome, reference)

    def say_what_became_of_it(self) -> None:
        would_be = "would be " if self._dry_run else ""
        _log(
            f"{count_words(self.new, 'referral')} {would_be}stored,"
            f" {count_words(self.known, 'referral')} known already,"
            f" {count_words(self.refused, 'line')} refused."
        )

    def _take_in(self, document: object) -> Outcome:
        now = clock.now()
        return services.take_in(
            document,
            Circumstances(now, self._zone, self._conference_kinds),
            actor=COMMAND_LINE,
            now=now,
            sent=self._sent,
        )

    def _end_transaction(self, outcome: Outcome) -> str | None:
        """Commit or undo this line; gives the reference that its referral has afterwards."""
        receipt = outcome.receipt
        if receipt is None:
            db.session.rollback()
            return None
        reference = receipt.referral.reference
        if self._dry_run:
            db.session.rollback()
        else:
            db.session.commit()
        self.new += receipt.created
        self.known += not receipt.created
        return None if self._dry_run and receipt.created else reference

    def _report(self, number: int, outcome: Outcome, reference: str | None) -> None:
        for problem in outcome.problems:
            _log(f"line {number}: {_place(problem)}{problem.message}")
        for note in outcome.notes:
            _log(f"line {number}: {_place(note)}{note.message}")
        if self._as_json:
            answer = {
                "line": number,
                "accepted": outcome.receipt is not None,
                "reference": reference,
                "errors": [_plain(problem) for problem in outcome.problems],
                "notes": [_plain(note) for note in outcome.notes],
            }
            click.echo(json.dumps(answer))


class _Rejected:
    """The file of refused lines: made when the first one is refused, readable by its owner only,
    and without what may not be kept (REF-03)."""

    def __init__(self, path: Path, dry_run: bool) -> None:
        self._path = path
        self._dry_run = dry_run
        self._file: TextIO | None = None

    def __enter__(self) -> "_Rejected":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, document: object) -> None:
        if self._dry_run:
            return
        if self._file is None:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.fchmod(descriptor, 0o600)  # of one that an earlier run, or somebody, left there
            self._file = os.fdopen(descriptor, "w", encoding="ascii")
        self._file.write(json.dumps(redacted_line(document)) + "\n")
        self._file.flush()


def _log(words: str) -> None:
    """A line on standard error, above the progress bar."""
    tqdm.write(words, file=sys.stderr)


def _place(problem: Problem) -> str:
    return f"{problem.path}: " if problem.path else ""


def _plain(problem: Problem) -> dict[str, str]:
    return {"path": problem.path, "message": problem.message}
