"""What is compared, and what comes of it. Points order and sort out; people read words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from parents_partners.core.types import Labelled
from parents_partners.referrals.types import KeyOf


class Agreement(Labelled):
    """How one thing that was said of both stands."""

    SAME = "same", "Agrees"
    ALIKE = "alike", "Nearly agrees"
    DIFFERS = "differs", "Differs"
    NOT_SAID = "not_said", "Not said"


@dataclass(frozen=True)
class Somebody:
    """A person as one side describes them. `key` is their place among the agreeing parents, or
    the children, of a referral (from 0), or the public id of a known person. `phones` are E.164
    with what was typed."""

    of: KeyOf
    key: str
    first_name: str
    last_name: str
    born: date | None = None
    phones: Mapping[str, str] = field(default_factory=dict)
    relationship: str | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Sketch:
    """A family as one side describes it. `numbers` are folded case numbers with what was typed,
    the one that the family goes by first."""

    numbers: Mapping[str, str]
    people: tuple[Somebody, ...]

    def of(self, role: KeyOf) -> tuple[Somebody, ...]:
        return tuple(person for person in self.people if person.of is role)


@dataclass(frozen=True)
class Point:
    """One thing said of both, side by side. None: this side did not say."""

    what: str
    left: str | None
    right: str | None
    agreement: Agreement
    words: str
    weight: float = 0.0


@dataclass(frozen=True)
class Pair:
    """Two who are looked at beside each other, or one who has nobody on the other side.
    `likely`: a person would take them for one."""

    left: Somebody | None
    right: Somebody | None
    points: tuple[Point, ...] = ()
    likely: bool = False
    weight: float = 0.0


@dataclass(frozen=True)
class Match:
    """What two have in common, in words, and as typed on the side at hand."""

    words: str
    shown: str


@dataclass(frozen=True)
class Likeness:
    """Two families beside each other. `weight` orders those that are shown; nobody reads it."""

    weight: float
    matches: tuple[Match, ...]
    numbers: Point
    pairs: tuple[Pair, ...]
