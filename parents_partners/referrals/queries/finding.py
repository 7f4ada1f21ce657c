"""Which referrals somebody means. First what contains the words typed; where that finds little,
what sounds like them or is spelt like them. Every step is a look-up on an index and bounded."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, bindparam, func, intersect, or_, select

from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, ViewerKind
from parents_partners.core.db import db, only_row, rows
from parents_partners.core.search import (
    SHORTEST,
    closeness,
    contains,
    engine_of_search,
    newest_containing,
    said_to_contain,
    sound_of,
)
from parents_partners.core.sql import so_many
from parents_partners.referrals.looking_for import LookedFor, readings_of
from parents_partners.referrals.models import NameSound, ReferenceCounter, Referral, ReferralKey
from parents_partners.referrals.types import KeyKind, Matched

MOST_KEYS = 400
"""Of what one step finds for one viewer, the newest."""

MOST_HITS = 5000
"""Hits that are looked through for what the viewer may see, the newest."""

MOST_CANDIDATES = 200
LITTLE = 5
CLOSE = 75
"""Of 100: `temi oyelarin` is found for `temitope oyelaran`, `maria` is not for `martin`."""

_PIECE = 4
"""Characters at the beginning or the end of a word that somebody has right; of one word among
others fewer are enough."""

_BEGINNING = 2

_NAMES = (KeyKind.NAME, KeyKind.CASE_NAME)
_NUMBERS = (KeyKind.NUMBER, KeyKind.SENDERS_ID)
_MATCHED = {
    KeyKind.NUMBER: Matched.NUMBER,
    KeyKind.SENDERS_ID: Matched.SENDERS_ID,
    KeyKind.NAME: Matched.NAME,
    KeyKind.CASE_NAME: Matched.CASE_NAME,
    KeyKind.PHONE: Matched.PHONE,
}


Rule: TypeAlias = Callable[[Actor], ColumnElement[bool]]


@dataclass(frozen=True)
class Scope:
    """Among which referrals: those of which `rule`, a condition on `Referral`, lets the viewer
    learn. `few`: so few that they are looked at one by one, whatever else the table holds."""

    viewer: Actor
    rule: Rule
    few: bool = False
    among: tuple[int, ...] | None = None

    def within(self, referral_ids: Collection[int]) -> "Scope":
        return replace(self, few=True, among=tuple(referral_ids))

    @property
    def condition(self) -> ColumnElement[bool]:
        return _condition(self.rule, self.viewer.kind, self.among is not None)

    @property
    def values(self) -> dict[str, Any]:
        """For a query with the condition."""
        return {**said_of(self.viewer), "among": self.among or ()}


@cache
def _condition(rule: Rule, kind: ViewerKind, is_bounded: bool) -> ColumnElement[bool]:
    """Built once for each kind of viewer: building it costs more than a search."""
    condition = rule(stand_in(kind))
    if is_bounded:
        return Referral.id.in_(bindparam("among", expanding=True)) & condition
    return condition


@dataclass
class Found:
    """What matched, by the referral's id. `more`: not all there may be was looked through."""

    matched: defaultdict[int, set[Matched]] = field(default_factory=lambda: defaultdict(set))
    more: bool = False

    def add(self, other: "Found") -> None:
        """What the other found, too."""
        for referral_id, matched in other.matched.items():
            self.matched[referral_id] |= matched
        self.more |= other.more


def find(meant: LookedFor, scope: Scope) -> Found:
    """By number and by name; where both are given, what has both. Letters beside digits are a name
    where one is found, and part of the number where none is."""
    if meant.named:
        found = find(meant.named, scope)
        if found.matched:
            return found
    if not meant.number:
        return find_by_name(meant.words, scope)
    found = find_by_number(meant, scope)
    if meant.words and found.matched:
        named = find_by_name(meant.words, scope.within(found.matched))
        for referral_id, matched in named.matched.items():
            matched |= found.matched[referral_id]
        named.more |= found.more
        return named
    return found if not meant.words else Found()


def find_by_number(meant: LookedFor, scope: Scope) -> Found:
    """By reference, case number or part of it, the sender's own number, phone."""
    found = _by_reference(meant, scope)
    found.add(_by_case_numbers(meant.case_numbers, scope))
    found.add(find_by_phone(meant, scope))
    return found


def find_by_phone(meant: LookedFor, scope: Scope) -> Found:
    if not meant.phone:
        return Found()
    return _containing(
        [meant.phone], (KeyKind.PHONE,), scope, lambda value: value.endswith(meant.phone)
    )


def find_by_name(words: Sequence[str], scope: Scope) -> Found:
    """What contains every word, or a name that begins with it where it is short; then what sounds
    or is spelt like them."""
    found = Found()
    if not words:
        return found
    long = [word for word in words if len(word) >= SHORTEST]
    short = [word for word in words if len(word) < SHORTEST]
    if long:
        found = _containing(long, _NAMES, scope, lambda value: _begins_words(value, short))
    if len(found.matched) < LITTLE:
        for referral_id, matched in _alike(words, scope, found.matched).items():
            found.matched[referral_id].add(matched)
    return found


def _by_reference(meant: LookedFor, scope: Scope) -> Found:
    found = Found()
    years = list(db.session.scalars(select(ReferenceCounter.year)))
    if references := meant.references(years):
        query = select(Referral.id).where(Referral.reference.in_(references), scope.condition)
        for (referral_id,) in rows(query.limit(so_many(MOST_KEYS)), scope.values):
            found.matched[referral_id].add(Matched.REFERENCE)
    return found


def _by_case_numbers(keys: Sequence[str], scope: Scope) -> Found:
    """By the first of these readings under which somebody is known."""
    found = Found()
    for key in keys:
        if not found.matched:
            found.add(_by_case_number(key, scope))
    return found


def _by_case_number(key: str, scope: Scope) -> Found:
    letters = "".join(sign for sign in key if not sign.isdigit())
    digits = key[len(letters) :]
    if len(digits) >= SHORTEST:
        return _containing(
            [digits], _NUMBERS, scope, lambda value: not letters or value.startswith(letters)
        )
    if not key:
        return Found()
    query = _keys(scope.condition)
    query = query.where(ReferralKey.kind.in_(_NUMBERS), ReferralKey.value == key)
    return _gathered(rows(query, scope.values), _NUMBERS)


def _keys(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(ReferralKey.referral_id, ReferralKey.kind, ReferralKey.value)
        .join(Referral, Referral.id == ReferralKey.referral_id)
        .where(condition)
        .order_by(ReferralKey.id.desc())
        .limit(so_many(MOST_KEYS))
    )


def _containing(words: Sequence[str], kinds: Collection[KeyKind], scope: Scope, fits: Any) -> Found:
    values = {**scope.values, **said_to_contain(words)}
    if scope.few:
        query = _keys(scope.condition).where(contains(ReferralKey.value, len(words)))
        return _gathered(rows(query, values), kinds, fits)
    found_keys, looked_at = _on_index(
        scope.rule, scope.viewer.kind, len(words), engine_of_search(), MOST_HITS
    )
    keys = rows(found_keys, values)
    found = _gathered(keys, kinds, fits)
    number = keys[0].looked_at if keys else only_row(looked_at, values)[0]
    found.more |= number == MOST_HITS
    return found


@cache
def _on_index(
    rule: Rule, kind: ViewerKind, words: int, _engine: str, most: int
) -> tuple[Select[*tuple[Any, ...]], Select[int]]:
    """The keys, each beside how many hits were looked through for them; and that number alone, for
    where there is no key. Built once for each kind of viewer and number of words."""
    # Each step by itself and once, or an engine looks into the index for each use of what it found,
    # and asks who may see a referral for every hit.
    hits = (
        newest_containing(ReferralKey.value, words, most=most)
        .cte("hits")
        .prefix_with("MATERIALIZED")
    )
    looked_at = select(func.count()).select_from(hits)
    fits = (
        select(ReferralKey.id, ReferralKey.referral_id, ReferralKey.kind, ReferralKey.value)
        .where(ReferralKey.id.in_(select(hits.c.id)), contains(ReferralKey.value, words))
        .cte("fits")
        .prefix_with("MATERIALIZED")
    )
    seen = (
        select(Referral.id)
        .where(Referral.id.in_(select(fits.c.referral_id)), _condition(rule, kind, False))
        .cte("seen")
        .prefix_with("MATERIALIZED")
    )
    keys = (
        select(
            fits.c.referral_id,
            fits.c.kind,
            fits.c.value,
            looked_at.scalar_subquery().label("looked_at"),
        )
        .where(fits.c.referral_id.in_(select(seen.c.id)))
        .order_by(fits.c.id.desc())
        .limit(so_many(MOST_KEYS))
    )
    return keys, looked_at


def _gathered(keys: Sequence[Any], kinds: Collection[KeyKind], fits: Any = None) -> Found:
    found = Found()
    for row in keys:
        if row.kind in kinds and (fits is None or fits(row.value)):
            found.matched[row.referral_id].add(_MATCHED[row.kind])
    found.more = len(keys) == MOST_KEYS
    return found


def _begins_words(name: str, beginnings: Collection[str]) -> bool:
    words = name.split()
    return all(any(word.startswith(one) for word in words) for one in beginnings)


def _alike(words: Sequence[str], scope: Scope, known: Collection[int]) -> dict[int, Matched]:
    """Referrals whose names come close to these words, the closest first."""
    readings = readings_of(tuple(words))
    candidates = {one for reading in readings for one in _candidates(reading, scope)} - set(known)
    names: defaultdict[int, set[str]] = defaultdict(set)
    # The kind is looked at here: an index on it would be taken, and read as a whole.
    for referral_id, kind, name in db.session.execute(
        select(ReferralKey.referral_id, ReferralKey.kind, ReferralKey.value).where(
            ReferralKey.referral_id.in_(candidates)
        )
    ).tuples():
        if kind is KeyKind.NAME:
            names[referral_id].update(name.split())
    close = {
        referral_id: max(closeness(reading, names[referral_id]) for reading in readings)
        for referral_id in names
    }
    best = sorted(close, key=lambda one: (-close[one], -one))
    return {
        referral_id: Matched.NAME if close[referral_id] == 100 else Matched.ALIKE
        for referral_id in best
        if close[referral_id] >= CLOSE
    }


def _candidates(words: Sequence[str], scope: Scope) -> list[int]:
    """Referrals that may be meant: every word sounds so in one of their names; if there are few of
    these, every word but one does, and a name begins or ends like that one."""
    if scope.few:
        return _newest(scope)
    found = _newest(scope, _all_sound(words))
    if len(found) >= LITTLE:
        return found
    for misspelt in (word for word in words if len(word) > SHORTEST):
        others = [word for word in words if word != misspelt]
        if others:
            # No word about the kind of key: an index on it would be taken, and read as a whole.
            keys = select(ReferralKey.referral_id).where(
                ReferralKey.referral_id.in_(_all_sound(others)),
                _has_word_at_its_ends(misspelt[:_BEGINNING], misspelt[-_BEGINNING:]),
            )
            found += _newest(scope, keys)
        else:
            for piece in (misspelt[:_PIECE], misspelt[-_PIECE:]):
                hits = newest_containing(ReferralKey.value, 1, most=MOST_CANDIDATES * 5)
                keys = select(ReferralKey.referral_id).where(
                    ReferralKey.id.in_(hits), contains(ReferralKey.value, 1)
                )
                found += _newest(scope, keys, said_to_contain([piece]))
    return found


def _has_word_at_its_ends(beginning: str, end: str) -> ColumnElement[bool]:
    value = ReferralKey.value
    return or_(
        value.startswith(beginning, autoescape=True),
        value.contains(f" {beginning}", autoescape=True),
        value.endswith(end, autoescape=True),
        value.contains(f"{end} ", autoescape=True),
    )


def _newest(scope: Scope, ids: Any = None, values: Mapping[str, Any] | None = None) -> list[int]:
    referrals = select(Referral.id).where(scope.condition).order_by(Referral.id.desc())
    if ids is not None:
        referrals = referrals.where(Referral.id.in_(ids))
    limited = referrals.limit(so_many(MOST_CANDIDATES))
    return [referral_id for (referral_id,) in rows(limited, {**scope.values, **(values or {})})]


def _all_sound(words: Sequence[str]) -> Select[tuple[int]]:
    """The newest referrals in whose names every one of these words is heard."""
    heard = intersect(
        *(
            select(NameSound.referral_id).where(NameSound.value == sound)
            for sound in sorted({sound_of(word) for word in words})
        )
    ).subquery()
    return (
        select(heard.c.referral_id).order_by(heard.c.referral_id.desc()).limit(so_many(MOST_HITS))
    )
