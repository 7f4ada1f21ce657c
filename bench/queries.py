"""How many statements each page takes: counted inside the process, apart from the clock."""

from collections.abc import Iterable
from contextvars import Context
from typing import Any

from sqlalchemy import Engine, event, select

from bench.databases import product
from bench.workloads import Workload
from parents_partners.accounts.models import User
from parents_partners.core.db import db

_NOT_COUNTED = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")


def queries_of(works: Iterable[Workload], database_url: str) -> dict[str, int]:
    """Of each workload by its name, for one request: who asks and what is recorded included,
    beginnings and ends of transactions not."""
    app = product(database_url)
    app.config["WTF_CSRF_ENABLED"] = False
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(_NOT_COUNTED):
            statements.append(statement)

    found = {}
    with app.app_context():
        keys = dict(db.session.execute(select(User.email, User.fs_uniquifier)).tuples().all())
        db.session.remove()
        event.listen(Engine, "before_cursor_execute", note)
        try:
            for work in works:
                client = app.test_client()
                with client.session_transaction() as session:
                    session["_user_id"], session["_fresh"] = keys[work.who], True
                for _ in range(2):  # the first also fills what the process keeps
                    address, fields = work.asks(False)
                    statements.clear()
                    Context().run(
                        client.open,
                        address,
                        method="GET" if fields is None else "POST",
                        data=fields,
                    )
                found[work.name] = len(statements)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
            db.session.remove()
            db.engine.dispose()
    return found
