"""The migrations make the schema that the models mean, and their way back works with real rows."""

from collections.abc import Iterator

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, select, text

from parents_partners.accounts.types import Role
from parents_partners.core.db import Base, db
from parents_partners.core.reference import ListItem, Setting
from parents_partners.core.search import is_compared
from parents_partners.referrals.models import Referral
from parents_partners.referrals.types import ReferralState
from tests.databases import Database, app_on, upgrade
from tests.factories import NOW, make_referral, make_user
from tests.migrations.rows import fill_every_table

HEAD, FIRST = "0008", "0001"


@pytest.fixture
def migrated(database: Database) -> Iterator[Flask]:
    """An app on a database of its own, migrated and filled with a row in every table."""
    with app_on(database.fresh("migrated")) as app, app.app_context():
        fill_every_table()
        db.session.commit()
        yield app
        db.session.remove()


def test_the_migrations_make_what_the_models_mean(database: Database) -> None:
    address = database.fresh("compared")
    with app_on(address) as app, app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_compared}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_checks_and_their_names_are_in_the_database(database: Database) -> None:
    """Autogeneration does not look at check constraints."""
    with app_on(database.fresh("compared")) as app, app.app_context():
        made = inspect(db.engine)
        for table in Base.metadata.tables.values():
            meant = {str(one.name) for one in table.constraints if str(one.name).startswith("ck_")}
            there = {one["name"] for one in made.get_check_constraints(table.name)}
            assert there == meant, table.name


def test_every_table_has_a_row(migrated: Flask) -> None:
    """Were one empty, the way down and up would prove nothing about it."""
    assert empty_tables() == []


def test_down_to_the_first_and_up_again_keeps_every_row(migrated: Flask) -> None:
    before = counts()
    flask_migrate.downgrade(revision=FIRST)
    first = set(inspect(db.engine).get_table_names())
    flask_migrate.upgrade()
    after = counts()
    kept = [name for name in after if name in first]
    assert {name: after[name] for name in kept if before[name] != after[name]} == {}
    assert len(kept) > 20


def test_down_to_nothing_and_up_again_leaves_the_product_ready(migrated: Flask) -> None:
    items = db.session.query(ListItem).count()
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade()
    assert db.session.query(ListItem).count() == items
    assert db.session.scalar(select(Setting.value).limit(1)) is not None


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    address = database.fresh("twice")
    upgrade(address)
    with app_on(address) as app, app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_a_duplicate_of_a_duplicate_becomes_one_of_what_goes_on(migrated: Flask) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    goes_on, *marked = [make_referral(case__number=f"S-40040{n}") for n in range(5)]
    for referral, original in zip(marked, [goes_on, *marked], strict=False):
        referral.state, referral.duplicate_of_id = ReferralState.DUPLICATE, original.id
        referral.decided_at, referral.decided_by_id = NOW, supervisor.id
    ids = [one.id for one in marked]
    db.session.commit()
    flask_migrate.downgrade(revision="0007")
    flask_migrate.upgrade()
    originals = select(Referral.duplicate_of_id).where(Referral.id.in_(ids))
    assert db.session.scalars(originals).all() == [goes_on.id] * 4


def test_the_audit_log_refuses_to_forget(migrated: Flask) -> None:
    """S-21: the application cannot change or delete what it recorded."""
    for statement in ("UPDATE audit_event SET subject = 'nothing'", "DELETE FROM audit_event"):
        with pytest.raises(Exception, match="never changed"):
            db.session.execute(text(statement))
        db.session.rollback()


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0  # noqa: S608
            for name in Base.metadata.tables
        }


def empty_tables() -> list[str]:
    return [name for name, rows in counts().items() if rows == 0]
