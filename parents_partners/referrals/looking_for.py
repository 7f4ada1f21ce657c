"""What somebody types to find a family: a name, a case number, a phone, a reference, or several of
these in one line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parents_partners.core.text import case_number_key, fold

MOST_WORDS = 8
LONGEST_SEARCH = 120
"""Characters."""

_PHONE_DIGITS = 7
"""As many as tell a number apart, whatever stands before them."""

_REFERENCE = re.compile(r"(?:PP)?(?P<year>20[0-9]{2})?0*(?P<number>[1-9][0-9]{0,5})")
_BESIDE_A_NUMBER = re.compile(r"[A-Za-z#№.\-]{1,3}|(?i:ext\.|extension)")
_OTHER_THAN_DIGITS = re.compile(r"[^0-9]")
_SHORT_NAME = re.compile("[A-Za-z]{2,3}")
_LETTERS_O = re.compile(r"[Oo]+(?=[\W_]*[0-9])|(?<=[0-9])[Oo]+")
_ZEROS_IN_FRONT = re.compile(r"(?<![0-9])0+(?=[0-9])")
_EXTENSION = re.compile(r"(?<=[0-9])\W*(?:ext|extension|x)\W*[0-9]{1,6}\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class LookedFor:
    """`words` are folded words of a name; `number` is what has digits, as typed. `named` is the
    other reading of letters beside digits, as a name."""

    words: tuple[str, ...] = ()
    number: str = ""
    named: "LookedFor | None" = None

    @property
    def case_number(self) -> str:
        """As the key of a case number, or a part of it."""
        return case_number_key(self.number)

    @property
    def case_numbers(self) -> tuple[str, ...]:
        """The key, then how else it may be meant: with the letter O for zeros, or zeros for it."""
        letter_meant = _ZEROS_IN_FRONT.sub(lambda zeros: "O" * len(zeros[0]), self.number)
        zero_meant = _LETTERS_O.sub(lambda letters: "0" * len(letters[0]), self.number)
        keys = (case_number_key(each) for each in (self.number, zero_meant, letter_meant))
        return tuple(dict.fromkeys(key for key in keys if key))

    @property
    def phone(self) -> str:
        """The last seven digits, an extension left out; "" of what has fewer."""
        digits = _OTHER_THAN_DIGITS.sub("", _EXTENSION.sub("", self.number))
        return digits[-_PHONE_DIGITS:] if len(digits) >= _PHONE_DIGITS else ""

    def references(self, years: list[int]) -> list[str]:
        """The references that may be meant: `123` is one of each of these years."""
        signs = "".join(sign for sign in self.number.upper() if sign.isalnum())
        meant = []
        for match in (_REFERENCE.fullmatch(signs), _WITHOUT_YEAR.fullmatch(signs)):
            if match:
                said = match.groupdict().get("year")
                meant += [
                    f"PP-{year}-{int(match['number']):06d}"
                    for year in ([int(said)] if said else years)
                ]
        return sorted(set(meant), reverse=True)


_WITHOUT_YEAR = re.compile(r"(?:PP)?0*(?P<number>[1-9][0-9]{0,5})")


def looked_for(text: str) -> LookedFor:
    """`temi oyelaran`, `s 0123456`, `PP-2026-000123`, `555 0161 marte`. One to three letters beside
    digits are part of the number; two or three may be a name as well: `luz 555 0161`."""
    parts = text[:LONGEST_SEARCH].split()
    numeric = [any(sign.isdigit() for sign in part) for part in parts]
    if any(numeric):
        # A letter apart belongs to the digits beside it: a name of one letter finds nobody.
        numeric = [
            own or bool(_BESIDE_A_NUMBER.fullmatch(part) and any(numeric[max(0, at - 1) : at + 2]))
            for at, (part, own) in enumerate(zip(parts, numeric, strict=True))
        ]
    meant = _told_apart(parts, numeric)
    named = _told_apart(
        parts,
        [own and not _SHORT_NAME.fullmatch(part) for part, own in zip(parts, numeric, strict=True)],
    )
    return meant if named == meant else replace(meant, named=named)


def _told_apart(parts: Sequence[str], numeric: Sequence[bool]) -> LookedFor:
    number = " ".join(part for part, own in zip(parts, numeric, strict=True) if own)
    name = " ".join(part for part, own in zip(parts, numeric, strict=True) if not own)
    return LookedFor(words_of(name), number)


def words_of(name: str) -> tuple[str, ...]:
    """The folded words of a name, each once. What no database keeps is no word."""
    words = (word for word in fold(name[:LONGEST_SEARCH]).split() if _can_be_kept(word))
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


def readings_of(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words, and how else they may stand where names are written without a blank between the
    family's and one's own: `陳美玲` for `陳 美玲`, and the other way round."""
    if len(words) == 1 and _WITHOUT_BLANKS.fullmatch(words[0]):
        return [words, *((words[0][:at], words[0][at:]) for at in range(1, len(words[0])))]
    if len(words) == 2 and all(_WITHOUT_BLANKS.fullmatch(word) for word in words):
        return [words, (words[0] + words[1],), (words[1] + words[0],)]
    return [words]


_WITHOUT_BLANKS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{1,6}")
"""Kana, Chinese characters, Korean syllables; more than six are no name of one person."""


def _can_be_kept(word: str) -> bool:
    return "\0" not in word and not any("\ud800" <= sign <= "\udfff" for sign in word)


def is_enough(meant: LookedFor) -> bool:
    """Whether there is a word or a number to look for at all."""
    return bool(meant.words or meant.case_number)
