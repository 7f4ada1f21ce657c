from dataclasses import dataclass
from datetime import datetime

from parents_partners.accounts.types import Actor
from parents_partners.core.errors import Refused
from parents_partners.core.secret import secret_key
from parents_partners.referrals.services.receiving import ID_IN_USE, Receipt, receive, sender_named
from parents_partners.referrals.submission import (
    Circumstances,
    Problem,
    Submission,
    keyed_hash,
    read_as_sent,
)


@dataclass(frozen=True)
class Outcome:
    """What became of one document. A receipt is there if and only if there are no problems."""

    receipt: Receipt | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


class Sent:
    """What a rehearsal has seen so far. Nothing of it is stored, so that a second line under the
    same id would otherwise pass."""

    def __init__(self) -> None:
        self._hashes: dict[tuple[str, str], str] = {}

    def contradicts(self, receipt: Receipt) -> bool:
        """Whether an earlier line used the same id for another content."""
        referral = receipt.referral
        if referral.external_id is None:
            return False
        key = (referral.sender_key, referral.external_id)
        return self._hashes.setdefault(key, referral.body_hash) != referral.body_hash


def take_in(
    document: object,
    circumstances: Circumstances,
    *,
    actor: Actor,
    now: datetime,
    sent: Sent | None = None,
) -> Outcome:
    """Judge one document that another system sent, and receive it if nothing is wrong. `sent` is
    what the same rehearsal has seen before; None when it is in earnest."""
    reading = read_as_sent(document, circumstances)
    if reading.submission is None or not isinstance(document, dict):
        return Outcome(None, reading.problems, reading.notes)
    referrer = reading.submission.referrer
    organisation = referrer.organization if referrer is not None else None
    try:
        receipt = receive(
            reading.submission,
            document,
            sender=sender_named(organisation, actor=actor, now=now),
            actor=actor,
            now=now,
            submission_key=_key(reading.submission, document),
            notes=reading.notes,
        )
    except Refused as refused:
        return Outcome(None, tuple(Problem(*problem) for problem in refused.problems.items()))
    if sent is not None and sent.contradicts(receipt):
        return Outcome(None, (Problem("external_id", ID_IN_USE),))
    return Outcome(receipt, notes=reading.notes)


def _key(submission: Submission, document: dict[str, object]) -> str | None:
    """Without an id of the sender's the content itself tells that a line came before: a file that
    is imported again after a crash makes no referral twice."""
    return None if submission.external_id else keyed_hash(document, secret_key())
