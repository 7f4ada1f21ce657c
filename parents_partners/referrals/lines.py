"""A file of referrals, one JSON document a line, read line by line and trusted in nothing."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from parents_partners.referrals.submission import Problem

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes. As much as a form may send; a longer line is passed over unread."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Line:
    """`number` counts from 1, blank lines too. `content` is None where the line is too long;
    `size` is in bytes, its end included."""

    number: int
    content: bytes | None
    size: int


class Unreadable(Exception):
    """The line is no document. `problem` says why, without what stood in it."""

    def __init__(self, message: str, path: str = "") -> None:
        self.problem = Problem(path, message)
        super().__init__(message)


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """Every line of the file, one in memory at a time."""
    number = 0
    while content := file.readline(LONGEST_LINE + 1):
        number += 1
        size = len(content)
        if size > LONGEST_LINE:
            while not content.endswith(b"\n") and (content := file.readline(LONGEST_LINE)):
                size += len(content)
            yield Line(number, None, size)
            continue
        if number == 1:
            content = content.removeprefix(_BYTE_ORDER_MARK)
        yield Line(number, content, size)


def document_in(line: Line) -> object:
    """The JSON value of a line. Raises Unreadable, also for what JSON readers pass over in
    silence: a property that stands twice, and numbers that are none."""
    if line.content is None:
        raise Unreadable(
            f"This line is longer than {LONGEST_LINE // 1024 // 1024} megabytes. Shorten it."
        )
    try:
        text = line.content.decode()
    except UnicodeDecodeError:
        raise Unreadable("This line is not UTF-8. Save the file as UTF-8.") from None
    twice: list[_Twice] = []

    def with_each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        properties = dict(pairs)
        if len(properties) < len(pairs):
            names = [name for name, _ in pairs]
            again = next(name for name in properties if names.count(name) > 1)
            twice.append(_Twice(properties, again))
        return properties

    try:
        document = json.loads(
            text, object_pairs_hook=with_each_once, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"This line is not JSON: {error.msg.lower()} at character {error.pos + 1}."
        ) from None
    except RecursionError:
        raise Unreadable("This line is nested too deeply to be a referral.") from None
    except ValueError:
        raise Unreadable("This line holds a number that cannot be read.") from None
    if twice:
        raise Unreadable(
            "This property stands twice, and only one of them could be kept. Remove one.",
            _written((*_place_of(twice[0].properties, document), twice[0].name)),
        )
    return document


@dataclass(frozen=True)
class _Twice:
    properties: dict[str, object]
    name: str


def _place_of(wanted: object, document: object) -> tuple[str | int, ...]:
    """Where in the document this very object stands: `("parents", 0, "agreement")`."""
    places: list[tuple[tuple[str | int, ...], object]] = [((), document)]
    while places:
        place, value = places.pop()
        if value is wanted:
            return place
        children: Iterable[tuple[str | int, object]] = ()
        if isinstance(value, dict):
            children = value.items()
        elif isinstance(value, list):
            children = enumerate(value)
        places += [((*place, one), item) for one, item in children if isinstance(item, dict | list)]
    return ()


def _written(place: Iterable[str | int]) -> str:
    """`parents[0].agreement`. It ends before what somebody put in place of a property's name: that
    is not repeated."""
    path = ""
    for one in place:
        if isinstance(one, int):
            path += f"[{one}]"
        elif one.isidentifier() and len(one) <= 60:
            path += f".{one}"
        else:
            break
    return path.removeprefix(".")


def _refuse_constant(name: str) -> object:
    raise ValueError(name)
