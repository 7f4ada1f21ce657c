"""One committed world for all access tests; each test undoes what it did to it."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from parents_partners.core.db import db
from tests.access.world import World, make_world
from tests.databases import Database, app_on
from tests.factories import NOW
from tests.unfinished_work import watch_for_unfinished_work


@pytest.fixture(scope="session")
def app_and_world(database: Database) -> Iterator[tuple[Flask, World]]:
    with app_on(database.fresh("access")) as app:
        watch_for_unfinished_work(app)
        with app.app_context(), time_machine.travel(NOW, tick=False):
            world = make_world()
            db.session.remove()
        yield app, world


@pytest.fixture(scope="session")
def app(app_and_world: tuple[Flask, World]) -> Flask:
    """In place of the empty one: every other fixture follows."""
    return app_and_world[0]


@pytest.fixture(scope="session")
def world(app_and_world: tuple[Flask, World]) -> World:
    return app_and_world[1]
