"""A file of referrals, one JSON document a line, read line by line and trusted in nothing."""

import json
from collections.abc import Iterator, Sequence
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
        path = _path_to(twice[0].properties, document) + twice[0].name_for_path
        raise Unreadable(
            "This property stands twice, and only one of them could be kept. Remove one.",
            path.removeprefix("."),
        )
    return document


@dataclass(frozen=True)
class _Twice:
    properties: dict[str, object]
    name: str

    @property
    def name_for_path(self) -> str:
        """What somebody put in place of a property's name is not repeated."""
        return f".{self.name}" if self.name.isidentifier() and len(self.name) <= 60 else ""


def _path_to(wanted: object, document: object) -> str:
    """Where in the document this very object stands: `.parents[0].agreement`."""
    places: list[tuple[str, object]] = [("", document)]
    while places:
        path, value = places.pop()
        if value is wanted:
            return path
        children: Sequence[tuple[str, object]] = ()
        if isinstance(value, dict):
            children = [(f"{path}.{name}", item) for name, item in value.items()]
        elif isinstance(value, list):
            children = [(f"{path}[{place}]", item) for place, item in enumerate(value)]
        places += [(path, item) for path, item in children if isinstance(item, dict | list)]
    return ""


def _refuse_constant(name: str) -> object:
    raise ValueError(name)
