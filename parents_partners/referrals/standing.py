"""What became of a referral (REF-07): derived from its state and from the support of its
parents, least advanced parent first. It is no third status and is stored nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from parents_partners.core.words import date_words
from parents_partners.referrals.types import ReferralState, StandingStage


class Stint(NamedTuple):
    """One Family Specialist's stint with a parent: all of it that a referrer may know. `state` is
    that of the assignment's lifecycle; `first_contact_on` is a local day."""

    state: str
    offered_at: datetime
    over_at: datetime | None
    specialist: str
    first_contact_on: date | None
    outcome: str | None
    taken_over_from: "Stint | None" = None


class ParentSupport(NamedTuple):
    """Where one parent of a filed referral stands. `may_be_contacted` is False once the consent
    is withdrawn; `waits` while they have a place in the queue."""

    may_be_contacted: bool
    waits: bool
    stints: tuple[Stint, ...]


class Decided(NamedTuple):
    """What was decided about a referral. Codes are those of the programme's lists. `decide_by`:
    the local day by which it should be, of one that waits for it."""

    state: ReferralState
    decided_at: datetime | None = None
    decline_reason: str | None = None
    decide_by: date | None = None


@dataclass(frozen=True)
class Deadlines:
    """How soon things happen, the local day, and whom to ask where they did not: the same for
    every referral."""

    first_contact_days: int
    today: date
    helpline_phone: str


class Standing(NamedTuple):
    """`words` say where it stands, `next_words` what happens next and by when; None where
    nothing more happens."""

    stage: StandingStage
    words: str
    next_words: str | None = None

    @property
    def is_closed(self) -> bool:
        return self.stage in CLOSED_STAGES


HANDED_OVER = "handed_over"
"""The outcome, in letters of the upper slice, with which a support goes on with somebody else."""

CLOSED_STAGES = frozenset(
    {
        StandingStage.CLOSED,
        StandingStage.DECLINED,
        StandingStage.DUPLICATE,
    }
)

_PROGRESS = (
    StandingStage.BEING_ASSIGNED,
    StandingStage.ASSIGNED,
    StandingStage.IN_CONTACT,
    StandingStage.CLOSED,
)

_CLOSED = Standing(StandingStage.CLOSED, "Closed")
"""All that an agency learns after a full withdrawal, be it of a referral that was filed or of one
that nobody had decided about."""


def standing(
    decided: Decided,
    parents: Sequence[ParentSupport],
    *,
    public_reasons: Mapping[str, str],
    deadlines: Deadlines,
) -> Standing:
    """Where a referral stands. `public_reasons` maps the codes of decline reasons and outcomes to
    the neutral words for people outside the programme."""
    if decided.state is ReferralState.FILED:
        return _of_family(decided, parents, public_reasons, deadlines)
    if decided.state is ReferralState.SUBMITTED:
        return Standing(
            StandingStage.RECEIVED,
            "Received",
            _routing(decided.decide_by, deadlines),
        )
    if decided.state is ReferralState.QUESTION_ASKED:
        return Standing(
            StandingStage.QUESTION_ASKED,
            "There is a question about this referral",
            "A supervisor decides once the question is answered.",
        )
    if decided.state is ReferralState.DECLINED:
        reason = public_reasons.get(decided.decline_reason or "")
        return Standing(
            StandingStage.DECLINED,
            f"Declined: {_in_sentence(reason)}" if reason else "Declined",
        )
    if decided.state is ReferralState.DUPLICATE:
        # The earlier one may be another agency's, of which this one learns nothing (REF-07).
        return Standing(
            StandingStage.DUPLICATE,
            "Closed: nothing more is needed for this referral",
            # Their parents may be with us all the same, and withdraw at any time (ADV-05).
            "If the parent changes their mind, tell us as soon as you hear it, by phone:"
            f" {deadlines.helpline_phone}. Call there to ask about this referral, too.",
        )
    return _CLOSED


def _routing(decide_by: date | None, deadlines: Deadlines) -> str | None:
    if decide_by is None:
        return None
    by = date_words(decide_by)
    if decide_by >= deadlines.today:
        return f"A supervisor reads it and offers the family to a Family Specialist by {by}."
    return (
        f"It should have been offered to a Family Specialist by {by} and is late. To ask about"
        f" it, call {deadlines.helpline_phone}."
    )


def _of_family(
    decided: Decided,
    parents: Sequence[ParentSupport],
    public_reasons: Mapping[str, str],
    deadlines: Deadlines,
) -> Standing:
    contactable = [parent for parent in parents if parent.may_be_contacted]
    if not contactable:
        return _CLOSED
    least = min(
        (_progress(parent, decided.decided_at) for parent in contactable),
        key=lambda progress: _PROGRESS.index(progress[0]),
    )
    stage, stint = least
    if stint is None or stage is StandingStage.BEING_ASSIGNED:
        return Standing(
            StandingStage.BEING_ASSIGNED,
            "Being assigned to a Family Specialist",
            "As soon as a Family Specialist has accepted, their name stands here.",
        )
    if stage is StandingStage.ASSIGNED:
        return Standing(
            stage,
            f"Assigned to {stint.specialist}",
            "The Family Specialist contacts the parent within"
            f" {deadlines.first_contact_days} days of accepting.",
        )
    if stage is StandingStage.IN_CONTACT:
        first = _first_contact(stint)
        on = f" on {date_words(first.first_contact_on)}" if first.first_contact_on else ""
        now_with = f", now with {stint.specialist}" if first is not stint else ""
        return Standing(
            stage,
            f"First contact made{on} by {first.specialist}{now_with}",
            "The support goes on. When it ends, this page says so.",
        )
    reason = public_reasons.get(stint.outcome or "")
    return Standing(
        stage, f"Closed: {_in_sentence(reason)}" if reason and reason != "Closed" else "Closed"
    )


def _progress(
    parent: ParentSupport, filed_at: datetime | None
) -> tuple[StandingStage, Stint | None]:
    """How far one parent is. A stint that was over before this referral was filed belongs to an
    earlier one: a family comes back, that is the normal case."""
    stints = [
        stint
        for stint in parent.stints
        if stint.over_at is None or filed_at is None or stint.over_at >= filed_at
    ]
    if not stints:
        return StandingStage.BEING_ASSIGNED, None
    # Sorting is stable: of two offers at one instant the later row counts.
    latest = _in_a_row(sorted(stints, key=lambda stint: stint.offered_at))
    if latest.state == "in_contact":
        return StandingStage.IN_CONTACT, latest
    if latest.state == "accepted":
        # Whoever took over has not met them yet, but the first contact was made.
        made = _first_contact(latest).first_contact_on is not None
        return StandingStage.IN_CONTACT if made else StandingStage.ASSIGNED, latest
    if latest.state == "ended" and not parent.waits:
        return StandingStage.CLOSED, latest
    return StandingStage.BEING_ASSIGNED, None


def _in_a_row(stints: Sequence[Stint]) -> Stint:
    """The last one, which knows whom it was handed over from."""
    last = stints[0]
    for stint in stints[1:]:
        handed_over = last.outcome == HANDED_OVER
        last = stint._replace(taken_over_from=last) if handed_over else stint
    return last


def _first_contact(stint: Stint) -> Stint:
    """The stint, of those that were handed over to this one, in which it was made."""
    before = stint.taken_over_from
    if before is not None and (first := _first_contact(before)).first_contact_on is not None:
        return first
    return stint


def _in_sentence(words: str) -> str:
    """`Support was completed` as it stands after a colon."""
    first, rest = words[:1], words[1:]
    return words if rest[:1].isupper() else first.lower() + rest
