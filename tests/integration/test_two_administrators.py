"""Two administrators act at the same moment. Commits are real, on a database of the test's own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from parents_partners.accounts import services
from parents_partners.accounts.models import Organisation, Unit, User
from parents_partners.accounts.reference import services as services_of_lists
from parents_partners.accounts.reference.types import EntryCommand
from parents_partners.accounts.types import (
    AccountCommand,
    Actor,
    OrganisationCommand,
    OrganisationKind,
    Role,
)
from parents_partners.core.db import db
from parents_partners.core.errors import Absent, AlreadyDone, NotPermitted, Refused
from tests.factories import NOW, make_organisation, make_unit, make_user

ROUNDS = 15
LOST = (Absent, AlreadyDone, NotPermitted, Refused)


def at_once(app: Flask, *acts: Callable[[], object]) -> list[bool]:
    """Which of the acts were done; each in a transaction of its own."""
    barrier = Barrier(len(acts), timeout=30)

    def take_part(act: Callable[[], object]) -> bool:
        barrier.wait()
        with app.app_context():
            try:
                act()
                db.session.commit()
            except LOST:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(take_part, acts))


def test_two_administrators_who_disable_each_other_leave_one(own_database: Flask) -> None:
    def disable(user_id: int, actor: Actor) -> None:
        services.disable_user(db.session.get_one(User, user_id), actor=actor, now=NOW)

    with own_database.app_context():
        ids = [make_user(Role.ADMIN).id for _ in range(2)]
        db.session.commit()
    for _ in range(ROUNDS):
        with own_database.app_context():
            for user in db.session.scalars(select(User)):
                user.active = True
            db.session.commit()
            one, other = (db.session.get_one(User, user_id).as_actor() for user_id in ids)
        done = at_once(own_database, partial(disable, ids[1], one), partial(disable, ids[0], other))
        with own_database.app_context():
            left = db.session.scalar(select(func.count()).select_from(User).where(User.active))
        assert (sorted(done), left) == ([False, True], 1)


def test_a_link_that_is_used_twice_at_once_is_used_once(own_database: Flask) -> None:
    with own_database.app_context():
        admin, user = make_user(Role.ADMIN), make_user(Role.REFERRER)
        db.session.commit()
        actor, user_id = admin.as_actor(), user.id
    for _ in range(ROUNDS):
        with own_database.app_context():
            token = services.make_link(
                db.session.get_one(User, user_id), actor=actor, now=NOW
            ).token
            db.session.commit()
        done = at_once(
            own_database,
            partial(services.choose_password, token, "one", now=NOW),
            partial(services.choose_password, token, "other", now=NOW),
        )
        assert sorted(done) == [False, True]


def test_two_spellings_linked_to_each_other_at_once_make_no_ring(own_database: Flask) -> None:
    def link(one_id: int, other_id: int, actor: Actor) -> None:
        one, other = (db.session.get_one(Organisation, key) for key in (one_id, other_id))
        services.link_spelling(one, other, actor=actor, now=NOW)

    with own_database.app_context():
        one, other = make_organisation().id, make_organisation().id
        admin = make_user(Role.ADMIN)
        db.session.commit()
        actor = admin.as_actor()
    for _ in range(ROUNDS):
        with own_database.app_context():
            for organisation in db.session.scalars(select(Organisation)):
                organisation.same_as_id = None
            db.session.commit()
        done = at_once(
            own_database, partial(link, one, other, actor), partial(link, other, one, actor)
        )
        assert sorted(done) == [False, True]


def add_entry(number: int, admin: Actor) -> None:
    services_of_lists.add_entry("concern", EntryCommand(f"Concern {number}"), actor=admin, now=NOW)


def add_organisation(number: int, admin: Actor) -> None:
    kind = OrganisationKind.ACS_OFFICE
    services.add_organisation(f"Office {number}", kind, actor=admin, now=NOW)


def add_unit(number: int, admin: Actor) -> None:
    services.add_unit(f"Unit no. {number}", actor=admin, now=NOW)


def invite(number: int, admin: Actor) -> None:
    command = AccountCommand(
        email=f"ana{number}@example.org",
        name="Ana Ruiz",
        role=Role.REFERRER,
        organisation="Harborview",
    )
    services.invite(command, actor=admin, now=NOW)


@pytest.mark.parametrize("add", [add_entry, add_organisation, add_unit, invite])
def test_of_two_who_add_the_same_at_once_the_second_is_told_that_it_is_there(
    own_database: Flask, add: Callable[[int, Actor], None]
) -> None:
    with own_database.app_context():
        make_organisation("Harborview")
        admin = make_user(Role.ADMIN).as_actor()
        db.session.commit()
    for number in range(ROUNDS):
        done = at_once(own_database, *[partial(add, number, admin)] * 2)
        assert sorted(done) == [False, True]


def rename_unit(place: int, ids: list[int], number: int, admin: Actor) -> None:
    unit = db.session.get_one(Unit, ids[place])
    services.rename_unit(unit, f"Uptown {number}", seen=unit.name, actor=admin, now=NOW)


def rename_organisation(place: int, ids: list[int], number: int, admin: Actor) -> None:
    organisation = db.session.get_one(Organisation, ids[place])
    seen = OrganisationCommand(organisation.name, organisation.kind)
    command = OrganisationCommand(f"Harborview {number}", organisation.kind)
    services.change_organisation(organisation, command, seen=seen, actor=admin, now=NOW)


@pytest.mark.parametrize(
    ("change", "make"),
    [(rename_unit, make_unit), (rename_organisation, make_organisation)],
)
def test_of_two_who_change_two_into_the_same_at_once_the_second_is_told_that_it_is_there(
    own_database: Flask,
    change: Callable[[int, list[int], int, Actor], None],
    make: Callable[[], Unit | Organisation],
) -> None:
    with own_database.app_context():
        admin = make_user(Role.ADMIN).as_actor()
        ids = [make().id for _ in range(2)]
        db.session.commit()
    for number in range(ROUNDS):
        acts = [partial(change, place, ids, number, admin) for place in range(2)]
        assert sorted(at_once(own_database, *acts)) == [False, True]
