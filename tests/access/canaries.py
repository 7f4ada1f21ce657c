"""A word of its own in every confidential text of two sides, and how to find it on a page.

A canary is called what it stands for: `own carried.phone` is the parent's number in the referral of
the family that one's own unit carries, `other call.note` what the other side's helpline wrote."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from html import unescape
from itertools import count
from string import ascii_lowercase
from typing import Any
from urllib.parse import unquote_plus

from parents_partners.accounts.types import Role
from parents_partners.core.text import case_number_key
from parents_partners.core.words import date_words
from tests.documents import referral_document

OWN, OTHER = "own", "other"
WORD = re.compile(r"zq[a-z]+qz")
TICKED = re.compile(r"<input\b[^>]*\bchecked\b[^>]*>")


@dataclass
class Canaries:
    """Every word by what it stands for, `own carried.phone`, and by how it may be written."""

    users: dict[Role, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    """As it may stand on a page, in small letters, and what it stands for."""
    typed: dict[str, str] = field(default_factory=dict)
    """What it stands for, and as somebody would type it."""

    def seen_in(self, text: str) -> set[str]:
        """What all can be read in this answer, or address, or line."""
        text = unescape(unquote_plus(text))
        boxes = TICKED.findall(text)
        text += "".join(f" ticked {_of(tag, 'name')}={_of(tag, 'value')}" for tag in boxes)
        text = text.lower()
        words = {self.written[word] for word in WORD.findall(text) if word in self.written}
        return words | {name for way, name in self._others if way in text}

    @property
    def _others(self) -> Iterable[tuple[str, str]]:
        return ((way, name) for way, name in self.written.items() if not WORD.fullmatch(way))

    def add(self, name: str, *ways: str) -> None:
        assert name not in self.typed, name
        self.typed[name] = ways[0]
        for way in ways:
            assert self.written.setdefault(way.lower(), name) == name, way


class Planting:
    """Makes the words of one side, and notes them."""

    numbers = count(10)

    def __init__(self, canaries: Canaries, side: str) -> None:
        self._canaries, self.side = canaries, side

    def word(self, name: str) -> str:
        """No two are alike: families with like names would be shown side by side."""
        digest = sha256(f"{self.side} {name}".encode()).digest()
        letters = "".join(ascii_lowercase[byte % 26] for byte in digest[:9])
        return self._add(name, f"Zq{letters}qz")

    def email(self, name: str) -> str:
        return f"{self.word(name).lower()}@example.org"

    def phone(self, name: str) -> str:
        area, last = divmod(next(self.numbers), 100)
        code = ("929", "646", "917", "332")[area]
        line = f"555-01{last:02}"
        plain = f"{code}{line.replace('-', '')}"
        return self._add(name, f"({code}) {line}", plain, f"{code}-{line}", f"{code}.{line}")

    def number(self, name: str) -> str:
        number = f"S-97{next(self.numbers):03}1-2"
        return self._add(name, number, str(case_number_key(number)))

    def day(self, name: str) -> date:
        """A day that nobody else of the world names."""
        day = date(2027, 3, 1 + next(self.numbers) % 28)
        self._add(name, date_words(day), day.isoformat())
        return day

    def ticked(self, name: str, box: str) -> str:
        """The code of a box of that name, which is seen where it is ticked."""
        code = f"zq_{self.side}_{name.replace('.', '_')}"
        self._add(name, f"ticked {box}={code}")
        return code

    def document(self, name: str, **changes: Any) -> dict[str, Any]:
        """A referral in which every text is a canary, and a father who declined."""

        def word(what: str) -> str:
            return self.word(f"{name}.{what}")

        document = referral_document(
            case__name=word("family"),
            case__number=self.number(f"{name}.number"),
            case__agency_phone=self.phone(f"{name}.agency"),
            case__caseworker__name=word("worker"),
            case__caseworker__title=word("title"),
            programme_discussed__by=word("discussed"),
            parents__0__first_name=word("parent"),
            parents__0__last_name=word("surname"),
            parents__0__phone=self.phone(f"{name}.phone"),
            parents__0__email=self.email(f"{name}.email"),
            parents__0__safe_contact={"voicemail": False, "note": word("safe")},
            parents__0__agreement__asked_by=word("asked_by"),
            children__0__first_name=word("child"),
            children__0__last_name=word("child_surname"),
            children__0__date_of_birth=None,
            conferences__0__place=word("place"),
            conferences__0__link=f"https://meet.example.org/{word('link').lower()}",
            history={part: word(part) for part in ("issues", "progress", "stage")},
            **changes,
        )
        document["parents"].append(
            {
                "first_name": word("declined"),
                "last_name": "Roe",
                "phone": self.phone(f"{name}.declined_phone"),
                "relationship": "father",
                "agreement": {
                    "answer": "declined",
                    "asked_by": word("declined_asked"),
                    "asked_on": "2026-11-17",
                    "how": "phone",
                },
            }
        )
        return document

    def _add(self, name: str, *ways: str) -> str:
        self._canaries.add(f"{self.side} {name}", *ways)
        return ways[0]


def _of(tag: str, attribute: str) -> str:
    found = re.search(rf'\b{attribute}="([^"]*)"', tag)
    return found.group(1) if found else ""
