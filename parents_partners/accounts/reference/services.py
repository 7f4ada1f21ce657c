"""Changing the programme's lists and settings. It works from the next page on; each change is on
record. Nothing is deleted: what was used keeps its words."""

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from parents_partners.accounts.reference.queries import last_change_of_list, last_change_of_setting
from parents_partners.accounts.reference.types import (
    AT_LEAST_A_DAY,
    LANGUAGE_CODE,
    LISTS,
    LONGEST_CODE,
    LONGEST_LABEL,
    MOST_DAYS,
    NOT_LESS_THAN,
    Change,
    EntryCommand,
    Move,
    SettingKind,
)
from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db, unless_taken
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import ListItem, Setting, needed_codes
from parents_partners.core.text import clean, fold, phone_e164, problem_with_text

NEEDED = "The program itself needs this entry, so it cannot end. Reword it instead."


def add_entry(list_name: str, command: EntryCommand, *, actor: Actor, now: datetime) -> ListItem:
    """Add an entry at the end of a list. Its code is made from the label, once and for all.

    Raises Refused for words that cannot be kept, or that stand in the list already."""
    entries = _hold(list_name)
    code = _code_of_new(list_name, command, entries)
    item = ListItem(
        list_name=list_name,
        code=code,
        label=clean(command.label),
        public_label=_public_label(list_name, command),
        position=max((entry.position for entry in entries), default=0) + 1,
    )
    with unless_taken(lambda: _code_of_new(list_name, command, _hold(list_name))):
        db.session.add(item)
    _write_down(item, "added", actor=actor, now=now)
    db.session.flush()
    return item


def reword_entry(
    item: ListItem,
    command: EntryCommand,
    *,
    seen: tuple[str, str | None],
    actor: Actor,
    now: datetime,
) -> None:
    """Say an entry in other words, wherever it was used too. `seen`: label and words for agencies
    as they stood on the page.

    Raises AlreadyDone if somebody else reworded it meanwhile, Refused as `add_entry` does."""
    others = [entry for entry in _hold(item.list_name) if entry.code != item.code]
    if (item.label, item.public_label) != seen:
        last = last_change_of_list(item.list_name)
        raise _overtaken(f"This entry was changed: {item.label}.", last)
    _refuse_words(command, others)
    label, public_label = clean(command.label), _public_label(item.list_name, command)
    changed = [
        name
        for name, before, after in (
            ("label", item.label, label),
            ("public_label", item.public_label, public_label),
        )
        if before != after
    ]
    item.label, item.public_label = label, public_label
    for what in changed:
        _write_down(item, what, actor=actor, now=now)
    db.session.flush()


def move_entry(item: ListItem, move: Move, *, actor: Actor, now: datetime) -> None:
    """One place up or down. At the end of the list already: nothing happens."""
    entries = _hold(item.list_name)
    at = entries.index(item)
    to = at + (1 if move is Move.DOWN else -1)
    if not 0 <= to < len(entries):
        return
    entries[at], entries[to] = entries[to], entries[at]
    for position, entry in enumerate(entries, start=1):
        entry.position = position
    _write_down(item, "moved", actor=actor, now=now)
    db.session.flush()


def end_entry(item: ListItem, ended_on: date, *, actor: Actor, now: datetime) -> None:
    """From this local day on nobody can choose it. What it was used for keeps its words.

    Raises Refused for a past day, for an entry that the program itself needs, and for the last
    one of a list; AlreadyDone where it has an end already."""
    entries = _hold(item.list_name)
    today = local_day(now, programme_zone())
    if item.code in needed_codes(item.list_name):
        raise Refused({"ended_on": NEEDED})
    if item.ended_on is not None:
        last = last_change_of_list(item.list_name)
        raise _overtaken("This entry has an end already.", last)
    if ended_on < today:
        raise Refused({"ended_on": "This day is over. Give a day from today on."})
    if not any(entry.ended_on is None for entry in entries if entry is not item):
        raise Refused(
            {"ended_on": "It is the last one. Add another first: there would be nothing to choose."}
        )
    item.ended_on = ended_on
    _write_down(item, "ended", actor=actor, now=now, ended_on=ended_on.isoformat())
    db.session.flush()


def take_back_end(item: ListItem, *, actor: Actor, now: datetime) -> None:
    """It can be chosen again. Raises Refused if it has no end."""
    _hold(item.list_name)
    if item.ended_on is None:
        raise Refused("This entry can be chosen already.")
    item.ended_on = None
    _write_down(item, "end_taken_back", actor=actor, now=now)
    db.session.flush()


def change_setting(setting: Setting, value: str, *, seen: str, actor: Actor, now: datetime) -> bool:
    """Put another value in force, from now on. `seen` is the value that stood on the page. False:
    it is the value that is in force already.

    Raises Refused for a value of the wrong kind, AlreadyDone if somebody else changed it
    meanwhile."""
    _hold_setting(setting)
    if setting.value != seen:
        last = last_change_of_setting(setting.name)
        raise _overtaken(f"This setting was changed to {setting.value}.", last)
    value = _checked(setting.name, value)
    if value == setting.value:
        return False
    numbers = (
        {"from": int(setting.value), "to": int(value)}
        if SettingKind.of(setting.name) is SettingKind.DAYS
        else {}
    )
    setting.value = value
    audit.record(
        Event.SETTING_CHANGED, setting, actor=actor, now=now, setting=setting.name, **numbers
    )
    db.session.flush()
    return True


def _hold(list_name: str) -> list[ListItem]:
    """The list as it is now, in its order; nobody else changes it until the transaction ends."""
    of_list = select(ListItem).where(ListItem.list_name == list_name)
    # By what never changes, and read afterwards: whoever had to wait is given the rows in the
    # order that they had before, and without what was added.
    db.session.scalars(of_list.order_by(ListItem.code).with_for_update()).all()
    return list(
        db.session.scalars(
            of_list.order_by(ListItem.position, ListItem.code).execution_options(
                populate_existing=True
            )
        )
    )


def _hold_setting(setting: Setting) -> None:
    """With those that it is compared with: two who change one each must not pass each other."""
    names = {setting.name}.union(*(pair for pair in NOT_LESS_THAN.items() if setting.name in pair))
    db.session.scalars(
        select(Setting)
        .where(Setting.name.in_(names))
        .order_by(Setting.name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _days_now(name: str) -> int:
    """Of a setting that is held."""
    return int(db.session.get_one(Setting, name).value)


def _refuse_words(command: EntryCommand, others: list[ListItem]) -> None:
    problems = {}
    for field, text, what in (
        ("label", command.label, "The label"),
        ("public_label", command.public_label or "", "The words for agencies"),
    ):
        problem = problem_with_text(text, multiline=False, max_length=LONGEST_LABEL, what=what)
        if problem:
            problems[field] = problem
    if "label" not in problems:
        if not clean(command.label):
            problems["label"] = "Write what people read."
        elif fold(command.label) in {fold(entry.label) for entry in others}:
            problems["label"] = (
                "This is in the list already. An entry that ended can be taken back."
            )
    if problems:
        raise Refused(problems)


def _code_of_new(list_name: str, command: EntryCommand, entries: list[ListItem]) -> str:
    """Raises Refused as `add_entry` does."""
    _refuse_words(command, entries)
    typed = LISTS[list_name].typed_code
    return _typed_code(command.code, entries) if typed else _code_for(command.label, entries)


def _typed_code(code: str | None, entries: list[ListItem]) -> str:
    if code is None or len(code) > LONGEST_CODE or not LANGUAGE_CODE.fullmatch(code):
        raise Refused({"code": "Write the language's code, like wo for Wolof or zh-Hant."})
    if code in {entry.code for entry in entries}:
        raise Refused({"code": "This code is in the list already."})
    return code


def _code_for(label: str, entries: list[ListItem]) -> str:
    """`substance_use` of “Substance use”; with a number where that is taken."""
    folded = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[: LONGEST_CODE - 4].strip("_")
    stem = folded or "entry"
    taken = {entry.code for entry in entries}
    tries = [stem, *(f"{stem}_{number}" for number in range(2, len(taken) + 3))]
    return next(code for code in tries if code not in taken)


def _public_label(list_name: str, command: EntryCommand) -> str | None:
    return (clean(command.public_label or "") or None) if LISTS[list_name].for_agencies else None


def _write_down(item: ListItem, what: str, *, actor: Actor, now: datetime, **detail: Any) -> None:
    audit.record(
        Event.LIST_CHANGED,
        item,
        actor=actor,
        now=now,
        list=item.list_name,
        code=item.code,
        what=what,
        **detail,
    )


def _overtaken(what: str, last: Change | None) -> AlreadyDone:
    if last is None:
        return AlreadyDone(what, by=None, at=None)
    return AlreadyDone(what, by=last.by, by_id=last.by_id, at=last.at)


def _checked(name: str, value: str) -> str:
    problem = problem_with_text(value, multiline=False, max_length=LONGEST_LABEL, what="The value")
    if problem:
        raise Refused({"value": problem})
    value = clean(value)
    kind = SettingKind.of(name)
    if kind is SettingKind.DAYS:
        return _checked_days(name, value)
    if not value:
        raise Refused({"value": "Give a value: the setting is used on pages."})
    if kind is SettingKind.PHONE and phone_e164(value) is None:
        raise Refused(
            {"value": "Write a telephone number with its area code, like (212) 555-0123."}
        )
    if kind is SettingKind.VERSION and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}", value):
        raise Refused({"value": "Write up to 20 letters, digits, points and hyphens, like 2026-1."})
    return value


def _checked_days(name: str, value: str) -> str:
    least = 1 if name in AT_LEAST_A_DAY else 0
    if not re.fullmatch(r"[0-9]{1,3}", value) or not least <= int(value) <= MOST_DAYS:
        raise Refused({"value": f"Write whole days, a number from {least} to {MOST_DAYS}."})
    days = int(value)
    for longer, shorter in NOT_LESS_THAN.items():
        if name == longer and days < (lowest := _days_now(shorter)):
            raise Refused({"value": f"It cannot be less than {shorter}, which is {lowest}."})
        if name == shorter and days > (highest := _days_now(longer)):
            raise Refused({"value": f"It cannot be more than {longer}, which is {highest}."})
    return str(days)
