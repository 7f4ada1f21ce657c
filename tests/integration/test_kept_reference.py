"""What the process keeps of lists and settings is never older than the database's."""

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session, scoped_session

from parents_partners.core.db import db
from parents_partners.core.reference import ListItem, Setting, labels_of, setting
from tests.conftest import Statements

Database = scoped_session[Session]
RAISED = "UPDATE setting SET value = '41' WHERE name = 'upcoming_days'"


def test_lists_and_settings_are_read_once_and_only_their_version_is_asked_for_again(
    session: Database, statements: Statements
) -> None:
    setting("upcoming_days")
    labels_of("language")
    session.remove()
    statements.texts.clear()
    setting("upcoming_days")
    labels_of("language")
    assert len(statements) == 1
    assert "reference_version" in statements.texts[0]


def test_a_change_is_seen_by_whoever_made_it(session: Database) -> None:
    setting("upcoming_days")
    session.get_one(Setting, "upcoming_days").value = "41"
    session.get_one(ListItem, ("language", "en")).label = "Englisch"
    session.flush()
    assert (setting("upcoming_days"), labels_of("language")["en"]) == ("41", "Englisch")


def test_an_undone_change_leaves_nothing_behind(session: Database) -> None:
    before = setting("upcoming_days")
    session.get_one(Setting, "upcoming_days").value = "41"
    session.flush()
    assert setting("upcoming_days") == "41"
    session.rollback()
    assert setting("upcoming_days") == before
    session.execute(text("UPDATE setting SET value = '43' WHERE name = 'upcoming_days'"))
    session.commit()
    assert setting("upcoming_days") == "43"


def test_a_change_that_another_process_made_is_seen_by_the_next_transaction(
    own_database: Flask,
) -> None:
    with own_database.app_context():
        setting("upcoming_days")
        db.session.remove()
        with db.engine.begin() as elsewhere:
            elsewhere.execute(text(RAISED))
        assert setting("upcoming_days") == "41"


def test_an_entry_that_was_added_and_one_that_was_taken_away_are_noticed(
    own_database: Flask,
) -> None:
    added = (
        "INSERT INTO list_item (list_name, code, label, position)"
        " VALUES ('language', 'xx', 'Quite another', 99)"
    )
    with own_database.app_context():
        assert "xx" not in labels_of("language")
        for statement, there in (
            (added, True),
            ("DELETE FROM list_item WHERE code = 'xx'", False),
        ):
            db.session.remove()
            with db.engine.begin() as elsewhere:
                elsewhere.execute(text(statement))
            assert ("xx" in labels_of("language")) is there
