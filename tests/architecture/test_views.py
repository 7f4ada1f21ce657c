"""Nothing is reachable until someone wrote down who may reach it, and how its address looks."""

import re

import pytest
from flask import Flask

from parents_partners.core.permissions import (
    Permissions,
    is_public,
    permission_of,
    refuse_unmarked_views,
    requires,
)

PUBLIC = {"static", "security.login", "security.logout"} | {
    # docs/decisions/0021: the page of a link with which somebody chooses their password.
    "accounts.invitation",
    "accounts.choose_password",
}
"""All that somebody may reach who is not signed in. A new one is a decision."""


def test_a_view_without_a_mark_stops_the_start() -> None:
    app = Flask("broken", static_folder=None)
    app.add_url_rule("/open", "open", lambda: "for everybody")
    with pytest.raises(RuntimeError, match="open"):
        refuse_unmarked_views(app, Permissions())


def test_a_view_with_a_permission_that_nobody_declared_stops_the_start() -> None:
    app = Flask("broken", static_folder=None)
    app.add_url_rule("/x", "x", requires("family:raed")(lambda: "a slip of the pen"))
    with pytest.raises(RuntimeError, match="x"):
        refuse_unmarked_views(app, Permissions())


def test_every_view_says_who_may_reach_it(app: Flask) -> None:
    permissions: Permissions = app.extensions["permissions"]
    for endpoint, view in app.view_functions.items():
        assert is_public(view) != ((permission_of(view) or "") in permissions), endpoint


def test_only_the_known_views_are_public(app: Flask) -> None:
    assert {name for name, view in app.view_functions.items() if is_public(view)} <= PUBLIC


def test_every_permission_is_used_by_a_view_or_an_action(app: Flask) -> None:
    from parents_partners.reference_pages import LIFECYCLES

    used = {permission_of(view) for view in app.view_functions.values()} | {
        transition.permission for one in LIFECYCLES for transition in one.lifecycle.transitions
    }
    assert set(app.extensions["permissions"].names()) <= used


def test_every_parameter_of_an_address_has_a_type(app: Flask) -> None:
    """A plain `<name>` would take anything; `/static/` serves files by their path."""
    untyped = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if re.search(r"<(?![a-z_]+(\(.*?\))?:)|<string[:(]", rule.rule)
    ]
    assert untyped == []


def test_ids_in_addresses_are_random(app: Flask) -> None:
    """A counted number would tell how many families there are, and invite trying the next."""
    counted = [rule.rule for rule in app.url_map.iter_rules() if "<int" in rule.rule]
    assert counted == []


def test_addresses_are_written_in_small_letters_and_hyphens(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        fixed = re.sub(r"<[^>]+>", "x", rule.rule)
        assert re.fullmatch(r"/|(/[a-z0-9]+(-[a-z0-9]+)*)+", fixed), rule.rule


def test_a_view_that_changes_something_is_not_reached_by_a_link(app: Flask) -> None:
    """One view answers GET or POST: what is read and what is changed are told apart by edge,
    audit and tests. (The sign-in form is the extension's.)"""
    for rule in app.url_map.iter_rules():
        methods = set(rule.methods or ()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.startswith("security."):
            assert len(methods) == 1, (rule.rule, methods)
