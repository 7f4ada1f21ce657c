"""Under which key two spellings of a person's name meet."""

from parents_partners.core.text import fold

_LONGEST = 400
"""Signs that stand for many letters could make a key longer than an index takes."""


def name_key(first_name: str, last_name: str) -> str:
    """Without case, accents and order: some write the family's name first."""
    return " ".join(sorted(fold(f"{first_name} {last_name}").split()))[:_LONGEST]
