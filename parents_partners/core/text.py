"""What people type: made clean for keeping, refused where it cannot be kept, folded for searching.

Text is kept as typed, in NFC, trimmed. Names in any script pass; what no name needs (control
characters, reversed direction, half of a surrogate pair) is refused in words, never dropped
silently.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_EDGES = " \t\n\xa0\u200b\u2060\ufeff"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_SHRINKS_AT_MOST = 4
"""NFC makes four code points into one at most, so a longer text is too long however it is read."""

_MOST_MARKS = 30
"""On one letter; Unicode's own bound for text that can be streamed (UAX 15)."""

_APOSTROPHES = re.compile("['`\u00b4\u02bb\u02bc\u2018\u2019\uff07]")
_NOT_DECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_CASE_NUMBER_KEY_LENGTH = 40


def clean(text: str) -> str:
    """The text as it is kept: NFC, line ends as \\n, no blanks around it. A text of which nothing
    would be seen is empty."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    text = _trimmed(text)
    return text if any(_is_seen(character) for character in text) else ""


def problem_with_text(
    text: str, *, multiline: bool, max_length: int, what: str = "This text"
) -> str | None:
    """Why this text cannot be kept, as a sentence about `what`; None if it can. `max_length` is
    in characters, after cleaning."""
    rough = _trimmed(text)
    if len(rough) > max_length * _SHRINKS_AT_MOST:
        return _too_long(what, len(rough), max_length)
    if _piles_marks(rough):
        return f"{what} has too many accents on one letter. Delete them and type that part again."
    text = clean(rough)
    if len(text) > max_length:
        return _too_long(what, len(text), max_length)
    if not multiline and "\n" in text:
        return f"{what} contains a line break. Write it in one line."
    if _DIRECTION.search(text):
        return (
            f"{what} contains an invisible character that turns the direction of the writing."
            " Delete it and type that part again."
        )
    if _SURROGATE.search(text):
        return f"{what} contains half a character. Delete it and type that part again."
    if _CONTROL.search(text) or (not multiline and "\t" in text):
        return (
            f"{what} contains a control character, which nobody can see."
            " Delete it and type that part again."
        )
    return None


def _piles_marks(text: str) -> bool:
    """More marks on one letter than any writing needs. NFC sorts them, which takes minutes for
    ten thousand of them in a row."""
    if text.isascii():
        return False
    piled = 0
    for character in text:
        piled = piled + 1 if unicodedata.combining(character) else 0
        if piled > _MOST_MARKS:
            return True
    return False


def fold(text: str) -> str:
    """A key under which different spellings meet: without case, accents and punctuation, words
    apart by one blank. Letters of every script stay, so that only a blank text gives ""."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = text.translate(_NOT_DECOMPOSED)
    kept = "".join(_folded(character) for character in _APOSTROPHES.sub("", text))
    # A text of signs alone is its own key: an empty one would match everybody.
    words = unicodedata.normalize("NFC", kept).split() or unicodedata.normalize("NFC", text).split()
    return " ".join(words)


def case_number_key(text: str) -> str:
    """One key for the ways in which people write a case number: letters and digits only, capital
    letters, the letters in front. `S-012345-6`, `s 0123456` and `0123456 S` give S0123456."""
    signs = [sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum()]
    letters = [sign for sign in signs if not sign.isdigit()]
    digits = [sign for sign in signs if sign.isdigit()]
    return "".join(letters + digits)[:_CASE_NUMBER_KEY_LENGTH]


@lru_cache(maxsize=512)  # reading one takes as long as asking the database for a whole family
def phone_e164(text: str, region: str = "US") -> str | None:
    """The number as +17185550123, an extension left out; None where it cannot be read as one."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_problem(text: str) -> str | None:
    """Why this is no e-mail address, as a sentence; None if it is one. Asks no other host."""
    try:
        # The test environment allows the ending .test and changes nothing else.
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return "This is not an e-mail address. Write it like name@agency.org."
    return None


def link_problem(text: str) -> str | None:
    """Why this link would not be safe or would not open, as a sentence; None if it is good."""
    advice = "A link begins with https:// or http://. Copy it from the invitation."
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return advice
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\\]", text):
        return advice
    return None


def _trimmed(text: str) -> str:
    return text.strip(_EDGES + "\r\v\f\x85\u2028\u2029").strip()


def _is_seen(character: str) -> bool:
    category = unicodedata.category(character)
    # A forbidden character is no blank: it has to be complained about.
    if category in ("Cc", "Cs"):
        return not character.isspace()
    return category not in ("Cf", "Zl", "Zp", "Zs", "Mn") and character not in _INVISIBLE_LETTERS


def _too_long(what: str, length: int, max_length: int) -> str:
    return (
        f"{what} is {length:,} characters long; {max_length:,} characters are allowed. Shorten it."
    )


def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M":
        # Accents and points go; vowel signs and voicing marks are letters of their scripts.
        kind = unicodedata.combining(character)
        return "" if 10 <= kind <= 36 or kind >= 200 else character
    if category[0] in "LN":
        return character
    return "" if category == "Cf" else " "
