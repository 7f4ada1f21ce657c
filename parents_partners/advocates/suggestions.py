"""Which Family Specialist suits a family, and why: the same order for everybody, with the reasons
in words (PP-05). Needs no database; `queries.suggestions` gathers what it is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from parents_partners.advocates.types import AgeBand
from parents_partners.cases.types import Borough
from parents_partners.core.errors import Refused
from parents_partners.core.words import count_words, joined_words, when_words

CLASH = timedelta(hours=2)
"""Two conferences that begin less than this apart cannot both be attended."""


@dataclass(frozen=True)
class ConferenceAhead:
    """`kind` in words."""

    kind: str
    starts_at: datetime


@dataclass(frozen=True)
class FamilyToRoute:
    """What routing knows of a family. `languages` and `concerns` map codes to words; `ages` are
    the children's in years."""

    languages: Mapping[str, str]
    borough: Borough | None
    ages: tuple[int, ...]
    concerns: Mapping[str, str]
    conferences: tuple[ConferenceAhead, ...]


@dataclass(frozen=True)
class Candidate:
    """A Family Specialist as routing sees them. `families` counts those they carry or are
    offered; `conferences` are those of their families in the coming time."""

    public_id: str
    name: str
    capacity: int
    families: int
    languages: frozenset[str]
    boroughs: frozenset[str]
    age_bands: frozenset[str]
    concerns_taken: frozenset[str]
    concerns_not_taken: frozenset[str]
    conferences: tuple[ConferenceAhead, ...] = ()
    away: bool = False
    in_conflict: bool = False
    worked_with_family: bool = False

    @property
    def room(self) -> int:
        return self.capacity - self.families


@dataclass(frozen=True)
class Suggestion:
    """`public_id` is None where nothing may be offered: there is then nothing to choose."""

    public_id: str | None
    name: str
    available: bool
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


def why_another(suggestions: Iterable[Suggestion], chosen: str, reason: str | None) -> str | None:
    """The reason to keep for choosing this specialist: none for the first suggested, which needs
    none. Raises Refused where another of those available was chosen without one (PP-05)."""
    available = [one.public_id for one in suggestions if one.public_id is not None]
    if available[:1] == [chosen]:
        return None
    if chosen in available and not reason:
        raise Refused(
            {
                "choice_reason": "Say in a few words why you choose somebody other than the first"
                " suggested."
            }
        )
    return reason


def suggest(
    family: FamilyToRoute, candidates: Iterable[Candidate], zone: ZoneInfo
) -> list[Suggestion]:
    """The available ones first, best first; then by name those to whom nothing may be offered.

    The order: who has worked with this family; room for another family before a full caseload;
    the parents' languages; free at the family's conferences; the borough; room left; concerns
    they take; children of these ages."""
    suitable: list[Candidate] = []
    others: list[Candidate] = []
    for candidate in candidates:
        (suitable if _is_available(candidate, family) else others).append(candidate)
    suitable.sort(key=lambda candidate: _rank(candidate, family))
    others.sort(key=_by_name)
    return [_suggestion(candidate, family, zone) for candidate in suitable] + [
        _excluded(candidate, family) for candidate in others
    ]


def _is_available(candidate: Candidate, family: FamilyToRoute) -> bool:
    return not (candidate.away or candidate.in_conflict or _not_taken(candidate, family))


def _rank(candidate: Candidate, family: FamilyToRoute) -> tuple[object, ...]:
    return (
        not candidate.worked_with_family,
        candidate.room <= 0,
        len(family.languages.keys() - candidate.languages),
        len(_clashes(candidate, family)),
        family.borough is not None and family.borough not in candidate.boroughs,
        -candidate.room,
        -len(family.concerns.keys() & candidate.concerns_taken),
        -len(_bands(family) & candidate.age_bands),
        *_by_name(candidate),
    )


def _by_name(candidate: Candidate) -> tuple[str, str]:
    return candidate.name.casefold(), candidate.public_id


def _suggestion(candidate: Candidate, family: FamilyToRoute, zone: ZoneInfo) -> Suggestion:
    reasons_for: list[str] = []
    reasons_against: list[str] = []
    if candidate.worked_with_family:
        reasons_for.append("Has worked with this family")
    spoken = [word for code, word in family.languages.items() if code in candidate.languages]
    missing = [word for code, word in family.languages.items() if code not in candidate.languages]
    if spoken:
        reasons_for.append(f"Speaks {joined_words(spoken)}")
    if missing:
        reasons_against.append(f"Does not speak {joined_words(missing, 'or')}")
    reasons_against += [
        f"Already at a conference ({theirs.kind}) on {when_words(theirs.starts_at, zone)},"
        f" when this family has one ({ours.kind})"
        for ours, theirs in _clashes(candidate, family)
    ]
    if family.borough is not None:
        if family.borough in candidate.boroughs:
            reasons_for.append(f"Works in {_in_a_sentence(family.borough)}")
        else:
            reasons_against.append(f"Does not usually work in {_in_a_sentence(family.borough)}")
    caseload = f"{candidate.families} of {candidate.capacity}"
    if candidate.room > 0:
        more = count_words(candidate.room, "more family", "more families")
        reasons_for.append(f"Has room for {more} ({caseload})")
    else:
        reasons_against.append(f"Caseload is full ({caseload})")
    taken = [word for code, word in family.concerns.items() if code in candidate.concerns_taken]
    if taken:
        reasons_for.append(f"Takes families with: {joined_words(taken)}")
    known = [band for band in AgeBand if band in _bands(family) & candidate.age_bands]
    if known:
        ages = joined_words([band.value.replace("-", " to ") for band in known])
        reasons_for.append(f"Knows children of {ages} years")
    return Suggestion(
        candidate.public_id, candidate.name, True, tuple(reasons_for), tuple(reasons_against)
    )


def _excluded(candidate: Candidate, family: FamilyToRoute) -> Suggestion:
    """An absence and a conflict look the same and say nothing; both hide the third reason."""
    if candidate.away or candidate.in_conflict:
        return Suggestion(None, candidate.name, False, (), ())
    not_taken = joined_words(_not_taken(candidate, family), "or")
    return Suggestion(
        None, candidate.name, False, (), (f"Will not take families with: {not_taken}",)
    )


def _not_taken(candidate: Candidate, family: FamilyToRoute) -> list[str]:
    """The family's concerns, in words, that this specialist will not take (PP-04)."""
    return [word for code, word in family.concerns.items() if code in candidate.concerns_not_taken]


def _clashes(
    candidate: Candidate, family: FamilyToRoute
) -> Sequence[tuple[ConferenceAhead, ConferenceAhead]]:
    return [
        (ours, theirs)
        for ours in family.conferences
        for theirs in candidate.conferences
        if abs(ours.starts_at - theirs.starts_at) < CLASH
    ]


def _bands(family: FamilyToRoute) -> set[str]:
    return {AgeBand.of(age) for age in family.ages}


def _in_a_sentence(borough: Borough) -> str:
    """`the Bronx`: the label begins a line, here it does not."""
    label = borough.label
    return label[0].lower() + label[1:] if label.startswith(("The ", "Outside ")) else label
