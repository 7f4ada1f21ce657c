"""The programme's lists and settings with who changed them last (pitfall 8)."""

from datetime import date

from sqlalchemy import select

from parents_partners.accounts.reference.types import (
    LISTS,
    Change,
    EntryRow,
    ListRow,
    SettingKind,
    SettingRow,
)
from parents_partners.audit.queries import last_changes
from parents_partners.audit.types import Event
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.reference import ListItem, Setting, needed_codes


def lists(*, today: date) -> list[ListRow]:
    changed = _changes(Event.LIST_CHANGED, "list")
    entries: dict[str, list[bool]] = {}
    for name, ended_on in db.session.execute(
        select(ListItem.list_name, ListItem.ended_on)
    ).tuples():
        entries.setdefault(name, []).append(ended_on is None or ended_on > today)
    return [
        ListRow(
            name=name,
            words=words,
            in_use=sum(entries.get(name, [])),
            ended=len(entries.get(name, [])) - sum(entries.get(name, [])),
            changed=changed.get(name),
        )
        for name, words in LISTS.items()
    ]


def entries_of(list_name: str, *, today: date) -> list[EntryRow]:
    """Every entry in its order, ended ones too. Raises Absent where there is no such list."""
    if list_name not in LISTS:
        raise Absent
    needed = needed_codes(list_name)
    return [
        EntryRow(
            code=item.code,
            label=item.label,
            public_label=item.public_label,
            ended_on=item.ended_on,
            has_ended=item.ended_on is not None and item.ended_on <= today,
            needed=item.code in needed,
        )
        for item in db.session.scalars(
            select(ListItem)
            .where(ListItem.list_name == list_name)
            .order_by(ListItem.position, ListItem.code)
        )
    ]


def entry_in(list_name: str, code: str) -> ListItem:
    """Raises Absent."""
    item = db.session.get(ListItem, (list_name, code))
    if item is None:
        raise Absent
    return item


def last_change_of_list(list_name: str) -> Change | None:
    return _changes(Event.LIST_CHANGED, "list").get(list_name)


def settings() -> list[SettingRow]:
    changed = _changes(Event.SETTING_CHANGED, "setting")
    return [
        SettingRow(row.name, row.value, row.help, SettingKind.of(row.name), changed.get(row.name))
        for row in db.session.scalars(select(Setting).order_by(Setting.name))
    ]


def setting_called(name: str) -> Setting:
    """Raises Absent."""
    found = db.session.get(Setting, name)
    if found is None:
        raise Absent
    return found


def last_change_of_setting(name: str) -> Change | None:
    return _changes(Event.SETTING_CHANGED, "setting").get(name)


def _changes(event: Event, named: str) -> dict[str, Change]:
    return {
        name: Change(by=change.by, by_id=change.by_id, at=change.at)
        for name, change in last_changes(event, named).items()
    }
