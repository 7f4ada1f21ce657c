"""A file of referrals, trusted in nothing (F-01)."""

from io import BytesIO

import pytest

from parents_partners.referrals import lines
from parents_partners.referrals.lines import Line, Unreadable, document_in, lines_of


def only(content: bytes) -> Line:
    (line,) = lines_of(BytesIO(content))
    return line


def problem_in(content: bytes) -> tuple[str, str]:
    with pytest.raises(Unreadable) as raised:
        document_in(only(content))
    return raised.value.problem.path, raised.value.problem.message


def test_each_line_has_its_number_blank_ones_too() -> None:
    found = [(line.number, line.content) for line in lines_of(BytesIO(b"{}\n\n[]"))]
    assert found == [(1, b"{}\n"), (2, b"\n"), (3, b"[]")]


def test_a_byte_order_mark_in_front_is_passed_over() -> None:
    assert document_in(only(b'\xef\xbb\xbf{"channel": "self"}\r\n')) == {"channel": "self"}


def test_the_sizes_of_the_lines_add_up_to_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    content = b"\xef\xbb\xbf{}\n" + b"x" * 55 + b"\n[]"
    assert sum(line.size for line in lines_of(BytesIO(content))) == len(content)


def test_a_line_that_is_too_long_is_refused_and_the_next_one_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    long, short = lines_of(BytesIO(b'{"a": "' + b"x" * 55 + b'"}\n[]\n'))
    with pytest.raises(Unreadable, match="longer than"):
        document_in(long)
    assert document_in(short) == []


def test_what_is_not_utf_8_is_refused_in_words() -> None:
    assert "UTF-8" in problem_in('{"name": "Peña"}'.encode("latin-1"))[1]


@pytest.mark.parametrize("content", [b"{", b"{'a': 1}", b"nonsense", b"{}{}", b'{"a": "\x00"}'])
def test_what_is_not_json_is_refused_in_words(content: bytes) -> None:
    assert problem_in(content)[1].startswith("This line is not JSON")


@pytest.mark.parametrize("content", [b"NaN", b'{"a": Infinity}', b"9" * 5000])
def test_a_number_that_is_none_is_refused_in_words(content: bytes) -> None:
    assert "number" in problem_in(content)[1]


def test_what_is_nested_without_end_is_refused_in_words() -> None:
    assert "nested" in problem_in(b"[" * 100_000)[1]


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (b'{"a": 1, "a": 2}', "a"),
        (b'{"case": {"name": "x", "number": 1, "name": "y"}}', "case.name"),
        (b'{"parents": [{}, {"agreement": {"how": 1, "how": 1}}]}', "parents[1].agreement.how"),
        (b'{"case": {"Luz Marte, 3475550161": 1, "Luz Marte, 3475550161": 2}}', "case"),
        (b'{"Luz Marte, 3475550161": [{"how": 1, "how": 2}]}', ""),
        (b'{"case": {"Luz Marte, 3475550161": {"how": 1, "how": 2}}}', "case"),
    ],
)
def test_a_property_that_stands_twice_is_refused_where_it_stands(content: bytes, path: str) -> None:
    assert problem_in(content)[0] == path


def test_a_refusal_repeats_nothing_of_the_line() -> None:
    assert "Luz" not in str(problem_in(b'{"case": {"name": Luz}}'))
