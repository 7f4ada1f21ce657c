"""How many look-alikes are found, and how many of those that are shown are none.

    python -m bench.look_alikes > docs/reference/look-alikes.md

Families are made up, by a seed: names as they are in the boroughs, common ones as often as they are
common. Then each kind of "the same family again" is made of some of them, with the mistakes that
people make; and for each of those referrals all others are searched, as the page of a decision
does: with the same keys, the same limits and the same comparison, in memory. A pair is found if the
page would show it. The noise is ours: on real referrals the figures will differ."""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from parents_partners.cases.names import name_key
from parents_partners.core.text import case_number_key, phone_e164
from parents_partners.referrals.keys import sounds
from parents_partners.referrals.likeness import LIKELY_SAME, SHOWN, Sketch, Somebody, likeness
from parents_partners.referrals.queries.blocking import (
    ENOUGH,
    MOST_CANDIDATES,
    SOUND,
    WEIGHTS,
)
from parents_partners.referrals.queries.possible import MOST_COMPARED, MOST_POSSIBLE
from parents_partners.referrals.types import KeyKind, KeyOf

SEED, POPULATION, EACH = 20261121, 3000, 80

FIRST = (
    "Maria Luz Ana Yesenia Rosa Carmen Ashley Jennifer Jasmine Destiny Brianna Shanice Latoya"
    " Keisha Tiffany Crystal Angela Michelle Stephanie Elizabeth Rebecca Fatima Aminata"
    " Temitope Folake Rose-Laure Marie-Ange Nadège Xiu-Ying Mei-Ling Priya Nasrin Svetlana"
    " Olena Katarzyna Deborah Guadalupe Josefina Altagracia Milagros Jose Juan Luis Rafael"
    " Miguel Carlos Anthony Christopher Michael James Robert William Darnell Tyrone Malik"
    " Ousmane Ibrahim Mohammed Wilkin Frantz Emmanuel Kwame Wei Rajesh Ahmed Yusuf Dmitri"
    " Piotr Samuel Daniel"
).split()
CHILD = (
    "Jayden Aiden Kayden Mia Sofia Emma Isabella Ava Liam Noah Ethan Lucas Mateo Sebastian"
    " Angel Kiara Yandel Yareli Emely Derek Naïka Woodley Ayomide Tobiloba Amir Zion Nevaeh"
    " Aaliyah Imani Khalil Destinee Jeremiah Elijah Gabriel Samantha Nathaniel Alexander"
    " Victoria Nicholas Katherine Benjamin Aria Leila Omar Ling Arjun Anya Milan Zoë Chloe"
    " Serenity Messiah"
).split()
LAST = (
    "Rodriguez Garcia Martinez Gonzalez Hernandez Lopez Perez Ramirez Torres Rivera Gomez"
    " Diaz Reyes Cruz Morales Ortiz Gutiérrez Báez Marte Peña Núñez Santos Vargas Castillo"
    " Jimenez Williams Johnson Smith Brown Jones Davis Jackson Thomas Robinson Harris Lewis"
    " Walker Washington Jefferson Campbell Grant Whitfield Prescott Baptiste Pierre Jean"
    " Thélisma Desrosiers Joseph Charles Diallo Bah Barry Camara Traoré Mensah Owusu Okafor"
    " Oyelaran Adeyemi Chen Wang Li Zhang Singh Kaur Rahman Begum Khan Ali Ahmed Ivanov"
    " Kowalski Petrenko O'Connor Murphy Rossi Esposito"
).split()
SHORT = {
    "Temitope": "Temi",
    "Rebecca": "Becky",
    "Elizabeth": "Liz",
    "Jennifer": "Jenny",
    "Michael": "Mike",
    "Christopher": "Chris",
    "Guadalupe": "Lupe",
    "Jose": "Pepe",
    "Anthony": "Tony",
    "William": "Bill",
    "Tobiloba": "Tobi",
    "Alexander": "Alex",
    "Nathaniel": "Nate",
    "Samantha": "Sam",
    "Victoria": "Vicky",
    "Katherine": "Katie",
    "Benjamin": "Ben",
    "Altagracia": "Alta",
    "Josefina": "Fina",
    "Stephanie": "Steph",
}
MISHEARD = [
    ("ph", "f"), ("ck", "k"), ("ou", "u"), ("ie", "y"), ("ee", "i"), ("th", "t"), ("sh", "ch"),
    ("z", "s"), ("c", "k"), ("v", "b"), ("y", "i"), ("m", "n"), ("e", "i"), ("a", "e"), ("o", "a"),
    ("ll", "l"), ("rr", "r"), ("d", "t"), ("l", "r"),
]  # fmt: skip
ACCENTS = str.maketrans("áéíóúñïèéçëô", "aeiounieeceo")

Draw = random.Random


@dataclass(frozen=True)
class Family:
    """A family as one referral tells it; `truth` is the same for the same family."""

    truth: int
    sketch: Sketch


@dataclass
class Result:
    """Of one kind: how many were searched for and found, how many the index look-ups already
    missed, and how many others were shown. `likely` and `likely_false`: those in sight, not folded
    away as less likely. `first`: how often the same family stood before all others."""

    searched: int = 0
    found: int = 0
    not_blocked: int = 0
    false: int = 0
    likely: int = 0
    likely_false: int = 0
    first: int = 0


@dataclass
class Population:
    """What all referrals are found by, in memory."""

    families: list[Family] = field(default_factory=list)
    by_key: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    bearers: Counter[str] = field(default_factory=Counter)

    def add(self, family: Family) -> None:
        place = len(self.families)
        self.families.append(family)
        for key in keys_of(family.sketch):
            self.by_key[key].append(place)
            if key[0] == KeyKind.NAME:
                self.bearers[key[1]] += 1

    def shown_for(self, family: Family) -> tuple[list[Family], int, bool]:
        """What the page would show, how many of it, from the first, in sight as likely, and whether
        the same family was among those compared."""
        weights: Counter[int] = Counter()
        for key in keys_of(family.sketch):
            weight = SOUND if key[0] == "sound" else WEIGHTS[KeyKind(key[0])]
            for place in self.by_key.get(key, ()):
                weights[place] += weight  # type: ignore[assignment]
        nearest = sorted(
            (place for place, weight in weights.items() if weight >= ENOUGH),
            key=lambda place: (-weights[place], -place),
        )[:MOST_CANDIDATES][:MOST_COMPARED]
        others = [self.families[place] for place in nearest]
        scored = [
            (likeness(family.sketch, other.sketch, self.bearers).weight, other) for other in others
        ]
        shown = sorted((one for one in scored if one[0] >= SHOWN), key=lambda one: -one[0])
        compared = any(other.truth == family.truth for other in others)
        shown = shown[:MOST_POSSIBLE]
        in_sight = sum(weight >= LIKELY_SAME for weight, _other in shown)
        return [other for _weight, other in shown], in_sight, compared


def keys_of(sketch: Sketch) -> Iterator[tuple[str, str]]:
    """As `referrals.keys` makes them."""
    names = [name_key(person.first_name, person.last_name) for person in sketch.people]
    found = {(KeyKind.NUMBER, key) for key in sketch.numbers}
    found |= {(KeyKind.NAME, name) for name in names}
    for person in sketch.people:
        found |= {(KeyKind.PHONE, phone) for phone in person.phones}
        if person.born:
            found.add((KeyKind.BORN, person.born.isoformat()))
    yield from sorted((kind.value, value) for kind, value in found)
    yield from (("sound", sound) for sound in sounds(found))


# Families


def common(draw: Draw, names: list[str]) -> str:
    """The first of a list are borne by many, the last by few."""
    return names[int(len(names) * draw.random() ** 1.8)]


def phone(draw: Draw) -> dict[str, str]:
    # A generator's numbers: they are dialled by nobody, and never leave it.
    typed = f"(718) {draw.randrange(200, 1000)}-{draw.randrange(10000):04}"
    key = phone_e164(typed)
    return {key: typed} if key else {}


def number(draw: Draw) -> dict[str, str]:
    typed = f"S-{draw.randrange(1000000):06}-{draw.randrange(10)}"
    return {case_number_key(typed): typed}


def born(draw: Draw) -> date | None:
    day = date(2026, 11, 1) - timedelta(days=draw.randrange(20, 6500))
    return day if draw.random() < 0.85 else None


def family(draw: Draw, truth: int) -> Family:
    last = common(draw, LAST)
    if draw.random() < 0.25:
        last = f"{last} {common(draw, LAST)}"
    parents = [
        Somebody(
            KeyOf.PARENT, "0", common(draw, FIRST[:40]), last, None,
            phone(draw) if draw.random() < 0.85 else {}, "Mother",
        )
    ]  # fmt: skip
    if draw.random() < 0.35:
        parents.append(
            Somebody(KeyOf.PARENT, "1", common(draw, FIRST[40:]), common(draw, LAST), None,
                     phone(draw) if draw.random() < 0.5 else {}, "Father")
        )  # fmt: skip
    children = [child(draw, key, last) for key in range(draw.choice([1, 1, 1, 2, 2, 3, 4]))]
    if len(children) > 1 and draw.random() < 0.06:  # twins
        children[1] = replace(children[1], born=children[0].born)
    numbers = number(draw) if draw.random() < 0.8 else {}
    return Family(truth, Sketch(numbers, (*parents, *children)))


def child(draw: Draw, key: int, last: str) -> Somebody:
    return Somebody(KeyOf.CHILD, str(key), common(draw, CHILD), last, born(draw))


# The same family again, as people make mistakes


def again(one: Family, numbers: Mapping[str, str] | None, *people: Somebody) -> Family:
    kept = one.sketch.numbers if numbers is None else numbers
    return Family(one.truth, Sketch(kept, people))


def parents(one: Family) -> tuple[Somebody, ...]:
    return one.sketch.of(KeyOf.PARENT)


def children(one: Family) -> tuple[Somebody, ...]:
    return one.sketch.of(KeyOf.CHILD)


def misheard(draw: Draw, name: str) -> str:
    lower = name.casefold()
    ways = [(old, new) for old, new in MISHEARD if old in lower[1:]]
    if not ways:
        return name
    old, new = draw.choice(ways)
    place = lower.index(old, 1)
    return (lower[:place] + new + lower[place + len(old) :]).title()


def heard(draw: Draw, person: Somebody, *, chance: float = 0.6) -> Somebody:
    def maybe(name: str) -> str:
        return misheard(draw, name) if draw.random() < chance else name

    said = replace(
        person, first_name=maybe(person.first_name), last_name=misheard(draw, person.last_name)
    )
    return replace(said, born=said.born if draw.random() < 0.6 else None)


def written_differently(draw: Draw, one: Family) -> Family:
    def plain(person: Somebody) -> Somebody:
        first, last = (
            name.translate(ACCENTS).replace("-", " ")
            for name in (person.first_name, person.last_name)
        )
        return replace(person, first_name=first.upper(), last_name=last.upper())

    numbers = {key: typed.replace("-", "") for key, typed in one.sketch.numbers.items()}
    return again(one, numbers, *map(plain, one.sketch.people))


def over_the_telephone(draw: Draw, one: Family) -> Family:
    return again(one, {}, *(heard(draw, person) for person in one.sketch.people))


def telephone_and_new_phone(draw: Draw, one: Family) -> Family:
    heard_ = [heard(draw, replace(person, phones={})) for person in one.sketch.people]
    return again(one, {}, *heard_)


def hardly_understood(draw: Draw, one: Family) -> Family:
    """The mother and one child, every name misheard, and nothing else."""
    said = [
        replace(heard(draw, person, chance=1.0), born=None, phones={})
        for person in (parents(one)[0], children(one)[0])
    ]
    return again(one, {}, *said)


def short_forms(draw: Draw, one: Family) -> Family:
    def short(person: Somebody) -> Somebody:
        name = SHORT.get(person.first_name, person.first_name)
        if name == person.first_name and draw.random() < 0.3:
            name = f"{name[0]}."
        return replace(person, first_name=name)

    return again(one, {}, *map(short, one.sketch.people))


def double_names(draw: Draw, one: Family) -> Family:
    extra = common(draw, LAST)

    def other(person: Somebody) -> Somebody:
        words = person.last_name.split()
        if len(words) == 1:
            return replace(person, last_name=f"{person.last_name} {extra}")
        return replace(person, last_name=draw.choice([f"{words[1]} {words[0]}", words[0]]))

    return again(one, {}, *map(other, one.sketch.people))


def a_sibling_later(draw: Draw, one: Family) -> Family:
    mother = parents(one)[0]
    numbers = one.sketch.numbers if draw.random() < 0.5 else {}
    return again(one, numbers, mother, child(draw, 0, mother.last_name))


def after_it_was_closed(draw: Draw, one: Family) -> Family:
    mother = replace(parents(one)[0], phones=phone(draw))
    return again(one, None, mother, *children(one))


def another_last_name(draw: Draw, one: Family) -> Family:
    """Married since, a new phone, no number: the children are who they were."""
    mother = replace(parents(one)[0], last_name=common(draw, LAST), phones=phone(draw))
    return again(one, {}, mother, *children(one))


def mistyped(draw: Draw, one: Family) -> Family:
    numbers = {}
    for typed in one.sketch.numbers.values():
        place = draw.randrange(2, 8)
        wrong = typed[:place] + str((int(typed[place]) + 1) % 10) + typed[place + 1 :]
        numbers[case_number_key(wrong)] = wrong
    people = [
        replace(one_, born=date(one_.born.year, one_.born.month, max(1, one_.born.day - 1)))
        if one_.born
        else one_
        for one_ in one.sketch.people
    ]
    return again(one, numbers, *people)


KINDS: dict[str, Callable[[Draw, Family], Family]] = {
    "Written differently (capitals, accents, hyphens, case number)": written_differently,
    "Over the telephone: names misheard, no case number": over_the_telephone,
    "The same, and a new or no phone": telephone_and_new_phone,
    "A bad line: one parent and one child, all names misheard, nothing else": hardly_understood,
    "Short forms and initials, no case number": short_forms,
    "Double surnames in another order, one more or one less, no case number": double_names,
    "A sibling later: one parent, another child": a_sibling_later,
    "Again after it was closed, with a new phone": after_it_was_closed,
    "The mother's last name changed, new phone, no case number": another_last_name,
    "Case number and birthdays mistyped": mistyped,
}


# Others, who are near and not the same


def cousins(draw: Draw, one: Family, truth: int) -> Family:
    """Another mother of the same last name; half of them live in one household with one phone."""
    other = family(draw, truth).sketch
    last = parents(one)[0].last_name
    shared = parents(one)[0].phones if draw.random() < 0.5 else {}
    people = [
        replace(person, last_name=last, phones=shared or person.phones) for person in other.people
    ]
    return Family(truth, Sketch(other.numbers, tuple(people)))


def namesake(draw: Draw, one: Family, truth: int) -> Family:
    """A mother of the very same name, with children of her own."""
    other = family(draw, truth).sketch
    mother = parents(one)[0]
    first, *rest = other.people
    same = replace(first, first_name=mother.first_name, last_name=mother.last_name)
    people = [replace(p, last_name=mother.last_name) if p.of is KeyOf.CHILD else p for p in rest]
    return Family(truth, Sketch(other.numbers, (same, *people)))


def measure(seed: int, size: int, each: int) -> tuple[dict[str, Result], dict[str, Result]]:
    """Of each kind of "again", and of those who are near and not the same: there `found` counts
    for how many the other one was shown."""
    draw = Draw(seed)
    people = Population()
    for truth in range(size):
        people.add(family(draw, truth))
    results: dict[str, Result] = {}
    for name, make in KINDS.items():
        result = results[name] = Result()
        for one in draw.sample(people.families, each):
            told = make(draw, one)
            shown, in_sight, compared = people.shown_for(told)
            same = [other.truth == told.truth for other in shown]
            result.searched += 1
            result.found += any(same)
            result.not_blocked += not compared
            result.false += len(same) - sum(same)
            result.likely += any(same[:in_sight])
            result.likely_false += in_sight - sum(same[:in_sight])
            result.first += any(same[:1])
    near: dict[str, Result] = {}
    makers = {"Cousins: one last name, every second pair one phone": cousins,
              "Namesakes: mothers of the very same name": namesake}  # fmt: skip
    for name, make_other in makers.items():
        result = near[name] = Result()
        for place, one in enumerate(draw.sample(people.families, each)):
            other = make_other(draw, one, size + place)
            shown, in_sight, _compared = people.shown_for(other)
            result.searched += 1
            result.found += any(found.truth == one.truth for found in shown)
            result.likely += any(found.truth == one.truth for found in shown[:in_sight])
    return results, near


def page(seed: int, size: int, each: int) -> str:
    results, near = measure(seed, size, each)
    searched = sum(one.searched for one in results.values())
    found = sum(one.found for one in results.values())
    false = sum(one.false for one in results.values())
    likely = sum(one.likely for one in results.values())
    likely_false = sum(one.likely_false for one in results.values())
    first = sum(one.first for one in results.values())
    lines = [
        "# Look-alikes in figures",
        "",
        f"Made by `python -m bench.look_alikes` (seed {seed}): {size:,} made-up families, {each} of"
        ' each kind of "the same family again". What is compared and why is told in',
        "[decision 18](../decisions/0018-look-alikes.md). The noise is the generator's, so read the"
        " figures as a comparison of kinds, not as a promise about real referrals."
        " The weights were adjusted once after a smaller run with the same generator and seed (it"
        " found all of 540 pairs, with a precision of 37%, and had no bad lines in it): these are"
        " no figures of unseen families.",
        "",
        "| the same family again | n | found | recall | not even compared | others shown, each |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, one in results.items():
        lines.append(
            f"| {name} | {one.searched} | {one.found} | {one.found / one.searched:.1%} |"
            f" {one.not_blocked} | {one.false / one.searched:.2f} |"
        )
    lines += [
        f"| **All** | {searched:,} | {found:,} | {found / searched:.1%} | |"
        f" {false / searched:.2f} |",
        "",
        f"**Recall {found / searched:.1%}, precision {found / (found + false):.1%}**: of"
        f" {found + false:,} that were shown, {found:,} were the family searched for.",
        "",
        "What has little in common is folded away as less likely, and unfolded where nothing is"
        " likely and no more than three are left. Where that begins was chosen with another seed."
        f" **In sight as likely: {likely:,} of the {searched:,} families searched for"
        f" ({likely / searched:.1%}), and {likely_false:,} others: precision"
        f" {likely / (likely + likely_false):.1%}.** In sight or not, the family searched for"
        f" stands first {first:,} times ({first / searched:.1%}).",
        "",
        "Families that are near and are not the same, and for how many of them the other was shown"
        " (a person then sees what differs):",
        "",
        "| near, and not the same | n | shown | as likely |",
        "|---|--:|--:|--:|",
    ]
    lines += [
        f"| {name} | {one.searched} | {one.found} ({one.found / one.searched:.1%}) |"
        f" {one.likely} ({one.likely / one.searched:.1%}) |"
        for name, one in near.items()
    ]
    return "\n".join([*lines, MISSED])


MISSED = """
## What is missed, and why

- **A bad line**: one first and one last name, both misheard, with no birthday, phone or case
  number. Where the sound changed with the name nothing is left to look up; where it did not,
  the two names together weigh too little to be shown among all who sound like that.
- A teenager in care who is now a parent: parents are compared with parents only.
- Short forms beyond a small table and beyond the beginning of a name, names in other scripts
  spelt in another way, and one name written in two scripts.
- A family that another unit carries: it is absent for this supervisor, as everywhere. The other
  unit's supervisors see the new referral beside it.

What is shown and is not the same: most are parents of the same common name, or children of one
name, where the referral says too little to tell them apart."""


if __name__ == "__main__":
    sys.stdout.write(page(SEED, POPULATION, EACH) + "\n")
