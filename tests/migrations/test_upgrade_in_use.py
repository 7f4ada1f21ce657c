"""An installation of the first release, with people and families in it, is brought up to date: what
it holds is there, can be found, and the pages open."""

from collections.abc import Iterator
from itertools import count

import flask_migrate
import pytest
import time_machine
from flask import Flask
from sqlalchemy import Connection, MetaData, column, func, insert, select, text
from sqlalchemy import table as sql_table

from parents_partners.accounts.models import User
from parents_partners.accounts.types import COMMAND_LINE, Role
from parents_partners.advocates.types import AssignmentState
from parents_partners.audit import services as audit
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Conflict
from parents_partners.core.db import db
from parents_partners.referrals.models import NameSound, ReferralKey
from parents_partners.referrals.types import KeyKind
from tests.browser import Browser
from tests.databases import Database, app_on
from tests.factories import (
    NOW,
    make_activity,
    make_assignment,
    make_filed_referral,
    make_referral,
    make_specialist,
    make_user,
)
from tests.unfinished_work import watch_for_unfinished_work

_copies = count(1)
FIRST_RELEASE = "0002"
BROUGHT_BY_MIGRATIONS = {"alembic_version", "list_item", "setting"}
KEYS_OF_THEN = {"number", "name", "phone"}
PEOPLE = {
    Role.REFERRER: ["/referrals"],
    Role.HELPLINE: ["/calls", "/referrals", "/search"],
    Role.SPECIALIST: ["/today", "/caseload", "/profile", "/search"],
    Role.SUPERVISOR: ["/triage", "/families", "/workload", "/tasks", "/conflicts", "/specialists"],
    Role.ADMIN: ["/accounts", "/organisations", "/units", "/conflicts"],
}


@pytest.fixture
def brought_up_to_date(database: Database, clock: time_machine.Traveller) -> Iterator[Flask]:
    kept = rows_in_use(database)
    with app_on(database.empty(f"in_use_{next(_copies)}")) as app, app.app_context():
        flask_migrate.upgrade(revision=FIRST_RELEASE)
        with db.engine.begin() as connection:
            put(kept, connection)
        flask_migrate.upgrade()
        db.session.remove()
        watch_for_unfinished_work(app)
        yield app
        db.session.remove()


def rows_in_use(database: Database) -> dict[str, list[dict[str, object]]]:
    """The rows of every table, as the product makes them today."""
    with app_on(database.fresh("to_be_copied")) as app, app.app_context():
        supervisor = make_user(Role.SUPERVISOR)
        specialist = make_specialist(unit=supervisor.unit)
        referral = make_filed_referral(supervisor=supervisor)
        make_referral(case__number="S-400400")
        stint = make_assignment(
            referral.case,
            specialist,
            supervisor=supervisor,
            state=AssignmentState.IN_CONTACT,
            referral_id=referral.id,
        )
        make_activity(stint, note="She asked what remand means.")
        for role in (Role.HELPLINE, Role.ADMIN):
            make_user(role)
        db.session.add(Conflict(user_id=specialist.id, number_key="S9", recorded_at=NOW))
        audit.record(
            Event.FAMILY_READ, stint.case, actor=COMMAND_LINE, now=NOW, case_id=stint.case_id
        )
        db.session.commit()
        with db.engine.connect() as connection:
            return {
                table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for table in db.metadata.sorted_tables
            }


def put(kept: dict[str, list[dict[str, object]]], connection: Connection) -> None:
    """What of these rows there was then, in tables as they were then."""
    then = MetaData()
    then.reflect(connection)
    for table in then.sorted_tables:
        if table.name in BROUGHT_BY_MIGRATIONS:
            continue
        # The types are the product's: what is reflected would take times and documents for text.
        columns = [one for one in db.metadata.tables[table.name].columns if one.name in table.c]
        rows = [
            {one.name: row[one.name] for one in columns}
            for row in kept[table.name]
            if table.name != "referral_key" or str(row["kind"]) in KEYS_OF_THEN
        ]
        if rows:
            bare = sql_table(table.name, *(column(one.name, one.type) for one in columns))
            connection.execute(insert(bare), rows)
        if connection.dialect.name == "postgresql" and "id" in table.c:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'),"  # noqa: S608
                    f' (SELECT coalesce(max(id), 0) + 1 FROM "{table.name}"))'
                )
            )


def browser_of(app: Flask, role: Role) -> Browser:
    user = db.session.scalars(select(User).where(User.role == role).order_by(User.id)).first()
    browser = Browser(app, user)
    db.session.remove()  # on SQLite nobody else could write
    return browser


def test_what_was_there_is_there_and_can_be_found(brought_up_to_date: Flask) -> None:
    kinds = set(db.session.scalars(select(ReferralKey.kind)))
    assert kinds >= {KeyKind.NUMBER, KeyKind.NAME, KeyKind.BORN, KeyKind.CASE_NAME}
    assert db.session.scalar(select(func.count()).select_from(NameSound))
    for name in ("organisation", "unit", "conflict"):
        ids = db.session.scalars(text(f"SELECT public_id FROM {name}")).all()  # noqa: S608
        assert len(ids) == len(set(ids) - {None}) > 0
    supervisor = browser_of(brought_up_to_date, Role.SUPERVISOR)
    form = supervisor.open("/search").form("Search")
    assert "Marte, Luz" in form.fill(words="marte").submit()


def test_the_pages_of_every_role_open(brought_up_to_date: Flask) -> None:
    for role, addresses in PEOPLE.items():
        browser = browser_of(brought_up_to_date, role)
        for address in addresses:
            browser.open(address)


def test_work_goes_on_where_it_was(brought_up_to_date: Flask) -> None:
    """A page of a family that was there before is read, and that is on record, in a log that still
    refuses to forget (S-21): the migrations lift its guard, and put it back."""
    before = readings()
    browser = browser_of(brought_up_to_date, Role.SPECIALIST)
    page = browser.open("/caseload").follow("Marte, Luz")
    assert "She asked what remand means." in page
    assert readings() == before + 1
    for statement in ("UPDATE audit_event SET subject = 'nothing'", "DELETE FROM audit_event"):
        with pytest.raises(Exception, match="never changed"):
            db.session.execute(text(statement))
        db.session.rollback()


def readings() -> int:
    found = db.session.scalar(select(func.count()).where(AuditEvent.event == Event.FAMILY_READ))
    db.session.remove()
    return found or 0
