"""Two families beside each other. Never anything of a parent who did not agree (REF-03): neither
a submission nor a family's record holds it, and the name of a case, which may be such a parent's,
is not compared."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from parents_partners.cases.names import name_key
from parents_partners.referrals.likeness.names import How
from parents_partners.referrals.likeness.people import compared, is_same_name, paired
from parents_partners.referrals.likeness.types import (
    Agreement,
    Likeness,
    Match,
    Pair,
    Point,
    Sketch,
    Somebody,
)
from parents_partners.referrals.types import KeyOf

SHOWN = 4.0
"""From here on a supervisor is asked to look."""

LIKELY_SAME = 7.0
"""From here on a family stands in sight; below, it is folded away as less likely."""

RARE, COMMON = 5, 20
"""How many referrals bear a name: up to the one it says much, beyond the other it says little."""

_NUMBER = {Agreement.SAME: 10.0, Agreement.ALIKE: 4.0, Agreement.DIFFERS: -2.5}
_PHONE = 9.0
_NO_CHILD_AGREES = -2.0
_MOST_OF_CHILDREN = 12.0
_NEARLY = 0.6
_SHORTEST_NUMBER = 6
"""Of a shorter case number one sign is too much of it."""

SaidOf = tuple[KeyOf, str, str]
"""In which role, and the keys of the two."""

NEVER_COUNTED: Mapping[str, int] = {}


def likeness(
    left: Sketch,
    right: Sketch,
    bearers: Mapping[str, int] = NEVER_COUNTED,
    *,
    together: Collection[SaidOf] = (),
    apart: Collection[SaidOf] = (),
) -> Likeness:
    """`bearers` counts the referrals in which a name stands, by name key; one that is not in it
    counts as rare. `together` and `apart` are people who were said to be one, or not."""

    def people(role: KeyOf) -> list[Pair]:
        return paired(
            left.of(role),
            right.of(role),
            together={(mine, theirs) for of, mine, theirs in together if of is role},
            apart={(mine, theirs) for of, mine, theirs in apart if of is role},
        )

    numbers = _numbers(left, right)
    parents, children = people(KeyOf.PARENT), people(KeyOf.CHILD)
    phone = _shared_phone(left, right)
    weight = _NUMBER.get(numbers.agreement, 0.0)
    weight += _PHONE if phone else 0.0
    weight += sum(_weight_of_names(pair, bearers) for pair in parents if pair.likely)
    weight += _weight_of_children(children, bearers)
    matches = (
        *_number_match(numbers),
        *_people_matches(parents, phone),
        *_people_matches(children),
    )
    beside = _beside(parents, apart)
    return Likeness(weight, matches, numbers, (*beside, *children))


def _numbers(left: Sketch, right: Sketch) -> Point:
    def point(mine: str | None, theirs: str | None, agreement: Agreement, words: str) -> Point:
        return Point("Case number", mine, theirs, agreement, words)

    for key, typed in left.numbers.items():
        if key in right.numbers:
            other = right.numbers[key]
            words = "Same" if typed == other else "Same, written differently"
            return point(typed, other, Agreement.SAME, words)
    mine, theirs = (next(iter(side.numbers.values()), None) for side in (left, right))
    if mine is None or theirs is None:
        return point(mine, theirs, Agreement.NOT_SAID, "Not said")
    for key, typed in left.numbers.items():
        for other_key, other in right.numbers.items():
            if len(key) >= _SHORTEST_NUMBER and DamerauLevenshtein.distance(key, other_key) == 1:
                return point(typed, other, Agreement.ALIKE, "One sign differs")
    return point(mine, theirs, Agreement.DIFFERS, "Another number")


def _shared_phone(left: Sketch, right: Sketch) -> str | None:
    """As typed on the left; whoever of the family has it."""
    theirs = {number for person in right.people for number in person.phones}
    return next(
        (
            typed
            for person in left.people
            for number, typed in person.phones.items()
            if number in theirs
        ),
        None,
    )


def _weight_of_names(pair: Pair, bearers: Mapping[str, int]) -> float:
    """A name that only nearly agrees says less than both its parts: many are spelt alike."""
    weight = sum(point.weight for point in pair.points[:2])
    if pair.left is None or not is_same_name(pair):
        return weight * _NEARLY
    many = bearers.get(name_key(pair.left.first_name, pair.left.last_name), 0)
    return weight + (1.5 if many <= RARE else -1.5 if many <= COMMON else -3.0)


def _weight_of_children(pairs: Sequence[Pair], bearers: Mapping[str, int]) -> float:
    """A name alone says half; with the birthday it says more than any parent's."""
    weight = 0.0
    for pair in pairs:
        if pair.likely:
            born = pair.points[2]
            weight += _weight_of_names(pair, bearers) / 2 + max(born.weight, 0.0)
    if weight == 0 and _both_said(pairs):
        return _NO_CHILD_AGREES
    return min(weight, _MOST_OF_CHILDREN)


def _both_said(pairs: Sequence[Pair]) -> bool:
    """Each side names a child: that none agrees is something."""
    return any(pair.left for pair in pairs) and any(pair.right for pair in pairs)


def _beside(parents: Sequence[Pair], apart: Collection[SaidOf]) -> Iterator[Pair]:
    """One mother on either side, with whatever names, stand beside each other: so one sees what
    differs."""
    left = [pair.left for pair in parents if pair.left and not pair.right]
    right = [pair.right for pair in parents if pair.right and not pair.left]
    set_beside = {}
    for one in left:
        others = [other for other in right if other.relationship == one.relationship]
        alone = one.relationship and len(others) == 1 == _how_many(left, one)
        if alone and (KeyOf.PARENT, one.key, others[0].key) not in apart:
            set_beside[one.key] = others[0]
    besides = [other.key for other in set_beside.values()]
    for pair in parents:
        if pair.left and not pair.right and pair.left.key in set_beside:
            yield compared(pair.left, set_beside[pair.left.key])
        elif pair.left or (pair.right and pair.right.key not in besides):
            yield pair


def _how_many(people: Sequence[Somebody], like: Somebody) -> int:
    return sum(person.relationship == like.relationship for person in people)


def _number_match(point: Point) -> Iterator[Match]:
    if point.agreement is Agreement.SAME:
        if point.left == point.right:
            yield Match("Same case number", point.left or "")
        else:
            yield Match("Same case number, written differently", f"{point.left} / {point.right}")
    elif point.agreement is Agreement.ALIKE:
        yield Match("Case number differs by one sign", f"{point.left} / {point.right}")


def _people_matches(pairs: Sequence[Pair], phone: str | None = None) -> Iterator[Match]:
    for pair in pairs:
        if pair.likely and pair.left and pair.right:
            yield _person_match(pair, pair.left, pair.right)
    if phone:
        yield Match("Same phone number", phone)


_WORDS = {
    How.SHORT.value: "name has a short form",
    How.PART.value: "name has one name more",
    How.SOUND.value: "name sounds alike",
    How.INITIAL.value: "name begins alike",
    How.SPELLING.value: "name is spelt nearly alike",
    How.DIFFERENT.value: "last name differs",
}


def _person_match(pair: Pair, left: Somebody, right: Somebody) -> Match:
    who = "parent" if left.of is KeyOf.PARENT else "child"
    born = pair.points[2] if left.of is KeyOf.CHILD else None
    birthday = f", {born.words.lower()}" if born and born.weight > 0 else ""
    if is_same_name(pair):
        same = all(point.left == point.right for point in pair.points[:2])
        words = f"Same name as the {who}{birthday}"
        return Match(words, left.name if same else f"{left.name} / {right.name}")
    weakest = min(pair.points[:2], key=lambda point: point.weight)
    return Match(f"The {who}'s {_WORDS[weakest.words]}{birthday}", f"{left.name} / {right.name}")
