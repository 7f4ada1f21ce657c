"""Two administrators change a list, or settings that hang together, at the same moment. Commits
are real, on a database of the test's own."""

from functools import partial

from flask import Flask
from sqlalchemy import select

from parents_partners.accounts.reference import services
from parents_partners.accounts.reference.types import Move
from parents_partners.accounts.types import Role
from parents_partners.core.db import db
from parents_partners.core.reference import ListItem, Setting
from tests.factories import NOW, make_user
from tests.meeting import Act, meet

HELD = "FOR UPDATE"


def outcomes() -> list[str]:
    in_order = select(ListItem.code).where(ListItem.list_name == "outcome")
    return list(db.session.scalars(in_order.order_by(ListItem.position, ListItem.code)))


def test_two_who_move_entries_of_a_list_at_once_both_find_what_they_moved(
    own_database: Flask,
) -> None:
    with own_database.app_context():
        admin = make_user(Role.ADMIN).as_actor()
        db.session.commit()
        first, second, *others, last_but_one, last = outcomes()

    def move(code: str, way: Move) -> None:
        item = db.session.get_one(ListItem, ("outcome", code))
        services.move_entry(item, way, actor=admin, now=NOW)

    acts = (
        Act(partial(move, first, Move.DOWN), until=HELD),
        Act(partial(move, last, Move.UP), until=HELD),
    )
    assert meet(own_database, *acts) == [True, True]
    with own_database.app_context():
        assert outcomes() == [second, first, *others, last, last_but_one]


def test_two_settings_that_hang_together_do_not_pass_each_other(own_database: Flask) -> None:
    """What is hidden first is deleted later, whoever changes which."""
    longer, shorter = "draft_deleted_days", "draft_hidden_days"
    with own_database.app_context():
        admin = make_user(Role.ADMIN).as_actor()
        db.session.commit()
        days = {name: db.session.get_one(Setting, name).value for name in (longer, shorter)}
    assert days[longer] != days[shorter]

    def change(name: str, value: str) -> None:
        setting = db.session.get_one(Setting, name)
        services.change_setting(setting, value, seen=days[name], actor=admin, now=NOW)

    acts = (
        Act(partial(change, longer, days[shorter]), until=HELD),
        Act(partial(change, shorter, days[longer]), until=HELD),
    )
    assert sorted(meet(own_database, *acts)) == [False, True]
