"""S-21: what stands in the audit log stays as it was written; the database itself sees to it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session

from tests.factories import make_referral

OTHERWISE = (
    "(id, at, event, subject, detail) VALUES (:id, '2026-01-01', 'account.signed_in', 'user', '{}')"
)

CHANGES = {
    "changed": "UPDATE audit_event SET subject = 'user' WHERE id = :id",
    "deleted": "DELETE FROM audit_event WHERE id = :id",
    "written anew": f"INSERT INTO audit_event {OTHERWISE}",
}
ON_SQLITE = {
    "replaced": f"INSERT OR REPLACE INTO audit_event {OTHERWISE}",
    "replaced in short": f"REPLACE INTO audit_event {OTHERWISE}",
}
ON_POSTGRESQL = {
    "emptied": "TRUNCATE audit_event",
    "emptied with all that hangs on it": "TRUNCATE audit_event CASCADE",
}


def test_no_row_is_changed_deleted_or_replaced(session: scoped_session[Session]) -> None:
    make_referral()
    first = "SELECT * FROM audit_event ORDER BY id LIMIT 1"
    before = session.execute(text(first)).one()
    on_sqlite = session.connection().dialect.name == "sqlite"
    for change in [*CHANGES.values(), *(ON_SQLITE if on_sqlite else ON_POSTGRESQL).values()]:
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(change), {"id": before.id} if ":id" in change else {})
        assert session.execute(text(first)).one() == before, change
