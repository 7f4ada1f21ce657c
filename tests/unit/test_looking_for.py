"""What somebody types into one line is told apart: names, numbers, phones, references."""

import pytest

from parents_partners.core.search import _pieces, closeness, is_compared, sound_of
from parents_partners.referrals.looking_for import (
    LONGEST_SEARCH,
    MOST_WORDS,
    is_enough,
    looked_for,
    words_of,
)


@pytest.mark.parametrize(
    ("typed", "words", "number"),
    [
        ("Temi Oyelaran", ("temi", "oyelaran"), ""),
        ("Oyelaran, Temi", ("oyelaran", "temi"), ""),
        ("s 0123456", (), "s 0123456"),
        ("0123456 S", (), "0123456 S"),
        ("PP 2026 000123", (), "PP 2026 000123"),
        ("marte 555 0161", ("marte",), "555 0161"),
        ("Li Bo", ("li", "bo"), ""),
        ("", (), ""),
    ],
)
def test_names_and_numbers_are_told_apart(typed: str, words: tuple[str, ...], number: str) -> None:
    meant = looked_for(typed)
    assert (meant.words, meant.number) == (words, number)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("(347) 555-0161", "5550161"),
        ("+1 347 555 0161", "5550161"),
        ("5550161", "5550161"),
        ("1-347-555-0161 ext. 5", "5550161"),
        ("347 555 0161 x23", "5550161"),
        ("x5550161", "5550161"),
        ("555 016", ""),
        ("555 01 x61", ""),
    ],
)
def test_a_phone_is_its_last_seven_digits(typed: str, phone: str) -> None:
    assert looked_for(typed).phone == phone


@pytest.mark.parametrize(
    ("typed", "references"),
    [
        ("PP-2026-000123", ["PP-2026-000123"]),
        ("pp 2026 123", ["PP-2026-000123"]),
        ("pp2026000123", ["PP-2026-000123"]),
        ("123", ["PP-2026-000123", "PP-2025-000123"]),
        ("2026", ["PP-2026-002026", "PP-2025-002026"]),
        ("S-0123456", []),
        ("0", []),
    ],
)
def test_a_reference_is_known_with_and_without_its_year(typed: str, references: list[str]) -> None:
    assert looked_for(typed).references([2025, 2026]) == references


def test_however_much_is_typed_a_search_stays_small() -> None:
    assert len(words_of("a b c d e f g h i j k")) == MOST_WORDS
    assert sum(map(len, looked_for("marte " * 3000).words)) <= LONGEST_SEARCH
    assert len(looked_for("9" * 10_000).number) == LONGEST_SEARCH


def test_signs_that_no_database_keeps_are_no_words() -> None:
    assert words_of("\0 \ud800") == ()
    assert not is_enough(looked_for("\0"))
    assert not is_enough(looked_for("  "))
    assert is_enough(looked_for("👩"))


@pytest.mark.parametrize(
    ("word", "query"),
    [
        ("mar", '"mar"'),
        ("marte", '"art" AND "mar" AND "rte"'),
        ('a"*', '"a""*"'),
        ("near", '"ear" AND "nea"'),
    ],
)
def test_no_sign_means_anything_to_the_index(word: str, query: str) -> None:
    assert _pieces([word]) == query


@pytest.mark.parametrize(
    ("one", "other"),
    [("oyelaran", "oyelarin"), ("gonzalez", "gonzales"), ("mohamed", "muhammad"), ("luz", "lus")],
)
def test_names_that_sound_alike_have_one_sound(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other)
    assert sound_of(one).isupper()


@pytest.mark.parametrize("word", ["li", "王", "الحسن", "o"])
def test_a_word_that_is_short_or_not_in_latin_letters_is_its_own_sound(word: str) -> None:
    assert sound_of(word) == word


def test_closeness_tells_the_misspelt_from_the_different() -> None:
    there = {"temitope", "oyelaran", "yandel"}
    assert closeness(["oyelaran", "temitope"], there) == 100
    assert 75 < closeness(["temi", "oyelarin"], there) < 100
    assert closeness(["temi", "washington"], there) == 0
    assert closeness(["maria"], {"martin"}) < 75
    assert closeness([], there) == 0


@pytest.mark.parametrize(
    ("name", "kind", "compared"),
    [
        ("referral_key_search", "table", False),
        ("referral_key_search_data", "table", False),
        ("referral_key_search", "index", False),
        ("referral_key", "table", True),
        ("ix_referral_key_kind_value", "index", True),
        ("value_search", "column", True),
    ],
)
def test_only_what_the_search_made_is_left_out_when_schemas_are_compared(
    name: str, kind: str, compared: bool
) -> None:
    assert is_compared(name, kind) is compared
