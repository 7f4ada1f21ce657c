"""Lists and settings that a programme edits without a programmer: rows with a code that never
changes, a label that may, an order and an end date. Nothing in use is ever deleted."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import String, Text, bindparam, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from parents_partners.core.db import Base, db


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


_needed: defaultdict[str, set[str]] = defaultdict(set)


def needs(list_name: str, code: str) -> str:
    """Say, beside the code that speaks of it, that the program itself needs this entry: nobody can
    end it then. Gives the code."""
    _needed[list_name].add(code)
    return code


def needed_codes(list_name: str) -> frozenset[str]:
    """What the program itself speaks of by its code."""
    return frozenset(_needed[list_name])


_LABELS = (
    select(ListItem.list_name, ListItem.code, ListItem.label, ListItem.public_label)
    .where(ListItem.list_name.in_(bindparam("names", expanding=True)))
    .order_by(ListItem.position, ListItem.code)
)


def items_of(list_name: str) -> Sequence[ListItem]:
    """Every entry, ended ones too (old records still need their words), in the list's order."""
    return db.session.scalars(
        select(ListItem)
        .where(ListItem.list_name == list_name)
        .order_by(ListItem.position, ListItem.code)
    ).all()


def choices_of(list_name: str, *, today: date) -> list[tuple[str, str]]:
    """(code, label) of the entries that can be chosen on `today`."""
    return [
        (code, label)
        for code, label in db.session.execute(
            select(ListItem.code, ListItem.label)
            .where(
                ListItem.list_name == list_name,
                or_(ListItem.ended_on.is_(None), ListItem.ended_on > today),
            )
            .order_by(ListItem.position, ListItem.code)
        ).tuples()
    ]


def labels_of(list_name: str) -> dict[str, str]:
    """code -> label, ended entries too."""
    return {item.code: item.label for item in items_of(list_name)}


def labels_of_lists(*names: str, public: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
    """List name -> code -> label, ended entries too, in one query. Of the lists in `public` the
    words are those for people outside the programme."""
    labels: dict[str, dict[str, str]] = {name: {} for name in (*names, *public)}
    for name, code, label, public_label in db.session.execute(
        _LABELS, {"names": list(labels)}
    ).tuples():
        labels[name][code] = (public_label if name in public else None) or label
    return labels


def public_labels_of(list_name: str) -> dict[str, str]:
    """code -> the words for people outside the programme."""
    return {item.code: item.public_label or item.label for item in items_of(list_name)}


def setting(name: str) -> str:
    """The setting's text. Raises LookupError for a name that no migration brought."""
    kept = db.session.info
    if "settings" not in kept:
        # One query a request for all: what is held here the session finds without asking again.
        kept["settings"] = db.session.scalars(select(Setting)).all()
    found = db.session.get(Setting, name)
    if found is None:
        raise LookupError(f"There is no setting {name}.")
    return found.value


def setting_days(name: str) -> int:
    """A setting that counts calendar days."""
    return int(setting(name))
