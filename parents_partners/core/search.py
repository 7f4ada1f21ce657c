"""Search on an index, however long the table: the rows whose folded text contains some words, or
is spelt like them. One way in for both engines: FTS5 on SQLite, `pg_trgm` on PostgreSQL. Both know
the pieces of three characters of every text, and none that is shorter."""

import re
from collections.abc import Collection, Sequence
from typing import Any

import jellyfish
from rapidfuzz import fuzz
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    column,
    func,
    select,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute

from parents_partners.core.db import db
from parents_partners.core.sql import so_many

SHORTEST = 3
"""Characters of a word that the index can look up."""

_SOUNDS_LIKE = 90
_BEGINS_LIKE = 90
_LONGEST_SOUND = 20
_INDEX = re.compile(r"\w+_search(_(data|idx|content|docsize|config))?")
_LATIN = re.compile("[a-z]{3,}")


def make_searchable(connection: Connection, name: str, text: str) -> None:
    """Index the column `text` of the table `name`, what is there and what comes. For migrations; a
    migration that has SQLite copy the table must unmake it before, and make it again."""
    if connection.dialect.name != "sqlite":
        # Trusted: whoever owns the database may.
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.exec_driver_sql(
            f"CREATE INDEX {name}_search ON {name} USING gin ({text} gin_trgm_ops)"
        )
        return
    # It holds pieces and row numbers, no second copy of the text.
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE {name}_search USING fts5({text}, content='', columnsize=0,"
        " detail=none, tokenize='trigram case_sensitive 1')"
    )
    put = f"INSERT INTO {name}_search (rowid, {text})"
    connection.exec_driver_sql(f"{put} SELECT id, {text} FROM {name}")  # noqa: S608 (names of ours)
    new = f"{put} VALUES (NEW.id, NEW.{text});"
    old = (
        f"INSERT INTO {name}_search ({name}_search, rowid, {text})"  # noqa: S608 (names of ours)
        f" VALUES ('delete', OLD.id, OLD.{text});"
    )
    for verb, steps in (("INSERT", new), ("DELETE", old), (f"UPDATE OF id, {text}", old + new)):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name}_search_{verb.split()[0].lower()} AFTER {verb} ON {name}"
            f" BEGIN {steps} END"
        )


def unmake_searchable(connection: Connection, name: str) -> None:
    """For a migration's way back."""
    if connection.dialect.name != "sqlite":
        # The extension stays: it is the database's, and others may use it.
        connection.exec_driver_sql(f"DROP INDEX {name}_search")
        return
    for verb in ("insert", "delete", "update"):
        connection.exec_driver_sql(f"DROP TRIGGER {name}_search_{verb}")
    connection.exec_driver_sql(f"DROP TABLE {name}_search")


def is_compared(name: str | None, kind: str, _parents: Any = None) -> bool:
    """Whether models and schema are compared in this (Alembic's `include_name`): not in what
    `make_searchable` made. Each engine has another kind of it, and no model can say either."""
    return kind not in ("table", "index") or not _INDEX.fullmatch(name or "")


def contains(text: InstrumentedAttribute[str], words: int) -> ColumnElement[bool]:
    """The condition under which the text contains all of so many words. Looks at every row that it
    is asked about: for few rows, or beside `newest_containing`. Which words, say the values of
    `said_to_contain`: a query is built once for any of them."""
    places = [bindparam(f"word_{place}", type_=String) for place in range(words)]
    if engine_of_search() == "sqlite":
        # Not LIKE: for each other pattern SQLite plans the whole statement anew, which costs more
        # than its answer.
        return and_(*(func.instr(text, word) > 0 for word in places))
    return and_(*(text.like(word, escape="/") for word in places))


def newest_containing(
    text: InstrumentedAttribute[str], words: int, *, most: int
) -> Select[tuple[int]]:
    """The ids of the newest rows whose text may contain all of so many words, found on the index:
    ask `contains` of what it gives, too. At most so many, before anything is joined or sorted."""
    owner = text.class_
    if engine_of_search() == "sqlite":
        name = f"{owner.__tablename__}_search"
        index = table(name, column("rowid", Integer), column(name))
        return (
            select(index.c.rowid.label("id"))
            .where(index.c[name].op("MATCH")(bindparam("pieces", type_=String)))
            .order_by(index.c.rowid.desc())
            .limit(so_many(most))
        )
    # On its own: a planner that thinks there are many walks back through the whole table.
    found = select(owner.id).where(contains(text, words)).cte()
    found = found.prefix_with("MATERIALIZED", dialect="postgresql")
    return select(found.c.id).order_by(found.c.id.desc()).limit(so_many(most))


def engine_of_search() -> str:
    """The queries of `contains` and `newest_containing` are for one of the two engines only."""
    return db.session.get_bind().dialect.name


def said_to_contain(words: Sequence[str]) -> dict[str, str]:
    """The values for queries of these words. Raises ValueError for a word that is too short to be
    looked up."""
    if not words or any(len(word) < SHORTEST for word in words):
        raise ValueError("Only words of three characters and more can be looked up.")
    wanted = words
    if engine_of_search() != "sqlite":
        wanted = ["%" + re.sub("[/%_]", r"/\g<0>", word) + "%" for word in words]
    return {"pieces": _pieces(words), **{f"word_{at}": word for at, word in enumerate(wanted)}}


def _pieces(words: Sequence[str]) -> str:
    """All pieces of three characters, each quoted: no sign of anybody's means anything to FTS5."""
    pieces = {
        word[start : start + SHORTEST]
        for word in words
        for start in range(len(word) - SHORTEST + 1)
    }
    return " AND ".join('"' + piece.replace('"', '""') + '"' for piece in sorted(pieces))


def sound_of(word: str) -> str:
    """What a folded word sounds like, in capital letters: `oyelaran` and `oyelarin` alike. A word
    too short for that, or in letters that are not Latin, is its own sound."""
    sound = jellyfish.metaphone(word) if _LATIN.fullmatch(word) else ""
    return (sound or word)[:_LONGEST_SOUND]


def closeness(wanted: Collection[str], there: Collection[str]) -> float:
    """How near the wanted words come to some of those there, in any order, from 0 to 100: the mean
    of the best for each, 0 if one of them is like none, or if all that is alike is a sound that
    many names have."""
    pairs = [
        max(((_likeness(one, other), one, other) for other in there), default=(0.0, one, ""))
        for one in wanted
    ]
    if not any(_says_something(one, other) for _, one, other in pairs):
        return 0.0
    likeness = [like for like, _, _ in pairs]
    return sum(likeness) / len(likeness) if min(likeness) >= _LEAST_LIKE else 0.0


_LEAST_LIKE = 60
_HARDLY_LIKE = 50


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 100.0
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and len(shorter) >= SHORTEST:
        return _BEGINS_LIKE
    if len(shorter) >= SHORTEST and sound_of(one) == sound_of(other):
        return _SOUNDS_LIKE
    return fuzz.ratio(one, other)


def _says_something(one: str, other: str) -> bool:
    """Not where two words are alike only by a sound of one or two letters: `zzzzz` and `zoe` are
    both S. Beside another word that is there such a sound counts."""
    return len(sound_of(one)) >= SHORTEST or fuzz.ratio(one, other) >= _HARDLY_LIKE
