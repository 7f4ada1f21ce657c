"""Who refers, and that the programme was discussed with the parent first (REF-01, REF-02)."""

from dataclasses import dataclass

from parents_partners.core.words import date_words
from parents_partners.referrals.submission.part import Part
from parents_partners.referrals.submission.people import read_person
from parents_partners.referrals.submission.types import (
    Circumstances,
    PersonContact,
    ProgrammeDiscussed,
)
from parents_partners.referrals.types import Channel


@dataclass(frozen=True)
class Opening:
    external_id: str | None
    channel: Channel | None
    referrer: PersonContact | None
    programme_discussed: ProgrammeDiscussed | None


def read_opening(document: Part, circumstances: Circumstances) -> Opening:
    return Opening(
        external_id=document.text("external_id", "the sender's own id", max_length=64),
        channel=document.choice("channel", "how the referral comes in", Channel, required=True),
        referrer=_referrer(document, circumstances),
        programme_discussed=_programme_discussed(document, circumstances),
    )


def _referrer(document: Part, circumstances: Circumstances) -> PersonContact | None:
    """REF-02: somebody stands behind every referral but the parent's own."""
    if circumstances.channel is Channel.SELF:
        if document.given("referrer") is not None:
            document.refuse(
                "referrer",
                "A parent's own request has no referrer. Leave the referrer out, or send it through"
                " another channel.",
            )
        return None
    missing = "A referrer is missing. Say who refers the parent, so that they can be asked back."
    part = document.part(
        "referrer", "the referrer", missing=missing if circumstances.sent_by_staff else ""
    )
    return read_person(part, "the referrer") if part else None


def _programme_discussed(document: Part, circumstances: Circumstances) -> ProgrammeDiscussed | None:
    missing = (
        "Discuss the programme with the parent first, then say when that was, who did it and"
        " whether the brochure was given."
    )
    part = document.part(
        "programme_discussed",
        "the talk about the programme",
        missing=missing if circumstances.sent_by_staff else "",
    )
    if part is None:
        return None
    on = part.day("on", "the day on which the programme was discussed", required=True)
    if on is not None and on > circumstances.received_on:
        part.refuse(
            "on",
            "The programme is discussed before the referral is made, but"
            f" {date_words(on)} is later than {date_words(circumstances.received_on)}, the day"
            " on which the referral was received. Check the date.",
        )
    by = part.text("by", "who discussed the programme with the parent", required=True)
    given = part.yes_or_no("brochure_given", "whether the brochure was given", required=True)
    language = part.language("brochure_language", "the language of the brochure")
    part.refuse_the_rest()
    if on is None or by is None or given is None:
        return None
    return ProgrammeDiscussed(on, by, given, language)
