"""Lists and settings that a programme edits without a programmer: rows with a code that never
changes, a label that may, an order and an end date. Nothing in use is ever deleted."""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from parents_partners.core.db import Base, db, only_row


class ListItem(Base):
    """One entry of a list such as `conference_kind`.

    `public_label` is what an outside agency reads instead of the label, where the label says
    more than they may know (REF-07)."""

    __tablename__ = "list_item"

    list_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(200))
    public_label: Mapped[str | None] = mapped_column(String(200))
    position: Mapped[int]
    ended_on: Mapped[date | None]


class Setting(Base):
    """One number or text of the programme; `help` says what it does, with its unit."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    help: Mapped[str] = mapped_column(Text)


class ReferenceVersion(Base):
    """The one row that every change of a list or a setting changes, by whatever way it is made
    (triggers of migration 0006). `token` never comes back."""

    __tablename__ = "reference_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32))


_needed: defaultdict[str, set[str]] = defaultdict(set)


def needs(list_name: str, code: str) -> str:
    """Say, beside the code that speaks of it, that the program itself needs this entry: nobody can
    end it then. Gives the code."""
    _needed[list_name].add(code)
    return code


def needed_codes(list_name: str) -> frozenset[str]:
    """What the program itself speaks of by its code."""
    return frozenset(_needed[list_name])


@dataclass(frozen=True)
class _Reference:
    """Every list and every setting as they were at one version."""

    labels: Mapping[str, Mapping[str, str]]
    public_labels: Mapping[str, Mapping[str, str]]
    ended_on: Mapping[tuple[str, str], date]
    settings: Mapping[str, str]


_MOST_VERSIONS = 8
_by_version: OrderedDict[str, _Reference] = OrderedDict()
"""What the process keeps: the last versions that it met, since tests and a change that is not
committed yet make more than one at a time."""

_version = Base.metadata.tables[ReferenceVersion.__tablename__].c.token
_TOKEN = select(_version)
VERSION = _TOKEN.scalar_subquery()
"""For a query that every request makes anyway: what it gives is said to `stands_at`."""


def _reference() -> _Reference:
    """As this session sees them. Asked once a transaction: a page needs dozens of them."""
    known: dict[str, Any] = db.session.info
    if "reference" not in known:
        token = known.pop("reference_version", None) or only_row(_TOKEN).token
        if token not in _by_version:
            _by_version[token] = _read()
            while len(_by_version) > _MOST_VERSIONS:
                _by_version.popitem(last=False)
        known["reference"] = _by_version[token]
    found: _Reference = known["reference"]
    return found


def stands_at(version: str) -> None:
    """This transaction met that version: it need not ask for it."""
    db.session.info["reference_version"] = version


def _read() -> _Reference:
    labels: defaultdict[str, dict[str, str]] = defaultdict(dict)
    public: defaultdict[str, dict[str, str]] = defaultdict(dict)
    ended_on = {}
    for item in db.session.execute(
        select(*ListItem.__table__.c).order_by(ListItem.position, ListItem.code)
    ):
        labels[item.list_name][item.code] = item.label
        public[item.list_name][item.code] = item.public_label or item.label
        if item.ended_on:
            ended_on[item.list_name, item.code] = item.ended_on
    settings = dict(db.session.execute(select(Setting.name, Setting.value)).tuples().all())
    return _Reference(dict(labels), dict(public), ended_on, settings)


def _forget(session: Session, *_more: Any) -> None:
    session.info.pop("reference", None)
    session.info.pop("reference_version", None)


event.listen(db.session, "after_commit", _forget)
event.listen(db.session, "after_soft_rollback", _forget)


@event.listens_for(db.session, "after_flush")
def _forget_what_changed(session: Session, _context: Any) -> None:
    if any(isinstance(row, ListItem | Setting) for row in (*session.dirty, *session.new)):
        _forget(session)


def choices_of(list_name: str, *, today: date) -> list[tuple[str, str]]:
    """(code, label) of the entries that can be chosen on `today`."""
    ended_on = _reference().ended_on
    return [
        (code, label)
        for code, label in labels_of(list_name).items()
        if ended_on.get((list_name, code), date.max) > today
    ]


def labels_of(list_name: str) -> Mapping[str, str]:
    """code -> label in the list's order, ended entries too (old records still need their words)."""
    return _reference().labels.get(list_name, {})


def public_labels_of(list_name: str) -> Mapping[str, str]:
    """code -> the words for people outside the programme."""
    return _reference().public_labels.get(list_name, {})


def labels_of_lists(*names: str) -> dict[str, Mapping[str, str]]:
    """List name -> code -> label."""
    return {name: labels_of(name) for name in names}


def setting(name: str) -> str:
    """The setting's text. Raises LookupError for a name that no migration brought."""
    found = _reference().settings.get(name)
    if found is None:
        raise LookupError(f"There is no setting {name}.")
    return found


def setting_days(name: str) -> int:
    """A setting that counts calendar days."""
    return int(setting(name))
