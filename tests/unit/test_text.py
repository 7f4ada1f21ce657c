import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parents_partners.core.text import (
    case_number_key,
    clean,
    email_problem,
    fold,
    link_problem,
    phone_e164,
    problem_with_text,
)

any_text = st.text(st.characters())


@given(any_text)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(any_text)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(any_text)
def test_every_text_is_judged_without_an_error(text: str) -> None:
    problem_with_text(text, multiline=False, max_length=200)
    case_number_key(text)
    phone_e164(text)
    email_problem(text)
    link_problem(text)


def test_text_is_trimmed_composed_and_given_one_kind_of_line_end() -> None:
    assert clean("  Jose\u0301\r\nLuz\rAna\u2028Eva \n") == "José\nLuz\nAna\nEva"


@pytest.mark.parametrize("text", ["", "     ", "\u200b", "\u3164", "\n\t ", "\u200d\u200e\ufeff"])
def test_a_text_of_which_nothing_would_be_seen_is_empty(text: str) -> None:
    assert clean(text) == ""


@pytest.mark.parametrize(
    "name",
    [
        "O",
        "فاطمة",
        "陳美玲",
        "শিরিন",
        "Sunny 🌞👨🏾\u200d👧",
        "می\u200cخواهم",
        "<b>Della</b>",
        "=1+1",
        "x" * 200,
        "O'Neal-D’Angelo",
    ],
)
def test_names_of_any_script_and_look_are_kept_as_typed(name: str) -> None:
    assert problem_with_text(name, multiline=False, max_length=200) is None
    assert clean(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mari\0sol", "control character"),
        ("a\x1b[31m", "control character"),
        ("a\tb", "control character"),
        ("Karina \u202egpj", "direction"),
        ("Karina \u2066x\u2069", "direction"),
        ("half \ud83d", "half a character"),
        ("Ann\nBcc: x", "line break"),
        ("Ann\x0bLee", "line break"),
        ("x" * 201, "201 characters long; 200 characters are allowed"),
    ],
)
def test_what_no_name_needs_is_refused_in_words(text: str, words: str) -> None:
    problem = problem_with_text(text, multiline=False, max_length=200, what="The name")
    assert problem is not None
    assert problem.startswith("The name ")
    assert words in problem


def test_line_breaks_and_tabs_pass_where_several_lines_are_asked_for() -> None:
    assert problem_with_text("one\r\n\ttwo", multiline=True, max_length=200) is None


def test_the_length_counts_after_composing_and_trimming() -> None:
    assert problem_with_text(" " + "e\u0301" * 200 + " ", multiline=False, max_length=200) is None


@pytest.mark.parametrize("sign", ["x", "\u0301\u0316", " ", "\0", "\r", "\u200b"])
def test_ten_megabytes_are_judged_without_sorting_their_accents(sign: str) -> None:
    """Which takes hours: the time for composing grows with the square of a run of accents."""
    text = "a" + sign * (10_000_000 // len(sign))
    problem = problem_with_text(text, multiline=True, max_length=10_000)
    assert (problem is None) == (sign in (" ", "\r", "\u200b"))


def test_a_search_key_forgets_case_accents_and_punctuation() -> None:
    assert fold("MARTÉ, Luz") == fold("Marte  luz") == "marte luz"
    assert fold("O’Neal-D'Angelo") == fold("ONEAL DANGELO") == "oneal dangelo"
    assert fold("Łukasz Straße Ødegård") == "lukasz strasse odegard"


def test_a_search_key_keeps_the_letters_of_every_script() -> None:
    assert fold("陳美玲") == "陳美玲"
    assert fold("كَتَبَ") == fold("كتب")
    assert fold("কি") != fold("কা")
    assert fold("ガ") != fold("カ")
    assert all(fold(sign) for sign in "Жאあ한ก🤍—'")


def test_a_case_number_has_one_key_however_it_is_written() -> None:
    assert (
        case_number_key("S-012345-6")
        == case_number_key("s 0123456")
        == case_number_key("0123456 S")
        == "S0123456"
    )
    assert case_number_key("S-012345-7") != "S0123456"
    assert case_number_key("—") == ""
    assert len(case_number_key("\ufdfa" * 40)) <= 40


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("(718) 555-0123 x204", "+17185550123"),
        ("718.555.0142", "+17185550142"),
        ("9295550147", "+19295550147"),
        ("+1 929 555 0152", "+19295550152"),
        ("ask for intake", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_phone_number_is_read_where_it_can_be(typed: str, read: str | None) -> None:
    assert phone_e164(typed) == read


@pytest.mark.parametrize(
    "address", ["a@b.example.org", "D@MAIL.EXAMPLE.NET", "a@agency.test", "josé@ñandú.org"]
)
def test_an_e_mail_address_needs_no_other_host_to_be_good(address: str) -> None:
    assert email_problem(address) is None


@pytest.mark.parametrize(
    "address", ["kevin", "a@b", "A <a@b.org>", "a@b.org\r\nBcc: c@d.org", "a@b.org,c@d.org", ""]
)
def test_what_is_no_e_mail_address_is_refused(address: str) -> None:
    problem = email_problem(address)
    assert problem is not None
    assert "e-mail address" in problem


def test_only_links_that_open_a_page_are_taken() -> None:
    assert link_problem("https://meet.example.org/ftc?case=1&lang=en") is None
    assert link_problem("http://example.org") is None
    for link in [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://[",
        "example.org",
        "https://a b",
        "http:\\\\example.org",
    ]:
        assert link_problem(link) is not None, link


def test_more_accents_than_any_writing_needs_are_refused_before_they_are_sorted() -> None:
    piled = "e" + "\u0301\u0316" * 19_000
    problem = problem_with_text(piled, multiline=True, max_length=10_000)
    assert problem is not None
    assert "too many accents" in problem
    assert problem_with_text("Tiế̠ng" + "e\u0301" * 40, multiline=True, max_length=500) is None
