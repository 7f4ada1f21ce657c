"""The children of the case (REF-04b)."""

from datetime import date, datetime

from parents_partners.cases.types import Setting
from parents_partners.core.local_time import local_day
from parents_partners.core.words import date_words, when_words
from parents_partners.referrals.submission.part import Part
from parents_partners.referrals.submission.types import Child, Circumstances

MOST_CHILDREN = 30
OLDEST_CHILD = 21
"""In years, on the day of receipt: foster care ends at 21 at the latest."""


def read_children(document: Part, circumstances: Circumstances) -> tuple[Child, ...]:
    items = document.items(
        "children",
        "children",
        most=MOST_CHILDREN,
        missing=(
            "Enter at least one child by name. If there is none yet, for example before a birth,"
            " call the programme instead."
        ),
    )
    children = []
    for path, value in items or []:
        part = document.part_of_list(path, value, "a child")
        child = _child(part, circumstances) if part else None
        if child is not None:
            children.append(child)
    return tuple(children)


def age_on(day: date, *, born_on: date) -> int:
    """In completed years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _child(part: Part, circumstances: Circumstances) -> Child | None:
    zone = circumstances.zone
    first_name = part.text("first_name", "the child's first name", required=True)
    last_name = part.text("last_name", "the child's last name", required=True)
    born_on = part.day("date_of_birth", "the date of birth")
    setting = part.choice("setting", "where the child lives", Setting)
    removed_at = part.moment("removed_at", "the time of the removal", zone)
    placed_at = part.moment("placed_at", "the time of the placement", zone)
    agency = part.text("placement_agency", "the agency of the placement")
    part.refuse_the_rest()
    if born_on is not None:
        _check_birth(part, born_on, removed_at or placed_at, circumstances)
    if removed_at is not None:
        _check_removal(part, removed_at, placed_at, circumstances)
    if first_name is None or last_name is None:
        return None
    return Child(
        first_name,
        last_name,
        born_on,
        setting or Setting.UNKNOWN,
        removed_at,
        placed_at,
        agency,
    )


def _check_birth(
    part: Part, born_on: date, in_care_since: datetime | None, circumstances: Circumstances
) -> None:
    age = age_on(circumstances.received_on, born_on=born_on)
    if born_on > circumstances.received_on:
        problem = (
            f"The date of birth, {date_words(born_on)}, lies in the future: it is later"
            f" than {date_words(circumstances.received_on)}, the day on which the referral was"
            " received. Check the date."
        )
    elif age > OLDEST_CHILD:
        problem = (
            f"Born on {date_words(born_on)}, this child would be {age} years old. A referral is"
            f" about children up to {OLDEST_CHILD}: check the year of birth, or leave out who is no"
            " child of this case."
        )
    elif in_care_since is not None and local_day(in_care_since, circumstances.zone) < born_on:
        problem = (
            f"The date of birth, {date_words(born_on)}, is later than the removal or placement on"
            f" {date_words(local_day(in_care_since, circumstances.zone))}. Check both dates."
        )
    else:
        return
    part.refuse("date_of_birth", problem)


def _check_removal(
    part: Part, removed_at: datetime, placed_at: datetime | None, circumstances: Circumstances
) -> None:
    zone = circumstances.zone
    if local_day(removed_at, zone) > circumstances.received_on:
        part.refuse(
            "removed_at",
            f"The removal on {when_words(removed_at, zone)} is later than"
            f" {date_words(circumstances.received_on)}, the day on which the referral was"
            " received. Check the date.",
        )
    elif placed_at is not None and placed_at < removed_at:
        part.refuse(
            "placed_at",
            f"The child was placed on {when_words(placed_at, zone)}, before being removed on"
            f" {when_words(removed_at, zone)}. Check both times, am and pm above all.",
        )
