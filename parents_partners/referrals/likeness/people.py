"""Two people beside each other: what agrees, what differs, what one side did not say."""

from collections.abc import Collection, Sequence
from datetime import date

from parents_partners.cases.names import name_key
from parents_partners.core.words import date_words
from parents_partners.referrals.likeness.names import How, compare
from parents_partners.referrals.likeness.types import Agreement, Pair, Point, Somebody
from parents_partners.referrals.types import KeyOf

LIKELY = 5.0
"""From here on a person would take two for one: a first and a last name that nearly agree, or a
name that half agrees with a birthday or a phone that does."""

WORTH_A_LOOK = 0.0
"""Beyond it two stand beside each other for somebody to look at, likely or not."""

_FIRST = {
    How.SAME: 4.0,
    How.WRITTEN: 4.0,
    How.SHORT: 3.0,
    How.PART: 3.0,
    How.SOUND: 3.0,
    How.INITIAL: 2.0,
    How.SPELLING: 2.0,
    How.DIFFERENT: -5.0,
}
_LAST = {
    How.SAME: 3.0,
    How.WRITTEN: 3.0,
    How.SHORT: 2.0,
    How.PART: 2.5,
    How.SOUND: 2.5,
    How.INITIAL: 1.0,
    How.SPELLING: 2.0,
    How.DIFFERENT: -3.0,
}
_ONE_PARENT_OF_TWO = {"mother", "father"}


def compared(left: Somebody, right: Somebody) -> Pair:
    """Point by point. Twins have all but the first name in common, so that without it two are
    never likely one."""
    first, last = _names(left, right)
    points = [
        _name_point("First name", left.first_name, right.first_name, first, _FIRST[first]),
        _name_point("Last name", left.last_name, right.last_name, last, _LAST[last]),
    ]
    if left.of is KeyOf.CHILD:
        points.append(_born(left.born, right.born))
    else:
        points += [_phones(left, right), _relationship(left, right)]
    weight = sum(point.weight for point in points)
    likely = weight >= LIKELY and first is not How.DIFFERENT
    return Pair(left, right, tuple(points), likely, weight)


def paired(
    left: Sequence[Somebody],
    right: Sequence[Somebody],
    *,
    together: Collection[tuple[str, str]] = (),
    apart: Collection[tuple[str, str]] = (),
) -> list[Pair]:
    """Each with at most one of the other side, the best pair first; who is left over stands
    alone. In the order of the left side. `together` and `apart`, by the keys of left and right,
    were said to be one, or not."""
    every = {(one.key, other.key): compared(one, other) for one in left for other in right}
    best = sorted(every, key=lambda keys: (keys not in together, -every[keys].weight))
    found: dict[str, Pair] = {}
    taken: set[str] = set()
    for keys in best:
        mine, theirs = keys
        near = keys in together or (keys not in apart and every[keys].weight > WORTH_A_LOOK)
        if near and mine not in found and theirs not in taken:
            found[mine] = every[keys]
            taken.add(theirs)
    alone = [Pair(None, other) for other in right if other.key not in taken]
    return [found.get(one.key, Pair(one, None)) for one in left] + alone


def is_same_name(pair: Pair) -> bool:
    """Word for word, whatever the accents and the order."""
    return all(point.agreement is Agreement.SAME for point in pair.points[:2])


def _names(left: Somebody, right: Somebody) -> tuple[How, How]:
    mine, theirs = (left.first_name, left.last_name), (right.first_name, right.last_name)
    if mine != theirs and name_key(*mine) == name_key(*theirs):
        # Some write the family's name first.
        return How.WRITTEN, How.WRITTEN
    return (
        compare(left.first_name, right.first_name, given=True),
        compare(left.last_name, right.last_name, given=False),
    )


def _name_point(what: str, left: str, right: str, how: How, weight: float) -> Point:
    if how in (How.SAME, How.WRITTEN):
        agreement = Agreement.SAME
    else:
        agreement = Agreement.DIFFERS if how is How.DIFFERENT else Agreement.ALIKE
    return Point(what, left, right, agreement, how.value, weight)


def _born(left: date | None, right: date | None) -> Point:
    words = [date_words(day) if day else None for day in (left, right)]

    def point(agreement: Agreement, why: str, weight: float) -> Point:
        return Point("Date of birth", words[0], words[1], agreement, why, weight)

    if left is None or right is None:
        return point(Agreement.NOT_SAID, "Not said", 0)
    if left == right:
        return point(Agreement.SAME, "Same birthday", 5)
    if (left.year, left.month, left.day) == (right.year, right.day, right.month):
        return point(Agreement.ALIKE, "Day and month changed places", 3)
    if sum(a != b for a, b in zip(left.isoformat(), right.isoformat(), strict=True)) == 1:
        return point(Agreement.ALIKE, "One digit differs", 2)
    return point(Agreement.DIFFERS, "Another birthday", -5)


def _phones(left: Somebody, right: Somebody) -> Point:
    shared = next((number for number in left.phones if number in right.phones), None)
    mine, theirs = (
        side.phones.get(shared or "") or next(iter(side.phones.values()), None)
        for side in (left, right)
    )
    if shared:
        return Point("Phone", mine, theirs, Agreement.SAME, "Same number", 5)
    if mine is None or theirs is None:
        return Point("Phone", mine, theirs, Agreement.NOT_SAID, "Not said", 0)
    return Point("Phone", mine, theirs, Agreement.DIFFERS, "Another number", -0.5)


def _relationship(left: Somebody, right: Somebody) -> Point:
    mine, theirs = left.relationship, right.relationship
    if mine is None or theirs is None:
        return Point("Relationship", mine, theirs, Agreement.NOT_SAID, "Not said")
    if mine == theirs:
        return Point("Relationship", mine, theirs, Agreement.SAME, "Same", 0.5)
    contradict = {mine.casefold(), theirs.casefold()} == _ONE_PARENT_OF_TWO
    weight = -4.0 if contradict else 0.0
    return Point("Relationship", mine, theirs, Agreement.DIFFERS, "Different", weight)
