"""Upcoming conferences (REF-04d). None is an answer, silence is not."""

import re
from collections.abc import Mapping

from parents_partners.core.local_time import local_day
from parents_partners.core.words import date_words
from parents_partners.referrals.submission.part import Part
from parents_partners.referrals.submission.types import Circumstances, ConferenceMention

MOST_CONFERENCES = 30
_REPEATABLE = re.compile(r"[A-Z0-9][A-Z0-9_/-]{0,11}")
"""What a code looks like. Anything else may be a name, and is not said back."""


def read_conferences(document: Part, circumstances: Circumstances) -> tuple[ConferenceMention, ...]:
    items = document.items(
        "conferences",
        "conferences",
        most=MOST_CONFERENCES,
        missing="Say which conferences are coming up, or that there is none.",
        empty="",
    )
    conferences = []
    for path, value in items or []:
        part = document.part_of_list(path, value, "a conference")
        conference = _conference(part, circumstances) if part else None
        if conference is not None:
            conferences.append(conference)
    return tuple(conferences)


def _conference(part: Part, circumstances: Circumstances) -> ConferenceMention | None:
    kind = _kind(part, circumstances.conference_kinds)
    starts_at = part.moment(
        "starts_at", "the date and time of the conference", circumstances.zone, required=True
    )
    if starts_at is not None:
        on = local_day(starts_at, circumstances.zone)
        # Earlier on the day of receipt is taken: the conference may be under way.
        if on < circumstances.received_on:
            part.refuse(
                "starts_at",
                f"This conference lies in the past: {date_words(on)} was before"
                f" {date_words(circumstances.received_on)}, the day on which the referral was"
                " received. Enter upcoming conferences only, or check the date.",
            )
    place = part.text("place", "the place of the conference")
    link = part.link("link", "the link of the conference")
    part.refuse_the_rest()
    if kind is None or starts_at is None:
        return None
    return ConferenceMention(kind, starts_at, place, link)


def _kind(part: Part, kinds: Mapping[str, str]) -> str | None:
    value = part.given("kind")
    if isinstance(value, str) and value in kinds:
        return value
    if value is None:
        part.refuse("kind", "Choose the kind of conference.")
    else:
        choices = ", ".join(
            code if code == label else f"{code} ({label})" for code, label in kinds.items()
        )
        named = f'"{value}"' if isinstance(value, str) and _REPEATABLE.fullmatch(value) else "This"
        part.refuse(
            "kind",
            f"{named} is no kind of conference on the programme's list. Use one of: {choices}.",
        )
    return None
