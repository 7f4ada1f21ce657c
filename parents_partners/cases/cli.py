"""`flask --app app conflicts …`: colleagues who must never see a family."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from parents_partners.accounts.models import User
from parents_partners.accounts.services import user_with_email
from parents_partners.accounts.types import COMMAND_LINE
from parents_partners.cases.models import Case, Conflict
from parents_partners.cases.services.conflicts import end_conflict, record_conflict
from parents_partners.core.commands import one_transaction
from parents_partners.core.db import db
from parents_partners.core.text import case_number_key

commands = AppGroup("conflicts", help="Colleagues who must never see a family.")


@commands.command("add")
@click.argument("email")
@click.option("--case-number", help="The family's case number, however it is written.")
@click.option("--case", "case_id", help="The id at the end of the address of the family's page.")
def add(email: str, case_number: str | None, case_id: str | None) -> None:
    """Keep the colleague with this e-mail address away from a family."""
    number_key = case_number_key(case_number or "") or None
    if not number_key and not case_id:
        raise click.ClickException("Say which family: --case-number or --case.")
    with one_transaction() as now:
        user = user_with_email(email)
        if user is None:
            raise click.ClickException("There is no account with this e-mail address.")
        case = db.session.scalar(select(Case).where(Case.public_id == case_id)) if case_id else None
        if case_id and case is None:
            raise click.ClickException("There is no family's page with this id.")
        conflict = record_conflict(
            user.id, case=case, number_key=number_key, actor=COMMAND_LINE, now=now
        )
        number = conflict.id
    click.echo(f"Entry {number} is in force.")


@commands.command("end")
@click.argument("number", type=int)
def end(number: int) -> None:
    """End the entry with this number; `conflicts list` shows the numbers."""
    with one_transaction() as now:
        conflict = db.session.get(Conflict, number)
        if conflict is None:
            raise click.ClickException("There is no entry with this number.")
        end_conflict(conflict, actor=COMMAND_LINE, now=now)


@commands.command("list")
def list_conflicts() -> None:
    """Entries in force: number, colleague, day, and the family's case id or case number."""
    entries = db.session.execute(
        select(Conflict, User.email, Case.public_id)
        .join(User, User.id == Conflict.user_id)
        .outerjoin(Case, Case.id == Conflict.case_id)
        .where(Conflict.ended_at.is_(None))
        .order_by(Conflict.id)
    )
    for conflict, email, case_id in entries:
        family = f"case {case_id}" if case_id else f"case number {conflict.number_key}"
        click.echo(f"{conflict.id}  {email}  {conflict.recorded_at:%Y-%m-%d}  {family}")
