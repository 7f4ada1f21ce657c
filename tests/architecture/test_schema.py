"""The database refuses what the rules forbid, by constraints that bear the rules' names."""

import re

import pytest
from sqlalchemy import CheckConstraint, Table, UniqueConstraint
from sqlalchemy.orm import Mapper

from parents_partners import models
from parents_partners.core.db import Base

assert models  # the metadata is whole

TABLES = list(Base.metadata.tables.values())
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@each_table
def test_every_foreign_key_is_indexed(table: Table) -> None:
    """Without an index, looking at what hangs on a row reads the whole table."""
    first_columns = {next(iter(index.columns)).name for index in table.indexes}
    first_columns |= {
        next(iter(one.columns)).name
        for one in (table.primary_key, *table.constraints)
        if isinstance(one, UniqueConstraint) or one is table.primary_key
    }
    without = {key.parent.name for key in table.foreign_keys} - first_columns
    assert without == set()


@each_table
def test_no_row_takes_others_with_it(table: Table) -> None:
    """History is never deleted by a side effect."""
    for key in table.foreign_keys:
        assert key.ondelete is None, key
        assert key.onupdate is None, key


@each_table
def test_every_check_has_a_name_that_says_the_rule(table: Table) -> None:
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            name = str(constraint.name)
            assert re.fullmatch(rf"ck_{table.name}_[a-z_]+", name), constraint.sqltext


@each_table
def test_every_instant_is_named_as_one(table: Table) -> None:
    """`_at` is an instant, `_on` a local day: who reads the name knows which."""
    for column in table.columns:
        kind = type(column.type).__name__
        if kind == "Instant":
            assert re.search(r"(_at|_by|^at|^since)$", column.name), column
        if kind == "Date":
            assert re.search(r"(_on|date_of_birth)$", column.name), column


def test_no_relationship_deletes_what_hangs_on_it() -> None:
    mappers: set[Mapper[object]] = set(Base.registry.mappers)
    for mapper in mappers:
        for relationship in mapper.relationships:
            assert not relationship.cascade.delete, relationship
            assert not relationship.cascade.delete_orphan, relationship
