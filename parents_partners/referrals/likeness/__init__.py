"""How alike two families are, person by person, and in which words that is said. Pure: it asks no
database, and knows nobody but those it is given."""

from parents_partners.referrals.likeness.families import LIKELY_SAME, SHOWN, likeness
from parents_partners.referrals.likeness.sketches import phones_of, sketch_of
from parents_partners.referrals.likeness.types import (
    Agreement,
    Likeness,
    Match,
    Pair,
    Point,
    Sketch,
    Somebody,
)

__all__ = [
    "LIKELY_SAME",
    "SHOWN",
    "Agreement",
    "Likeness",
    "Match",
    "Pair",
    "Point",
    "Sketch",
    "Somebody",
    "likeness",
    "phones_of",
    "sketch_of",
]
