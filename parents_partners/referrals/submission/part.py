"""One object of the document being read. Each method asks for one property, gives its value or
None, and leaves a problem in words where it is missing or wrong. Null and blank say nothing."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from parents_partners.core.local_time import Unreadable, read_date, read_when
from parents_partners.core.text import clean, email_problem, link_problem, problem_with_text
from parents_partners.referrals.submission.types import Problem

Code = TypeVar("Code", bound=StrEnum)

MOST_PROBLEMS = 100
_NAME_OF_PROPERTY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,59}")
_LANGUAGE = re.compile(r"(?:x|[A-Za-z]{2,8})(?:-[A-Za-z0-9]{1,8})*")


class Findings:
    """What is wrong and what was assumed, in the order of the form, 100 of each at most."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def refuse(self, path: str, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(path, message))

    def note(self, path: str, message: str) -> None:
        if len(self.notes) < MOST_PROBLEMS:
            self.notes.append(Problem(path, message))


class Part:
    def __init__(self, values: Mapping[str, object], path: str, findings: Findings) -> None:
        self._values = values
        self._path = path
        self._findings = findings
        self._asked: set[str] = set()

    @classmethod
    def of(cls, value: object, path: str, findings: Findings, what: str) -> "Part | None":
        if isinstance(value, dict):
            return cls(value, path, findings)
        findings.refuse(path, f"{_capital(what)} must be an object with named properties.")
        return None

    def path(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def refuse(self, name: str, message: str) -> None:
        self._findings.refuse(self.path(name), message)

    def refuse_the_rest(self) -> None:
        """Complains about every property that nobody asked for: what the programme must not hold
        is refused, not dropped. Names the property, never its value."""
        nameless = False
        for name in self._values:
            if name in self._asked:
                continue
            if _NAME_OF_PROPERTY.fullmatch(name):
                self.refuse(
                    name, f'"{name}" is unknown: a referral has no such property. Remove it.'
                )
            elif not nameless:
                nameless = True
                self._findings.refuse(self._path, "There is an unknown property here. Remove it.")

    def has(self, name: str) -> bool:
        """Whether the property is there at all, be it blank."""
        self._asked.add(name)
        return name in self._values

    def given(self, name: str) -> object | None:
        """The value as sent; None where nothing is said."""
        self._asked.add(name)
        value = self._values.get(name)
        return value if says(value) else None

    def text(
        self,
        name: str,
        what: str,
        *,
        required: bool = False,
        max_length: int = 200,
        multiline: bool = False,
    ) -> str | None:
        value = self.given(name)
        if value is not None and not isinstance(value, str):
            self.refuse(name, f"{_capital(what)} must be text.")
            return None
        if value is not None:
            problem = problem_with_text(
                value, multiline=multiline, max_length=max_length, what=_capital(what)
            )
            if problem is not None:
                self.refuse(name, problem)
                return None
        text = clean(value) if value is not None else ""
        if not text and required:
            self.refuse(name, f"Enter {what}.")
        return text or None

    def phone(self, name: str, what: str) -> str | None:
        """As typed: what cannot be read as a number may still be dialled by a person."""
        return self.text(name, what, max_length=40)

    def email(self, name: str, what: str) -> str | None:
        return self._checked(name, self.text(name, what, max_length=254), email_problem)

    def link(self, name: str, what: str) -> str | None:
        return self._checked(name, self.text(name, what, max_length=500), link_problem)

    def language(self, name: str, what: str) -> str | None:
        return self._checked(name, self.text(name, what, max_length=35), _language_problem)

    def choice(
        self, name: str, what: str, codes: type[Code], *, required: bool = False
    ) -> Code | None:
        value = self.given(name)
        if value is None:
            if required:
                self.refuse(name, f"Choose {what}.")
            return None
        code = code_of(value, codes)
        if code is None:
            self.refuse(name, _one_of(what, codes))
        return code

    def choices(
        self, name: str, what: str, things: str, codes: type[Code], *, missing: str
    ) -> tuple[Code, ...]:
        """Several codes, each once, in the order given. `missing` is said where there is none;
        "" if that is allowed."""
        values = self.items(name, things, most=len(codes), missing=missing)
        if values is None:
            return ()
        found: list[Code] = []
        for path, value in values:
            code = code_of(value, codes)
            if code is None:
                self._findings.refuse(path, _one_of(what, codes))
            elif code in found:
                self._findings.refuse(path, f"{code.value} is listed twice. Remove one of them.")
            else:
                found.append(code)
        return tuple(found)

    def yes_or_no(self, name: str, whether: str, *, required: bool = False) -> bool | None:
        value = self.given(name)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.refuse(name, f"Say {whether}: true or false (yes or no), not as text.")
        elif required:
            self.refuse(name, f"Say {whether}: yes or no.")
        return None

    def day(self, name: str, what: str, *, required: bool = False) -> date | None:
        value = self._written(name, what, required=required)
        try:
            return read_date(value) if value is not None else None
        except Unreadable as error:
            self.refuse(name, f"{_capital(what)} is not clear. {error}")
            return None

    def moment(
        self, name: str, what: str, zone: ZoneInfo, *, required: bool = False
    ) -> datetime | None:
        """An aware UTC instant; a local time that came twice is taken and noted."""
        value = self._written(name, what, required=required)
        if value is None:
            return None
        try:
            when = read_when(value, zone)
        except Unreadable as error:
            self.refuse(name, f"{_capital(what)} is not clear. {error}")
            return None
        if when.assumed is not None:
            self._findings.note(self.path(name), when.assumed)
        return when.at

    def part(self, name: str, what: str, *, missing: str = "") -> "Part | None":
        value = self.given(name)
        if value is None:
            if missing:
                self.refuse(name, missing)
            return None
        return Part.of(value, self.path(name), self._findings, what)

    def items(
        self, name: str, things: str, *, most: int, missing: str, empty: str | None = None
    ) -> list[tuple[str, object]] | None:
        """Path and value of each element; no more than `most` are looked at. None where nothing
        is said or what is said is no list. `empty` is said of an empty list."""
        value = self.given(name)
        if value is None:
            if missing:
                self.refuse(name, missing)
            return None
        if not isinstance(value, list):
            self.refuse(name, f"A list of {things} belongs here.")
            return None
        empty = missing if empty is None else empty
        if not value and empty:
            self.refuse(name, empty)
        if len(value) > most:
            self.refuse(
                name,
                f"{len(value):,} {things} are too many: {most} are taken at most."
                " Shorten the list.",
            )
        return [(f"{self.path(name)}[{index}]", item) for index, item in enumerate(value[:most])]

    def length(self, name: str) -> int:
        """How many elements were sent, looked at or not."""
        value = self.given(name)
        return len(value) if isinstance(value, list) else 0

    def part_of_list(self, path: str, value: object, what: str) -> "Part | None":
        return Part.of(value, path, self._findings, what)

    def _written(self, name: str, what: str, *, required: bool) -> str | None:
        value = self.given(name)
        if isinstance(value, str):
            return value
        if value is not None:
            self.refuse(name, f"{_capital(what)} must be text, like 2026-12-08.")
        elif required:
            self.refuse(name, f"Enter {what}.")
        return None

    def _checked(
        self, name: str, text: str | None, problem_of: Callable[[str], str | None]
    ) -> str | None:
        problem = problem_of(text) if text is not None else None
        if problem is None:
            return text
        self.refuse(name, problem)
        return None


def says(value: object) -> bool:
    """Whether a value says anything: null and blank do not."""
    return bool(value.strip()) if isinstance(value, str) else value is not None


def code_of(value: object, codes: type[Code]) -> Code | None:
    """The code, or None for whatever is not exactly one of them."""
    if not isinstance(value, str) or value not in {code.value for code in codes}:
        return None
    return codes(value)


def _language_problem(text: str) -> str | None:
    if _LANGUAGE.fullmatch(text):
        return None
    return "Write the language as a code, like en, es or zh-Hant."


def _one_of(what: str, codes: type[Code]) -> str:
    return f"{_capital(what)} must be one of: {', '.join(code.value for code in codes)}."


def _capital(what: str) -> str:
    return what[0].upper() + what[1:]
