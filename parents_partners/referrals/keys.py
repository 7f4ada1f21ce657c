"""Under which keys a referral is found again. Never of a parent who did not agree (REF-03):
a submission holds no name or number of theirs, so none can come in here."""

from collections.abc import Iterable
from dataclasses import dataclass

from parents_partners.cases.names import name_key
from parents_partners.core.search import sound_of
from parents_partners.core.text import case_number_key, phone_e164
from parents_partners.core.words import date_words
from parents_partners.referrals.submission import Submission
from parents_partners.referrals.types import KeyKind, KeyOf


@dataclass(frozen=True)
class SearchKey:
    """`shown` is the name or number as it was typed, for people."""

    kind: KeyKind
    of: KeyOf
    value: str
    shown: str


def search_keys(submission: Submission) -> tuple[SearchKey, ...]:
    """Each key once, in the order of the form: case number, parents, children. Two referrals that
    share one may be of one family."""
    found: dict[tuple[KeyKind, KeyOf, str], SearchKey] = {}

    def add(kind: KeyKind, of: KeyOf, value: str | None, shown: str) -> None:
        if value:
            found.setdefault((kind, of, value), SearchKey(kind, of, value, shown))

    if number := submission.case.number:
        add(KeyKind.NUMBER, KeyOf.CASE, case_number_key(number), number)
    for parent in submission.agreeing_parents:
        key = name_key(parent.first_name, parent.last_name)
        add(KeyKind.NAME, KeyOf.PARENT, key, f"{parent.first_name} {parent.last_name}")
        if parent.phone:
            add(KeyKind.PHONE, KeyOf.PARENT, phone_e164(parent.phone), parent.phone)
    for child in submission.children:
        key = name_key(child.first_name, child.last_name)
        add(KeyKind.NAME, KeyOf.CHILD, key, f"{child.first_name} {child.last_name}")
        if child.date_of_birth:
            born = child.date_of_birth
            add(KeyKind.BORN, KeyOf.CHILD, born.isoformat(), date_words(born))
    return tuple(found.values())


def own_keys(submission: Submission) -> tuple[SearchKey, ...]:
    """By what the referral itself is found, and nothing follows for another one: the name of its
    case, and the sender's own number for it. A case bears a parent's name, so it is no key where
    somebody did not agree (REF-03)."""
    keys = []
    if len(submission.agreeing_parents) == len(submission.parents):
        name = submission.case.name
        keys.append(SearchKey(KeyKind.CASE_NAME, KeyOf.CASE, name_key(name, ""), name))
    if given := submission.external_id:
        keys.append(SearchKey(KeyKind.SENDERS_ID, KeyOf.CASE, case_number_key(given), given))
    return tuple(key for key in keys if key.value)


def sounds(keys: Iterable[tuple[KeyKind, str]]) -> list[str]:
    """What the words of these names sound like, each once."""
    names = (value for kind, value in keys if kind is KeyKind.NAME)
    return sorted({sound_of(word) for name in names for word in name.split()})
