"""Passwords: judged, hashed with argon2, generated. Nothing else of the product ever sees one."""

import secrets
import unicodedata
from collections.abc import Iterable

from flask_security.utils import hash_password

from parents_partners.core.text import fold, problem_with_text

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
DEMONSTRATION_PASSWORD = "together-for-families"  # noqa: S105 (shown to everybody)
"""Known to all the world: it opens nothing outside demonstration mode."""
# Without signs that look alike: somebody reads it out on the phone.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def problem_with_password(password: str, known: Iterable[str] = ()) -> str | None:
    """Why this is no password to be had, as a sentence; None if it is good. `known`: the person's
    name and e-mail address, which a guess begins with."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return f"A password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
    if words := problem_with_text(
        password, multiline=False, max_length=LONGEST_PASSWORD, what="The password"
    ):
        # What the sign-in form could not read would lock its person out.
        return words
    if password == DEMONSTRATION_PASSWORD:
        return "This is the password of the demonstration. Choose another one."
    if len(set(password)) < 5:
        return "This password repeats too few characters. Choose another one."
    if _letters(password) in {_letters(part) for one in known for part in (one, one.split("@")[0])}:
        return "This is your name or your e-mail address. Choose another password."
    return None


def _letters(text: str) -> str:
    return fold(text).replace(" ", "")


def hashed(password: str) -> str:
    """What is kept of a password. Takes a tenth of a second: that is what protects it."""
    # As sign-in reads it: one keyboard sends é as one sign, another as two.
    kept: str = hash_password(unicodedata.normalize("NFKD", password))
    return kept


def generated() -> str:
    """Four groups of five signs, about a hundred bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))
