from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import not_, select

from parents_partners.accounts.types import Actor
from parents_partners.cases.models import Consent
from parents_partners.cases.types import CONTACT_SCOPES, ConsentScope
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.reference import labels_of
from parents_partners.core.sql import is_one_of
from parents_partners.core.text import phone_e164
from parents_partners.referrals.models import FiledParent, Referral
from parents_partners.referrals.policies import visible_to
from parents_partners.referrals.submission import Circumstances, Submission, read
from parents_partners.referrals.types import ReferralState


@dataclass(frozen=True)
class AsSubmitted:
    """Everything that was submitted, for `referrals/_as_submitted.html`. `labels` maps the names
    of lists to code and label, and `phone` to numbers as typed and as they are dialled; `notes`
    say what was assumed, as path and message."""

    document: Submission
    labels: Mapping[str, Mapping[str, str]]
    notes: Sequence[Mapping[str, str]]


def referral_for(viewer: Actor, public_id: str) -> Referral:
    """Raises Absent where there is none, or none for this person."""
    referral = db.session.scalar(
        select(Referral).where(Referral.public_id == public_id, visible_to(viewer))
    )
    if referral is None:
        raise Absent
    return referral


def submission_of(referral: Referral) -> Submission:
    """What was submitted, as values: the stored document read again."""
    return _submission(referral, labels_of("conference_kind"))


def out_of_reach(referral: Referral) -> frozenset[int]:
    """The places, among its agreeing parents, of those whom nobody may contact any more (ADV-05).
    A parent's consent begins with the filing: before it only the whole referral is withdrawn."""
    if referral.state is ReferralState.WITHDRAWN:
        return frozenset(range(len(submission_of(referral).agreeing_parents)))
    return frozenset(
        db.session.scalars(
            select(FiledParent.position).where(
                FiledParent.referral_id == referral.id,
                not_(FiledParent.consents.any(is_one_of(Consent.scope, CONTACT_SCOPES))),
            )
        )
    )


def as_submitted(referral: Referral) -> AsSubmitted:
    """What was submitted, with the words for its codes."""
    kinds = labels_of("conference_kind")
    document = _submission(referral, kinds)
    return AsSubmitted(
        document=document,
        labels={
            "conference_kind": kinds,
            "language": labels_of("language"),
            "consent_scope": {scope.value: scope.label for scope in ConsentScope},
            "phone": _dialled(document),
        },
        notes=referral.submission.notes,
    )


def _submission(referral: Referral, conference_kinds: Mapping[str, str]) -> Submission:
    # Kinds that have ended since, too: they were in force when it was received.
    circumstances = Circumstances(referral.received_at, programme_zone(), conference_kinds)
    submission = read(referral.submission.document, circumstances).submission
    if submission is None:
        raise ValueError(f"The submission of {referral.reference} cannot be read any more.")
    return submission


def _dialled(submission: Submission) -> dict[str, str]:
    case = submission.case
    numbers = [case.agency_phone, case.caseworker.phone]
    numbers += [parent.phone for parent in submission.agreeing_parents]
    if submission.referrer is not None:
        numbers.append(submission.referrer.phone)
    dialled = {number: phone_e164(number) for number in numbers if number}
    return {number: e164 for number, e164 in dialled.items() if e164}
