"""What the programme changes of its lists and settings: checked, in force at once, on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.reference import services
from parents_partners.accounts.reference.queries import entries_of, lists, settings
from parents_partners.accounts.reference.types import LISTS, EntryCommand, Move, SettingKind
from parents_partners.accounts.types import Role
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.reference import (
    ListItem,
    Setting,
    choices_of,
    labels_of,
    needed_codes,
    public_labels_of,
    setting_days,
)
from tests.factories import NOW, TODAY, make_user

Database = scoped_session[Session]

NEEDED = {
    "conference_kind": {"COURT"},
    "offer_decline_reason": {"know_family"},
    "outcome": {"consent_withdrawn", "handed_over"},
    "service_fell_through": {"consent_withdrawn"},
}
"""Entries of which the program speaks by their codes."""


@pytest.fixture
def admin(session: Database) -> User:
    return make_user(Role.ADMIN, name="Gordon Ferris")


def item(session: Database, list_name: str, code: str) -> ListItem:
    return session.get_one(ListItem, (list_name, code))


def recorded(session: Database, event: Event) -> list[dict[str, object]]:
    return [
        row.detail
        for row in session.scalars(
            select(AuditEvent).where(AuditEvent.event == event).order_by(AuditEvent.id)
        )
    ]


def codes(list_name: str) -> list[str]:
    return [code for code, _ in choices_of(list_name, today=TODAY)]


def add(session: Database, admin: User, label: str, **more: str) -> ListItem:
    list_name = more.pop("list_name", "service_kind")
    return services.add_entry(
        list_name, EntryCommand(label, **more), actor=admin.as_actor(), now=NOW
    )


def test_every_list_has_a_name_and_says_where_it_is_used(session: Database) -> None:
    assert set(session.scalars(select(ListItem.list_name).distinct())) == LISTS.keys()
    assert all(row.in_use > 0 for row in lists(today=TODAY))


def test_an_entry_that_is_added_can_be_chosen_at_once_and_its_code_comes_from_its_label(
    session: Database, admin: User
) -> None:
    added = add(session, admin, "  Legal help for immigrants ")
    assert (added.code, added.label) == ("legal_help_for_immigrants", "Legal help for immigrants")
    assert codes("service_kind")[-1] == added.code
    assert recorded(session, Event.LIST_CHANGED) == [
        {"list": "service_kind", "code": added.code, "what": "added"}
    ]


def test_a_code_that_is_taken_gets_a_number_and_a_label_without_letters_a_plain_one(
    session: Database, admin: User
) -> None:
    add(session, admin, "Art class")
    session.get_one(ListItem, ("service_kind", "art_class")).label = "Painting"
    assert add(session, admin, "Art class").code == "art_class_2"
    assert add(session, admin, "食べ物").code == "entry"


@pytest.mark.parametrize(
    "label", ["", " \u200b ", "x" * 201, "two\nlines", "HOUSING ", "\u202eabc"]
)
def test_a_label_that_nobody_could_read_or_tell_apart_is_refused(
    session: Database, admin: User, label: str
) -> None:
    with pytest.raises(Refused) as refused:
        add(session, admin, label)
    assert set(refused.value.problems) == {"label"}


@pytest.mark.parametrize("code", [None, "", "Wolof", "w", "x" * 36, "en", "wo wo"])
def test_a_language_needs_its_own_code(session: Database, admin: User, code: str | None) -> None:
    with pytest.raises(Refused) as refused:
        services.add_entry(
            "language", EntryCommand("Wolof", code=code), actor=admin.as_actor(), now=NOW
        )
    assert set(refused.value.problems) == {"code"}
    services.add_entry(
        "language", EntryCommand("Wolof", code="wo"), actor=admin.as_actor(), now=NOW
    )
    assert labels_of("language")["wo"] == "Wolof"


def test_other_words_are_read_wherever_the_entry_was_used(session: Database, admin: User) -> None:
    moved = item(session, "outcome", "moved_away")
    services.reword_entry(
        moved,
        EntryCommand("The family lives elsewhere now", "Support is over"),
        seen=(moved.label, moved.public_label),
        actor=admin.as_actor(),
        now=NOW,
    )
    assert labels_of("outcome")["moved_away"] == "The family lives elsewhere now"
    assert public_labels_of("outcome")["moved_away"] == "Support is over"
    assert [row["what"] for row in recorded(session, Event.LIST_CHANGED)] == [
        "label",
        "public_label",
    ]


def test_who_saves_words_that_somebody_else_changed_meanwhile_is_told_by_whom(
    session: Database, admin: User
) -> None:
    moved = item(session, "outcome", "moved_away")
    seen = (moved.label, moved.public_label)
    actor = admin.as_actor()
    services.reword_entry(moved, EntryCommand("First"), seen=seen, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone) as late:
        services.reword_entry(moved, EntryCommand("Second"), seen=seen, actor=actor, now=NOW)
    assert late.value.by == "Gordon Ferris"
    assert moved.label == "First"


def test_an_entry_moves_up_and_down_and_stops_at_the_ends(session: Database, admin: User) -> None:
    before = codes("outcome")
    second = item(session, "outcome", before[1])
    services.move_entry(second, Move.UP, actor=admin.as_actor(), now=NOW)
    assert codes("outcome")[:2] == [before[1], before[0]]
    services.move_entry(second, Move.UP, actor=admin.as_actor(), now=NOW)
    assert codes("outcome")[:2] == [before[1], before[0]]
    services.move_entry(second, Move.DOWN, actor=admin.as_actor(), now=NOW)
    assert codes("outcome") == before
    assert len(recorded(session, Event.LIST_CHANGED)) == 2


def test_an_entry_ends_on_its_day_keeps_its_words_and_can_be_taken_back(
    session: Database, admin: User
) -> None:
    moved = item(session, "outcome", "moved_away")
    tomorrow = TODAY + timedelta(days=1)
    services.end_entry(moved, tomorrow, actor=admin.as_actor(), now=NOW)
    assert "moved_away" in codes("outcome")
    assert "moved_away" not in dict(choices_of("outcome", today=tomorrow))
    assert labels_of("outcome")["moved_away"]
    with pytest.raises(AlreadyDone):
        services.end_entry(moved, TODAY, actor=admin.as_actor(), now=NOW)
    services.take_back_end(moved, actor=admin.as_actor(), now=NOW)
    assert "moved_away" in dict(choices_of("outcome", today=tomorrow))
    with pytest.raises(Refused):
        services.take_back_end(moved, actor=admin.as_actor(), now=NOW)


def test_a_day_that_is_over_is_no_day_to_end_on(session: Database, admin: User) -> None:
    with pytest.raises(Refused, match="day is over"):
        services.end_entry(
            item(session, "outcome", "moved_away"),
            TODAY - timedelta(days=1),
            actor=admin.as_actor(),
            now=NOW,
        )


def test_the_last_entry_of_a_list_cannot_end(session: Database, admin: User) -> None:
    *others, last = entries_of("export_reason", today=TODAY)
    for row in others:
        services.end_entry(
            item(session, "export_reason", row.code), TODAY, actor=admin.as_actor(), now=NOW
        )
    with pytest.raises(Refused, match="last one"):
        services.end_entry(
            item(session, "export_reason", last.code), TODAY, actor=admin.as_actor(), now=NOW
        )


@pytest.mark.parametrize(
    ("list_name", "code"), [(name, code) for name in NEEDED for code in sorted(NEEDED[name])]
)
def test_what_the_program_itself_speaks_of_cannot_end(
    session: Database, admin: User, list_name: str, code: str
) -> None:
    with pytest.raises(Refused, match="program itself"):
        services.end_entry(item(session, list_name, code), TODAY, actor=admin.as_actor(), now=NOW)


def test_every_needed_code_is_an_entry_and_is_named_above(session: Database) -> None:
    assert {name: set(needed_codes(name)) for name in LISTS if needed_codes(name)} == NEEDED
    for name, needed in NEEDED.items():
        assert needed <= labels_of(name).keys()


def change(session: Database, admin: User, name: str, value: str) -> bool:
    setting = session.get_one(Setting, name)
    return services.change_setting(
        setting, value, seen=setting.value, actor=admin.as_actor(), now=NOW
    )


def test_a_setting_is_in_force_at_once_and_says_who_changed_it(
    session: Database, admin: User
) -> None:
    assert change(session, admin, "route_days", " 5 ")
    assert setting_days("route_days") == 5
    assert recorded(session, Event.SETTING_CHANGED) == [
        {"setting": "route_days", "from": 3, "to": 5}
    ]
    changed = {row.name: row.changed for row in settings()}
    assert changed["route_days"] is not None
    assert (changed["route_days"].by, changed["route_days"].at) == ("Gordon Ferris", NOW)
    assert changed["upcoming_days"] is None


def test_the_same_value_again_is_no_change(session: Database, admin: User) -> None:
    assert not change(session, admin, "route_days", "3")
    assert recorded(session, Event.SETTING_CHANGED) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("upcoming_days", "-1"),
        ("upcoming_days", "366"),
        ("upcoming_days", "1.5"),
        ("upcoming_days", "١٢"),
        ("upcoming_days", ""),
        ("offer_unanswered_days", "0"),
        ("draft_deleted_days", "13"),
        ("draft_hidden_days", "29"),
        ("route_days", "0"),
        ("route_early_days", "4"),
        ("helpline_phone", "ask the front desk"),
        ("helpline_phone", ""),
        ("helpline_hours", " "),
        ("helpline_hours", "Mon\x00day"),
        ("consent_wording_version", "a version with blanks"),
        ("consent_wording_version", "2" * 21),
    ],
)
def test_a_value_that_cannot_work_is_refused(
    session: Database, admin: User, name: str, value: str
) -> None:
    before = session.get_one(Setting, name).value
    with pytest.raises(Refused) as refused:
        change(session, admin, name, value)
    assert set(refused.value.problems) == {"value"}
    assert session.get_one(Setting, name).value == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("upcoming_days", "0"),
        ("upcoming_days", "365"),
        ("helpline_phone", "(212) 555-0100 ext. 4"),
        ("helpline_hours", "Every day, 8 AM to 8 PM"),
        ("consent_wording_version", "2027-1.b"),
    ],
)
def test_a_value_of_the_right_kind_is_taken(
    session: Database, admin: User, name: str, value: str
) -> None:
    assert change(session, admin, name, value)
    assert session.get_one(Setting, name).value == value


def test_who_changes_a_setting_that_somebody_else_just_changed_is_told(
    session: Database, admin: User
) -> None:
    change(session, admin, "upcoming_days", "20")
    with pytest.raises(AlreadyDone) as late:
        services.change_setting(
            session.get_one(Setting, "upcoming_days"),
            "30",
            seen="14",
            actor=admin.as_actor(),
            now=NOW,
        )
    assert (late.value.by, late.value.at) == ("Gordon Ferris", NOW)
    assert setting_days("upcoming_days") == 20


def test_every_setting_is_of_a_kind_that_its_first_value_passes(
    session: Database, admin: User
) -> None:
    for setting in session.scalars(select(Setting)).all():
        assert not change(session, admin, setting.name, setting.value)
    kinds = {SettingKind.of(row.name) for row in settings()}
    assert kinds == set(SettingKind)
