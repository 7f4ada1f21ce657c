"""What an operator does with accounts and the conflict list."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts import queries, services
from parents_partners.accounts.models import Organisation, User
from parents_partners.accounts.types import COMMAND_LINE, NewUser, OrganisationKind, Role
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Conflict
from parents_partners.core.errors import Refused
from parents_partners.demonstration.people import PEOPLE, load_people
from tests.conftest import Statements
from tests.factories import NOW, make_family, make_organisation, make_unit, make_user

Database = scoped_session[Session]
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, session: Database) -> Run:
    def run(*words: str, exit_code: int = 0, **options: str) -> Result:
        session.flush()
        result = app.test_cli_runner().invoke(args=words, **options)
        assert result.exit_code == exit_code, result.output
        return result

    return run


def events(session: Database) -> list[Event]:
    return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))


def new_user(**changes: object) -> NewUser:
    values = {
        "email": "ana@example.org",
        "name": "Ana Ruiz",
        "role": Role.REFERRER,
        "organisation": "Harborview",
        "password_hash": "hash",
    }
    return NewUser(**(values | changes))  # type: ignore[arg-type]


def test_an_organisation_is_known_however_its_name_is_written(session: Database) -> None:
    first = services.known_or_new_organisation(
        "Gowanus Bridge Family Care", actor=COMMAND_LINE, now=NOW
    )
    again = services.known_or_new_organisation(
        "GOWANUS BRIDGE  family-care", actor=COMMAND_LINE, now=NOW
    )
    assert again is first
    assert first.kind is OrganisationKind.UNKNOWN
    assert events(session) == [Event.ORGANISATION_CREATED]


def test_a_known_name_is_no_new_organisation(session: Database) -> None:
    make_organisation("Harborview")
    with pytest.raises(Refused, match="already an organisation"):
        services.add_organisation(
            "HARBORVIEW", OrganisationKind.ACS_OFFICE, actor=COMMAND_LINE, now=NOW
        )


def test_all_that_is_wrong_with_a_new_account_is_said_at_once(session: Database) -> None:
    with pytest.raises(Refused) as raised:
        services.add_user(
            new_user(email="nobody", name=" ", unit="Nowhere"), actor=COMMAND_LINE, now=NOW
        )
    assert set(raised.value.problems) == {"email", "name", "organisation", "unit"}
    assert session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.SUPERVISOR])
def test_specialists_and_supervisors_belong_to_a_unit(session: Database, role: Role) -> None:
    """PP-03."""
    make_organisation("Harborview")
    with pytest.raises(Refused, match="needs a unit"):
        services.add_user(new_user(role=role), actor=COMMAND_LINE, now=NOW)


def test_one_address_has_one_account(session: Database) -> None:
    make_organisation("Harborview")
    services.add_user(new_user(email="Ana@Example.org"), actor=COMMAND_LINE, now=NOW)
    with pytest.raises(Refused, match="already an account"):
        services.add_user(new_user(email="ANA@example.org"), actor=COMMAND_LINE, now=NOW)


def test_the_command_line_adds_an_account_and_shows_its_password_once(
    session: Database, run: Run
) -> None:
    run("accounts", "organisation", "add", "Harborview", "--kind", "contract_agency")
    run("accounts", "unit", "add", "Uptown")
    words = ("accounts", "user", "add", "ana@example.org", "--name", "Ana Ruiz")
    result = run(*words, "--role", "supervisor", "--organisation", "harborview", "--unit", "Uptown")
    user = session.scalars(select(User)).one()
    assert (user.name, user.role) == ("Ana Ruiz", Role.SUPERVISOR)
    password = result.output.strip().split()[-1]
    assert user.verify_and_update_password(password)
    assert password not in run("accounts", "list").output
    assert "ana@example.org" in run("accounts", "list").output
    assert events(session) == [
        Event.ORGANISATION_CREATED,
        Event.UNIT_CREATED,
        Event.ACCOUNT_CREATED,
    ]


def test_a_password_that_is_asked_for_is_not_shown(session: Database, run: Run) -> None:
    user = make_user(Role.ADMIN)
    typed = "a pass phrase of mine\n"
    result = run("accounts", "user", "password", user.email, "--ask-password", input=typed * 2)
    session.refresh(user)
    assert "a pass phrase of mine" not in result.output
    assert user.verify_and_update_password("a pass phrase of mine")


def test_a_weak_password_is_refused_in_words(session: Database, run: Run) -> None:
    user = make_user(Role.ADMIN)
    words = ("accounts", "user", "password", user.email, "--ask-password")
    result = run(*words, input="short\nshort\n", exit_code=1)
    assert "12 to 200 characters" in result.output


def test_a_refusal_on_the_command_line_is_words_and_nothing_stored(
    session: Database, run: Run
) -> None:
    words = ("accounts", "user", "add", "ana@example.org", "--name", "Ana", "--role", "admin")
    result = run(*words, "--organisation", "Nobody's", exit_code=1)
    assert "There is no organisation of this name. Add it first." in result.output
    assert session.scalar(select(func.count()).select_from(User)) == 0


def test_disabling_says_so_and_cannot_be_done_twice(session: Database, run: Run) -> None:
    user = make_user(Role.REFERRER)
    before = user.fs_uniquifier
    run("accounts", "user", "disable", user.email)
    session.refresh(user)
    assert not user.active
    assert user.fs_uniquifier != before
    assert events(session) == [Event.ACCOUNT_DISABLED]
    result = run("accounts", "user", "disable", user.email, exit_code=1)
    assert "disabled already" in result.output


def test_the_list_of_accounts_goes_on_where_it_stopped(
    session: Database, statements: Statements
) -> None:
    names = [f"Person {number:03}" for number in range(7)]
    for name in reversed(names):
        make_user(Role.REFERRER, name=name)
    statements.texts.clear()
    first = queries.accounts(size=3)
    assert len(statements) == 1
    second = queries.accounts(after=first.next_key, size=3)
    third = queries.accounts(after=second.next_key, size=3)
    listed = [row.name for page in (first, second, third) for row in page.rows]
    assert listed == names
    assert third.next_key is None


def test_the_conflict_list_is_kept_by_case_number_or_by_case(session: Database, run: Run) -> None:
    user, case = make_user(Role.HELPLINE), make_family()
    run("conflicts", "add", user.email, "--case-number", "s 012345-6")
    run("conflicts", "add", user.email, "--case", case.public_id)
    by_number, by_case = session.scalars(select(Conflict).order_by(Conflict.id)).all()
    assert by_number.number_key == "S0123456"
    assert by_case.case_id == case.id
    listed = run("conflicts", "list").output
    assert f"{user.email}  2026-11-21  case number S0123456" in listed
    run("conflicts", "end", str(by_number.id))
    assert "S0123456" not in run("conflicts", "list").output
    assert events(session)[-3:] == [
        Event.CONFLICT_RECORDED,
        Event.CONFLICT_RECORDED,
        Event.CONFLICT_ENDED,
    ]
    result = run("conflicts", "end", str(by_number.id), exit_code=1)
    assert "ended already" in result.output


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("nobody@example.org", "--case-number", "S1"), "no account with this e-mail"),
        (("{email}",), "Say which family"),
        (("{email}", "--case-number", "--"), "Say which family"),
        (("{email}", "--case", "0" * 20), "no family's page with this id"),
    ],
)
def test_an_entry_that_names_nobody_or_no_family_is_refused(
    session: Database, run: Run, words: tuple[str, ...], answer: str
) -> None:
    user = make_user(Role.HELPLINE)
    given = [word.format(email=user.email) for word in words]
    assert answer in run("conflicts", "add", *given, exit_code=1).output
    assert session.scalar(select(func.count()).select_from(Conflict)) == 0


def test_the_demonstrations_people_are_loaded_once_and_never_into_a_real_database(
    session: Database,
) -> None:
    load_people(now=NOW)
    assert session.scalar(select(func.count()).select_from(User)) == len(PEOPLE)
    assert session.scalar(select(func.count()).select_from(Organisation)) == 5
    with pytest.raises(Refused, match="accounts already"):
        load_people(now=NOW)


def test_the_demonstrations_accounts_are_listed_for_machines(run: Run) -> None:
    import json

    listed = json.loads(run("demo", "accounts", "--json").output)
    assert len(listed) == len(PEOPLE)
    assert set(listed[0]) == {"email", "password", "role", "name", "organisation", "unit"}


def test_a_unit_has_one_name(session: Database) -> None:
    make_unit("Uptown")
    with pytest.raises(Refused, match="already a unit"):
        services.add_unit(" Uptown ", actor=COMMAND_LINE, now=NOW)


def test_no_command_changes_an_account_without_writing_it_down(app: Flask) -> None:
    """Flask-Security brings commands of its own, which know nothing of the audit log."""
    assert not {"users", "roles"} & app.cli.commands.keys()
    assert "accounts" in app.cli.commands
