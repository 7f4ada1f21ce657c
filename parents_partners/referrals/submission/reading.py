"""From a document to a submission, or to all that is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from parents_partners.core.local_time import local_day
from parents_partners.core.words import when_words
from parents_partners.referrals.submission.before_you_refer import read_opening
from parents_partners.referrals.submission.case import read_case
from parents_partners.referrals.submission.children import read_children
from parents_partners.referrals.submission.conferences import read_conferences
from parents_partners.referrals.submission.history import read_history, read_reasons
from parents_partners.referrals.submission.parents import read_parents
from parents_partners.referrals.submission.part import Findings, Part, code_of
from parents_partners.referrals.submission.types import (
    Circumstances,
    Judgement,
    Reading,
    Received,
    Section,
    Submission,
)
from parents_partners.referrals.types import Channel

_READERS: Mapping[Section, tuple[Callable[[Part, Circumstances], object], ...]] = {
    Section.BEFORE_YOU_REFER: (read_opening,),
    Section.PARENTS: (read_parents,),
    Section.CASE: (read_case,),
    Section.CHILDREN: (read_children,),
    Section.CONFERENCES: (read_conferences,),
    Section.HISTORY: (read_history, read_reasons),
}


def read(document: object, circumstances: Circumstances) -> Reading:
    """Judges a whole document, whatever JSON it is."""
    findings = Findings()
    part = Part.of(document, "", findings, "a referral")
    if part is None:
        return Reading(None, tuple(findings.problems), ())
    circumstances = _with_channel(circumstances, document)
    opening = read_opening(part, circumstances)
    parents = read_parents(part, circumstances)
    case = read_case(part, circumstances)
    children = read_children(part, circumstances)
    conferences = read_conferences(part, circumstances)
    history = read_history(part, circumstances)
    reasons = read_reasons(part, circumstances)
    part.has("received_at")
    part.refuse_the_rest()
    submission = None
    if not findings.problems and opening.channel and case and history:
        submission = Submission(
            external_id=opening.external_id,
            channel=opening.channel,
            received_at=circumstances.received_at.astimezone(UTC),
            referrer=opening.referrer,
            programme_discussed=opening.programme_discussed,
            parents=parents,
            case=case,
            children=children,
            conferences=conferences,
            history=history,
            reasons=reasons,
        )
    return Reading(submission, tuple(findings.problems), tuple(findings.notes))


def read_received_at(document: object, *, now: datetime, zone: ZoneInfo) -> Received:
    """The instant of receipt that a sender's document names. Without one it is `now`; where it
    is wrong too, so that the rest can still be judged."""
    if not isinstance(document, dict):
        return Received(now)
    findings = Findings()
    part = Part(document, "", findings)
    at = part.moment("received_at", "the time of receipt", zone)
    # By the day, because the sender's clock may run ahead of ours.
    if at is not None and local_day(at, zone) > local_day(now, zone):
        part.refuse(
            "received_at",
            f"The time of receipt, {when_words(at, zone)}, lies in the future. Check it, or"
            " leave it out.",
        )
    usable = at is not None and not findings.problems
    return Received(
        at if at is not None and usable else now, tuple(findings.problems), tuple(findings.notes)
    )


def read_as_sent(document: object, circumstances: Circumstances) -> Reading:
    """Judges a document that says itself when it was received, as agencies' systems send them;
    one that does not is received as in `circumstances`, which are those of now."""
    received = read_received_at(document, now=circumstances.received_at, zone=circumstances.zone)
    reading = read(document, replace(circumstances, received_at=received.at))
    return Reading(
        None if received.problems else reading.submission,
        received.problems + reading.problems,
        received.notes + reading.notes,
    )


def judge_step(step: Section, document: object, circumstances: Circumstances) -> Judgement:
    """Judges one step of the form; the others may be missing altogether."""
    findings = Findings()
    part = Part.of(document, "", findings, "a referral")
    if part is not None:
        circumstances = _with_channel(circumstances, document)
        for reader in _READERS[step]:
            reader(part, circumstances)
    return Judgement(tuple(findings.problems), tuple(findings.notes))


def section(path: str) -> Section:
    """The step of the form in which a problem is mended."""
    first = path.partition(".")[0].partition("[")[0]
    if first == "reasons":
        return Section.HISTORY
    return code_of(first, Section) or Section.BEFORE_YOU_REFER


def _with_channel(circumstances: Circumstances, document: object) -> Circumstances:
    channel = document.get("channel") if isinstance(document, dict) else None
    return replace(circumstances, channel=code_of(channel, Channel))
