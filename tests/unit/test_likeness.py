"""How alike two families are: names as people write, hear and shorten them; birthdays, phones, case
numbers; and who of the one stands beside whom of the other."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from parents_partners.referrals.likeness import (
    SHOWN,
    Agreement,
    Pair,
    Sketch,
    Somebody,
    likeness,
    sketch_of,
)
from parents_partners.referrals.likeness.names import How, compare
from parents_partners.referrals.likeness.people import compared
from parents_partners.referrals.types import KeyOf
from tests.documents import referral_document

MOTHER = Somebody(
    KeyOf.PARENT,
    "0",
    "Temitope",
    "Oyelaran",
    phones={"+19175550136": "(917) 555-0136"},
    relationship="Mother",
)
CHILD = Somebody(KeyOf.CHILD, "0", "Ayomide", "Oyelaran", born=date(2014, 2, 9))


def family(*people: Somebody, number: str | None = None) -> Sketch:
    return Sketch({number.replace("-", ""): number} if number else {}, people)


def point(pair: Pair, what: str) -> tuple[Agreement, str]:
    found = next(one for one in pair.points if one.what == what)
    return found.agreement, found.words


# Names


@pytest.mark.parametrize(
    ("left", "right", "how"),
    [
        ("Luz", "Luz", How.SAME),
        ("Thélisma", "Thelisma", How.WRITTEN),
        ("Rose-Laure", "Rose Laure", How.WRITTEN),
        ("Rose-Laure", "Roselaure", How.WRITTEN),
        ("Temi", "Temitope", How.SHORT),
        ("Becky", "Rebecca", How.SHORT),
        ("Pepe", "José", How.SHORT),
        ("Rose", "Rose-Laure", How.PART),
        ("Rose L.", "Rose-Laure", How.INITIAL),
        ("Luz Elena", "Luz María", How.DIFFERENT),
        ("T.", "Temitope", How.INITIAL),
        ("Kiara", "Kiera", How.SOUND),
        ("Yandel", "Yander", How.SPELLING),
        ("Ana", "Eva", How.DIFFERENT),
        ("Jayden", "Ayden", How.SPELLING),
        ("محمد", "محمد", How.SAME),
        ("王芳", "李娜", How.DIFFERENT),
    ],
)
def test_a_first_name_as_it_is_written_heard_and_shortened(left: str, right: str, how: How) -> None:
    assert compare(left, right, given=True) is how
    assert compare(right, left, given=True) is how


@pytest.mark.parametrize(
    ("left", "right", "how"),
    [
        ("Gutiérrez Báez", "Báez Gutiérrez", How.WRITTEN),
        ("Marte", "Marte Peña", How.PART),
        ("Oyelaran", "Oyelarin", How.SOUND),
        ("Gutierres", "Gutiérrez Báez", How.SOUND),
        ("Rodriguez", "Rodrigues", How.SOUND),
        ("Rivera", "Romero", How.DIFFERENT),
        ("Rob", "Robertson", How.DIFFERENT),
    ],
)
def test_a_last_name_in_either_order_and_misheard(left: str, right: str, how: How) -> None:
    assert compare(left, right, given=False) is how
    assert compare(right, left, given=False) is how


def test_the_familys_name_first_is_the_same_name() -> None:
    turned = replace(MOTHER, first_name="Oyelaran", last_name="Temitope")
    pair = compared(MOTHER, turned)
    assert pair.likely
    assert point(pair, "First name") == (Agreement.SAME, "Same, written differently")


# People


@pytest.mark.parametrize(
    ("born", "agreement", "words"),
    [
        (date(2014, 2, 9), Agreement.SAME, "Same birthday"),
        (date(2014, 9, 2), Agreement.ALIKE, "Day and month changed places"),
        (date(2014, 2, 8), Agreement.ALIKE, "One digit differs"),
        (date(2018, 9, 30), Agreement.DIFFERS, "Another birthday"),
        (None, Agreement.NOT_SAID, "Not said"),
    ],
)
def test_a_birthday_said_twice(born: date | None, agreement: Agreement, words: str) -> None:
    pair = compared(CHILD, replace(CHILD, born=born))
    assert point(pair, "Date of birth") == (agreement, words)


def test_another_birthday_tells_two_of_one_name_apart() -> None:
    assert not compared(CHILD, replace(CHILD, born=date(2018, 9, 30))).likely
    assert compared(CHILD, replace(CHILD, born=None)).likely


def test_twins_are_never_likely_the_same() -> None:
    assert not compared(CHILD, replace(CHILD, first_name="Tobiloba")).likely


def test_a_phone_and_half_a_name_are_enough_and_a_mother_is_no_father() -> None:
    temi = replace(MOTHER, first_name="Temi", last_name="Oyelarin")
    assert compared(MOTHER, temi).likely
    father = replace(MOTHER, relationship="Father", phones={})
    assert not compared(MOTHER, father).likely


def test_what_one_side_did_not_say_neither_agrees_nor_differs() -> None:
    pair = compared(MOTHER, replace(MOTHER, phones={}, relationship=None))
    assert point(pair, "Phone") == (Agreement.NOT_SAID, "Not said")
    assert point(pair, "Relationship") == (Agreement.NOT_SAID, "Not said")
    assert pair.likely


# Families


def test_each_stands_beside_the_one_who_is_nearest_and_who_is_left_stands_alone() -> None:
    tobi = Somebody(KeyOf.CHILD, "1", "Tobi", "Oyelarin")
    tobiloba = Somebody(KeyOf.CHILD, "x", "Tobiloba", "Oyelaran", born=date(2018, 9, 30))
    ayo = replace(CHILD, key="y")
    baby = Somebody(KeyOf.CHILD, "z", "Ife", "Oyelaran", born=date(2025, 1, 1))
    pairs = likeness(family(CHILD, tobi), family(baby, tobiloba, ayo)).pairs
    assert [(one.left and one.left.key, one.right and one.right.key) for one in pairs] == [
        ("0", "y"),
        ("1", "x"),
        (None, "z"),
    ]


def test_two_of_one_name_are_not_both_taken_for_the_same() -> None:
    son = replace(MOTHER, key="1", relationship=None)
    pairs = likeness(family(MOTHER, son), family(replace(MOTHER, key="p"))).pairs
    assert [one.right.key if one.right else None for one in pairs] == ["p", None]


def test_the_only_mother_of_either_side_stands_beside_the_other_whatever_their_names() -> None:
    other = replace(MOTHER, key="p", first_name="Grace", last_name="Mensah", phones={})
    (pair,) = likeness(family(MOTHER), family(other)).pairs
    assert pair.left
    assert pair.right
    assert not pair.likely


def test_what_was_said_comes_before_what_looks_alike() -> None:
    grace = Somebody(KeyOf.PARENT, "p", "Grace", "Mensah")
    temi = replace(MOTHER, key="q")
    left, right = family(MOTHER), family(grace, temi)
    together = likeness(left, right, together=[(KeyOf.PARENT, "0", "p")]).pairs
    assert (together[0].left, together[0].right) == (MOTHER, grace)
    apart = likeness(left, right, apart=[(KeyOf.PARENT, "0", "q")]).pairs
    assert all(not (one.left and one.right) for one in apart)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("S-044190-8", "Same case number"),
        ("S-0441908", "Same case number, written differently"),
        ("S-044190-9", "Case number differs by one sign"),
        ("S-944199-8", None),
        (None, None),
    ],
)
def test_a_case_number_said_twice(number: str | None, words: str | None) -> None:
    found = likeness(family(number="S-044190-8"), family(number=number)).matches
    assert [match.words for match in found] == ([words] if words else [])


def test_a_rare_name_says_much_and_a_common_one_little() -> None:
    left = family(replace(MOTHER, phones={}), number="S-044190-8")
    right = family(replace(MOTHER, phones={}), number="S-555555-5")
    name = "oyelaran temitope"
    assert likeness(left, right, {name: 2}).weight >= SHOWN
    assert likeness(left, right, {name: 21}).weight < SHOWN


def test_it_is_the_same_from_either_side() -> None:
    left = family(MOTHER, CHILD, number="S-044190-8")
    right = family(replace(MOTHER, first_name="Temi"), replace(CHILD, born=None))
    there, back = likeness(left, right), likeness(right, left)
    assert there.weight == back.weight
    assert [one.words for one in there.matches] == [one.words for one in back.matches]


def test_why_is_said_in_words_with_both_names() -> None:
    temi = replace(MOTHER, first_name="Temi", last_name="Oyelarin")
    matches = likeness(family(MOTHER, CHILD), family(temi, replace(CHILD, key="1"))).matches
    assert [(one.words, one.shown) for one in matches] == [
        ("The parent's name sounds alike", "Temitope Oyelaran / Temi Oyelarin"),
        ("Same phone number", "(917) 555-0136"),
        ("Same name as the child, same birthday", "Ayomide Oyelaran"),
    ]


def test_nothing_of_a_parent_who_did_not_agree_is_compared() -> None:
    """REF-03, even where a document holds more than it may, and though the case bears a name."""
    document: dict[str, Any] = referral_document()
    document["parents"][0]["agreement"]["answer"] = "declined"
    sketch = sketch_of(document)
    assert sketch.of(KeyOf.PARENT) == ()
    assert likeness(sketch, family(number=None)).matches == ()
    twin = sketch_of({**document, "case": {**document["case"], "number": None}, "children": []})
    assert likeness(sketch, twin).matches == ()
