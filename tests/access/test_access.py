"""S-01: every route, by every role, on one's own, another's and no object at all."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.core.permissions import is_public
from parents_partners.referrals.submission import Section
from tests.access.outcomes import COLUMNS, Outcome, declared
from tests.access.world import World, put_on_conflict_list
from tests.browser import Browser
from tests.conftest import Statements

OpenBrowser = Callable[[User | None], Browser]
NOBODYS_ID = "0" * 20
SAFE = {"GET"}
LET_IN = {200, 204, 302, 303, 409, 422}
"""Let in: shown, done, or refused for what was sent, never for who sent it."""

COLLEAGUES = {Role.HELPLINE, Role.SPECIALIST, Role.SUPERVISOR}
OF_A_DRAFT = {f"intake.{name}" for name in ("step", "save_step", "autosave", "check", "submit")} | {
    "intake.delete"
}

ABOUT_A_COLLEAGUE = {
    f"advocates.{name}"
    for name in ("specialist", "save_specialist", "add_days_away_for", "end_days_away_for")
}

each_cell = pytest.mark.parametrize("cell", declared(), ids=str)
each_route = pytest.mark.parametrize(
    "cell", [cell for cell in declared() if cell.role is COLUMNS[0]], ids=str
)


def routes_of(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        if not is_public(app.view_functions[rule.endpoint]):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule


def test_every_route_is_declared_and_every_declared_route_is_there(app: Flask) -> None:
    routes = {(method, rule.endpoint) for method, rule in routes_of(app)}
    assert {(cell.method, cell.endpoint) for cell in declared()} == routes


def test_every_parameter_of_an_address_has_an_object_in_the_world(app: Flask, world: World) -> None:
    for _method, rule in routes_of(app):
        ids = {object_named(rule, name) for name in rule.arguments - {"section"}}
        assert ids <= world.own[Role.SUPERVISOR].keys(), rule.rule


@each_cell
def test_a_role_reaches_what_the_table_says(
    cell: Outcome,
    app: Flask,
    world: World,
    browser_for: OpenBrowser,
    session: scoped_session[Session],
    statements: Statements,
) -> None:
    browser = browser_for(session.get_one(User, world.users[cell.role]))
    request = Requests(app, browser, cell, statements)
    own, foreign = world.own[cell.role], world.foreign[cell.role]
    ids = request.ids

    if cell.word == "no":
        refused = [request.to(own), request.to(foreign)]
        refused += [request.to({**own, name: NOBODYS_ID}) for name in ids]
        assert [answer.status_code for answer in refused] == [403] * len(refused)
        assert request.written == []
        return

    for name in ids:
        absent = request.to({**own, name: NOBODYS_ID})
        another = request.to({**own, name: foreign[name]})
        assert absent.status_code == 404, name
        assert seen(another) == seen(absent), f"{name} tells that there is such a thing"
    assert request.written == []
    assert (cell.word == "own") == bool(ids)
    assert request.to(own).status_code in LET_IN
    if cell.method in SAFE:
        # S-12, second half: looking at something changes nothing but the log of who looked.
        assert [text for text in request.written if "INTO audit_event" not in text] == []


@pytest.mark.parametrize(
    "cell",
    [
        cell
        for cell in declared()
        if cell.word == "own"
        and cell.role in COLLEAGUES
        and cell.endpoint not in OF_A_DRAFT | ABOUT_A_COLLEAGUE
    ],
    ids=str,
)
def test_a_colleague_on_the_conflict_list_finds_nothing(
    cell: Outcome,
    app: Flask,
    world: World,
    browser_for: OpenBrowser,
    session: scoped_session[Session],
    statements: Statements,
) -> None:
    """Their own case, a relative's, a neighbour's: to them there is no such family."""
    user = session.get_one(User, world.users[cell.role])
    put_on_conflict_list(user, world)
    own = world.own[cell.role]
    request = Requests(app, browser_for(user), cell, statements)
    absent = request.to({**own, request.ids[0]: NOBODYS_ID})
    assert seen(request.to(own)) == seen(absent)
    assert absent.status_code == 404
    assert request.written == []


@each_route
def test_who_is_not_signed_in_reaches_nothing(
    cell: Outcome, app: Flask, world: World, browser_for: OpenBrowser, statements: Statements
) -> None:
    request = Requests(app, browser_for(None), cell, statements)
    own = world.own[Role.SUPERVISOR]
    answers = [request.to(own), request.to(dict.fromkeys(own, NOBODYS_ID))]
    for answer in answers:
        if cell.method in SAFE:
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/sign-in")
        else:
            assert answer.status_code == 401
    assert request.written == []


@each_route
def test_a_change_without_its_token_has_no_effect(
    cell: Outcome,
    app: Flask,
    world: World,
    browser_for: OpenBrowser,
    session: scoped_session[Session],
    statements: Statements,
) -> None:
    """S-12, first half."""
    if cell.method in SAFE:
        return
    for role in (other.role for other in declared() if other.endpoint == cell.endpoint):
        browser = browser_for(session.get_one(User, world.users[role]))
        request = Requests(app, browser, cell, statements)
        assert request.to(world.own[role], token=False).status_code in {400, 403}
        assert request.written == []


@each_route
def test_other_methods_are_refused_for_everybody(
    cell: Outcome,
    app: Flask,
    world: World,
    browser_for: OpenBrowser,
    session: scoped_session[Session],
    statements: Statements,
) -> None:
    browser = browser_for(session.get_one(User, world.users[Role.SUPERVISOR]))
    request = Requests(app, browser, cell, statements)
    path = request.address(world.own[Role.SUPERVISOR])
    known = {method for rule in matching(app, path) for method in rule.methods or ()}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
        answer = browser.request(method, path, data={"csrf_token": browser.token()})
        assert answer.status_code == 405, method
    assert request.written == []


class Requests:
    """Requests to one route by one browser, and what they wrote."""

    def __init__(self, app: Flask, browser: Browser, cell: Outcome, statements: Statements) -> None:
        self._app, self._browser, self._cell, self._statements = app, browser, cell, statements
        self._rule = next(
            rule
            for method, rule in routes_of(app)
            if (method, rule.endpoint) == (cell.method, cell.endpoint)
        )
        self._objects = {
            name: object_named(self._rule, name) for name in self._rule.arguments - {"section"}
        }
        self.ids = sorted(self._objects.values())
        statements.texts.clear()

    def address(self, ids: dict[str, str]) -> str:
        values: dict[str, object] = {name: ids[one] for name, one in self._objects.items()}
        if "section" in self._rule.arguments:
            values["section"] = Section.PARENTS
        adapter = self._app.url_map.bind("programme.example.org")
        return adapter.build(self._cell.endpoint, values, method=self._cell.method)

    def to(self, ids: dict[str, str], *, token: bool = True) -> TestResponse:
        data = {"csrf_token": self._browser.token()} if token else {}
        options = {} if self._cell.method in SAFE else {"data": data}
        return self._browser.request(self._cell.method, self.address(ids), **options)

    @property
    def written(self) -> list[str]:
        return self._statements.writing


def object_named(rule: Rule, parameter: str) -> str:
    """Which object of the world stands for a parameter: an offer is an assignment in its first
    state, nobody changes their own account, triage is about families without a specialist, and
    the helpline leaves a message about any family but those of the conflict list."""
    for beginning, name, other in (
        ("/accounts/<public_id:account_id>/", "account_id", "other_account_id"),
        ("/offers/", "assignment_id", "offer_id"),
        ("/triage/offers/", "assignment_id", "offer_id"),
        ("/triage/families/", "family_id", "waiting_family_id"),
        ("/referrals/<public_id:referral_id>/message", "referral_id", "reachable_id"),
        ("/referrals/<public_id:referral_id>/withdrawal-heard", "referral_id", "reachable_id"),
    ):
        if rule.rule.startswith(beginning) and parameter == name:
            return other
    return parameter


def matching(app: Flask, path: str) -> list[Rule]:
    """The rules that answer at this path, whatever the method."""
    adapter = app.url_map.bind("programme.example.org")
    allowed = adapter.allowed_methods(path)
    return [adapter.match(path, method=method, return_rule=True)[0] for method in allowed]


def seen(answer: TestResponse) -> tuple[int, dict[str, str], str]:
    """What an answer shows: all of it but the token of its forms and the id of the request."""
    hidden = {"set-cookie", "x-request-id", "content-length", "date"}
    headers = {name: value for name, value in answer.headers if name.lower() not in hidden}
    token = r'name="csrf_token"( type="hidden")? value="[^"]*"'
    return answer.status_code, headers, re.sub(token, "", answer.get_data(as_text=True))
