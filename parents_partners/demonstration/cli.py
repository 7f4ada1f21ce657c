"""`flask --app app demo …`: the demonstration's people and families."""

import json

import click
from flask.cli import AppGroup

from parents_partners.core.commands import one_transaction
from parents_partners.core.words import count_words
from parents_partners.demonstration.load import load
from parents_partners.demonstration.people import one_per_role, others

commands = AppGroup("demo", help="The demonstration: invented people and families.")


@commands.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="A JSON array instead of lines.")
def list_accounts(as_json: bool) -> None:
    """Who can sign in to the demonstration, and with which password: first one of each role."""
    people = [*one_per_role(), *others()]
    if as_json:
        listed = [
            {
                "email": person.email,
                "password": person.password,
                "role": person.role.value,
                "name": person.name,
                "organisation": person.organisation,
                "unit": person.unit,
            }
            for person in people
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for person in people:
        where = person.unit or person.organisation
        click.echo(
            f"{person.email}  {person.password}  {person.role.label}  {person.name}, {where}"
        )


@commands.command("load")
def load_demonstration() -> None:
    """Fill an empty database with invented people and families, moved to today."""
    with one_transaction() as now:
        number = load(now=now)
    click.echo(f"Loaded {count_words(number, 'referral')} and what became of them.", err=True)
