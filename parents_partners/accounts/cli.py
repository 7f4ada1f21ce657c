"""`flask --app app accounts …`: organisations, units and the people who sign in."""

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup

from parents_partners.accounts import passwords, queries, services
from parents_partners.accounts.models import User
from parents_partners.accounts.types import (
    COMMAND_LINE,
    AccountRow,
    NewUser,
    OrganisationKind,
    Role,
)
from parents_partners.core.commands import one_transaction
from parents_partners.core.paging import every_row

commands = AppGroup("accounts", help="Organisations, units and the people who sign in.")
organisations = AppGroup("organisation", help="The programme, ACS offices and contract agencies.")
units = AppGroup("unit", help="Units of Family Specialists and their supervisors.")
users = AppGroup("user", help="People who sign in.")
for group in (organisations, units, users):
    commands.add_command(group)

ask_password = click.option(
    "--ask-password", is_flag=True, help="Ask for the password instead of making one up."
)


@organisations.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]), required=True)
def add_organisation(name: str, kind: str) -> None:
    """Add an organisation."""
    with one_transaction() as now:
        services.add_organisation(name, OrganisationKind(kind), actor=COMMAND_LINE, now=now)


@units.command("add")
@click.argument("name")
def add_unit(name: str) -> None:
    """Add a unit."""
    with one_transaction() as now:
        services.add_unit(name, actor=COMMAND_LINE, now=now)


@users.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name, as colleagues read it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--organisation", required=True, help="The name of their organisation.")
@click.option("--unit", help="The name of their unit: Family Specialists and supervisors need one.")
@click.option("--title", help="What they are called at work, for example Case Planner.")
@click.option("--phone")
@ask_password
def add_user(
    email: str,
    name: str,
    role: str,
    organisation: str,
    unit: str | None,
    title: str | None,
    phone: str | None,
    ask_password: bool,
) -> None:
    """Add an account. Prints its password once, unless --ask-password asks for it."""
    password = _password(ask_password, email, name)
    with one_transaction() as now:
        new = NewUser(
            email=email,
            name=name,
            role=Role(role),
            organisation=organisation,
            unit=unit,
            title=title,
            phone=phone,
            password_hash=passwords.hashed(password),
        )
        services.add_user(new, actor=COMMAND_LINE, now=now)
    _show(password, ask_password)


@users.command("disable")
@click.argument("email")
def disable_user(email: str) -> None:
    """Let nobody sign in with this account, and end its sessions at once."""
    with one_transaction() as now:
        services.disable_user(_user(email), actor=COMMAND_LINE, now=now)


@users.command("password")
@click.argument("email")
@ask_password
def change_password(email: str, ask_password: bool) -> None:
    """Give an account another password, and end its sessions."""
    password = _password(ask_password, email)
    with one_transaction() as now:
        hashed = passwords.hashed(password)
        services.change_password(_user(email), hashed, actor=COMMAND_LINE, now=now)
    _show(password, ask_password)


@commands.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_accounts(as_json: bool) -> None:
    """Everybody who has or had an account, by name."""
    for row in every_row(lambda after: queries.accounts(after=after)):
        click.echo(_as_json(row) if as_json else _as_line(row))


def _user(email: str) -> User:
    found = services.user_with_email(email)
    if found is None:
        raise click.ClickException("There is no account with this e-mail address.")
    return found


def _password(ask: bool, *known: str) -> str:
    if not ask:
        return passwords.generated()
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if problem := passwords.problem_with_password(typed, known):
        raise click.ClickException(problem)
    return typed


def _show(password: str, asked: bool) -> None:
    if not asked:
        click.echo(f"The password, shown once: {password}")


def _as_json(row: AccountRow) -> str:
    return json.dumps(asdict(row), ensure_ascii=False)


def _as_line(row: AccountRow) -> str:
    where = row.organisation + (f", {row.unit}" if row.unit else "")
    state = "" if row.active else " (disabled)"
    return f"{row.email}  {row.name}  {row.role.label}  {where}{state}"
