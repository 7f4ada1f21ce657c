"""Invented people by the hundred thousand: names that differ enough for an index to be worth it."""

import random
from dataclasses import dataclass
from functools import cache

from parents_partners.cases.names import name_key

_FIRST = [
    "Luz",
    "Denise",
    "Tomas",
    "Amara",
    "Wei",
    "Fatima",
    "Jamal",
    "Rosa",
    "Kofi",
    "Ines",
    "Marisol",
    "Devon",
    "Aisha",
    "Pedro",
    "Nadia",
    "Omar",
    "Chantal",
    "Ruben",
    "Keisha",
    "Yusuf",
    "Ana",
    "Malik",
    "Elena",
    "Darnell",
    "Mei",
    "Carmen",
    "Isaac",
    "Lourdes",
    "Tyrone",
    "Samira",
    "Miguel",
    "Joy",
    "Andre",
    "Priya",
    "Hector",
    "Simone",
    "Abdul",
    "Grace",
    "Rafael",
    "Noor",
    "Lena",
    "Marcus",
    "Xiomara",
    "Dwayne",
    "Sofia",
    "Ibrahim",
    "Paloma",
    "Curtis",
    "Leila",
    "Victor",
    "Zora",
    "Emilio",
    "Ruth",
    "Hassan",
    "Bianca",
    "Terrence",
    "Alma",
    "Joaquin",
    "Nia",
]
_BEGIN = [
    "Ba",
    "Cor",
    "Del",
    "Es",
    "Fa",
    "Gar",
    "Ha",
    "Ji",
    "Kan",
    "Lo",
    "Mar",
    "Nor",
    "Or",
    "Pe",
    "Qui",
    "Ros",
    "Sal",
    "Tor",
    "Ul",
    "Vel",
    "Wa",
    "Ya",
    "Zam",
]
_MIDDLE = [
    "la",
    "ri",
    "ne",
    "vo",
    "mi",
    "sta",
    "do",
    "ru",
    "ve",
    "ga",
    "lin",
    "ca",
    "be",
    "to",
    "na",
    "si",
]
_END = [
    "res",
    "na",
    "ro",
    "ler",
    "son",
    "ez",
    "da",
    "mar",
    "les",
    "vich",
    "ti",
    "wu",
    "ne",
    "ford",
    "lez",
]
LANGUAGES = ("en", "en", "en", "en", "es", "es", "es", "zh-Hant", "bn", "ht", "ru", "ar")
BOROUGHS = ("bronx", "bronx", "bronx", "brooklyn", "brooklyn", "queens", "manhattan")
STAGES = ("foster_care", "foster_care", "investigation", "preventive", "trial_discharge")
_SENTENCES = (
    "The parent comes to every visit and asks what else can be done.",
    "Two appointments were missed because the shelter moved the family.",
    "The children speak of home often and sleep badly after the visits.",
    "A service plan was agreed in the spring and half of it is done.",
    "The school says that the older child is doing better since October.",
    "Nobody has explained to the parent what the next hearing decides.",
    "There is a grandmother in the same building who could help more.",
    "The parent would like somebody beside them who has been through this.",
)


@dataclass(frozen=True)
class Named:
    first: str
    last: str
    key: str


class People:
    """The same people for the same `chance`."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._pick = chance.choice

    def last_name(self) -> str:
        pick = self._pick
        return pick(_BEGIN) + pick(_MIDDLE) + pick(_END)

    def named(self, last: str) -> Named:
        first = self._pick(_FIRST)
        return Named(first, last, _key(first, last))

    def phone(self) -> tuple[str, str]:
        """As typed, and in E.164. No such number is in use: 555."""
        area, line = self._pick(("212", "347", "646", "718", "917")), self._chance.randrange(10_000)
        return f"({area}) 555-{line:04d}", f"+1{area}555{line:04d}"

    def words(self, sentences: int) -> str:
        return " ".join(self._pick(_SENTENCES) for _ in range(sentences))


@cache
def _key(first: str, last: str) -> str:
    return name_key(first, last)
