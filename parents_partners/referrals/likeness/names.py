"""How alike two names are, as people write and hear them."""

from enum import Enum

import jellyfish
from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from parents_partners.core.text import fold


class How(Enum):
    """From the strongest to none at all; the value is what people read."""

    SAME = "Same"
    WRITTEN = "Same, written differently"
    SHORT = "Short form"
    PART = "One name more"
    SOUND = "Sounds alike"
    INITIAL = "Same initial"
    SPELLING = "Spelt nearly alike"
    DIFFERENT = "Different"


_SHORTEST_SHORT_FORM = 3
_SPELT_ALIKE = 0.9
"""Jaro-Winkler; below it, Maria and Mario's cousin Marta would be one."""

_SOUNDS_MUST_LOOK = 0.75
"""Two names of one sound key have to be spelt somewhat alike as well: the key leaves vowels out,
and short names are little else."""

_ONE_WRONG_KEY = 5
"""From so many letters on, one wrong letter makes no other name."""

_SHORT_FORMS = (
    "alexander alexandra alejandro alejandra alex sandy sasha alec",
    "anthony antonio tony",
    "antoinette toni nettie",
    "beatriz beatrice bea betty",
    "catherine katherine kathleen catalina cathy kathy kate katie kat",
    "charles carlos charlie chuck",
    "christina cristina christine tina chris cris",
    "christopher cristobal chris",
    "daniel danny dan",
    "deborah debbie deb",
    "dolores lola",
    "edward eduardo eddie ed ted lalo",
    "elizabeth elisabeth isabel liz lizzie beth betty eliza bella",
    "francisco francis frank paco pancho frankie",
    "gabriel gabriela gabby gabe",
    "guadalupe lupe lupita",
    "guillermo william willie will bill billy memo",
    "ignacio nacho",
    "james jaime jim jimmy jamie",
    "jennifer jen jenny",
    "jesus chuy",
    "john juan jack johnny",
    "joseph jose joe joey pepe",
    "josephine josefina josie fina",
    "lawrence larry",
    "luis louis lou lucho",
    "manuel manny manolo",
    "margaret margarita maggie meg peggy rita",
    "maria mary mari maritza",
    "michael miguel mike mikey",
    "michelle shelly",
    "mohammed mohamed muhammad mohammad mo",
    "nathaniel nathan nate",
    "nicholas nicolas nick nico",
    "patricia patrick patty pat tricia trish",
    "rafael raphael rafa ralph",
    "rebecca becky",
    "richard ricardo rick ricky dick",
    "robert roberto bob bobby rob beto",
    "roberta bobbie",
    "rosario charo",
    "samuel samantha sam sammy",
    "stephanie estefania steph",
    "steven stephen esteban steve",
    "susan susana sue suzy",
    "theresa teresa terry tess",
    "thomas tomas tom tommy",
    "veronica vero ronnie",
    "victoria vicky tori",
    "yesenia jessenia yesi jessie",
)
_GROUPS_OF: dict[str, set[int]] = {}
for _place, _names in enumerate(_SHORT_FORMS):
    for _name in _names.split():
        _GROUPS_OF.setdefault(_name, set()).add(_place)


def compare(left: str, right: str, *, given: bool) -> How:
    """Of one part of a name: `given` for what friends call somebody, which has short forms."""
    if left == right:
        return How.SAME
    one, other = fold(left).split(), fold(right).split()
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return How.WRITTEN
    fewer, more = sorted((one, other), key=len)
    if all(len(word) > 1 for word in fewer) and set(fewer) <= set(more):
        return How.PART
    if given and _is_short_form(one, other):
        return How.SHORT
    if _initials_fit(fewer, more):
        return How.INITIAL
    if _sound_alike(one, other):
        return How.SOUND
    if _spelt_alike(one, other):
        return How.SPELLING
    return _of_double_names(fewer, more)


def _is_short_form(one: list[str], other: list[str]) -> bool:
    """Temi for Temitope, Becky for Rebecca: of the first word, the one people are called by."""
    short, long = sorted((one[0], other[0]), key=len)
    if short == long:
        return False  # what comes after it differs
    if len(short) >= _SHORTEST_SHORT_FORM and long.startswith(short):
        return True
    return bool(_GROUPS_OF.get(short, set()) & _GROUPS_OF.get(long, set()))


def _initials_fit(fewer: list[str], more: list[str]) -> bool:
    """Rose L. for Rose-Laure: word for word equal, or the letter with which the other begins."""
    if not any(len(word) == 1 for word in (*fewer, *more)):
        return False
    return all(
        mine == theirs or (min(len(mine), len(theirs)) == 1 and mine[0] == theirs[0])
        for mine, theirs in zip(fewer, more, strict=False)
    )


def _sound_alike(one: list[str], other: list[str]) -> bool:
    left, right = "".join(one), "".join(other)
    if not (left.isascii() and right.isascii()):
        return False  # the sounds of other scripts are not known here
    return (
        jellyfish.metaphone(left) == jellyfish.metaphone(right) != ""
        and JaroWinkler.similarity(left, right) >= _SOUNDS_MUST_LOOK
    )


def _spelt_alike(one: list[str], other: list[str]) -> bool:
    left, right = "".join(one), "".join(other)
    if (
        min(len(left), len(right)) >= _ONE_WRONG_KEY
        and DamerauLevenshtein.distance(left, right) <= 1
    ):
        return True
    if JaroWinkler.similarity(left, right) >= _SPELT_ALIKE:
        return abs(len(left) - len(right)) <= 2
    return len(one) == len(other) > 1 and (
        fuzz.token_sort_ratio(" ".join(one), " ".join(other)) >= 100 * _SPELT_ALIKE
    )


def _of_double_names(fewer: list[str], more: list[str]) -> How:
    """Gutierres for Gutiérrez Báez: every word of the shorter has one in the longer."""
    if len(more) > 1 and all(
        len(word) > 1 and any(word == other or _sound_alike([word], [other]) for other in more)
        for word in fewer
    ):
        return How.SOUND
    return How.DIFFERENT
