"""`flask --app app specialists …` and `flask --app app offers …`."""

from datetime import date

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from parents_partners.accounts.models import User
from parents_partners.accounts.services import user_with_email
from parents_partners.accounts.types import COMMAND_LINE
from parents_partners.advocates.models import Specialist
from parents_partners.advocates.services import profiles, routing
from parents_partners.advocates.types import AgeBand, Profile
from parents_partners.cases.types import Borough
from parents_partners.core.commands import one_transaction
from parents_partners.core.db import db
from parents_partners.core.local_time import Unreadable, read_date

specialists = AppGroup("specialists", help="Family Specialists' working profiles.")
offers = AppGroup("offers", help="Offers to Family Specialists.")


@specialists.command("set")
@click.argument("email")
@click.option("--capacity", type=int, required=True, help="How many families they can carry.")
@click.option("--language", "languages", multiple=True, help="A code of the list of languages.")
@click.option(
    "--borough", "boroughs", multiple=True, type=click.Choice([one.value for one in Borough])
)
@click.option(
    "--age-band", "age_bands", multiple=True, type=click.Choice([one.value for one in AgeBand])
)
@click.option("--takes", "concerns_taken", multiple=True, help="A code of the list of concerns.")
@click.option(
    "--will-not-take", "concerns_not_taken", multiple=True, help="Never offered such a family."
)
def set_profile(email: str, **values: object) -> None:
    """Give a Family Specialist their profile, or put another in its place. Options that may
    come several times: --language es --language en."""
    with one_transaction() as now:
        profiles.set_profile(
            _user(email),
            Profile(**values),  # type: ignore[arg-type]
            actor=COMMAND_LINE,
            now=now,
        )


@specialists.command("away")
@click.argument("email")
@click.argument("first_day")
@click.argument("last_day")
def away(email: str, first_day: str, last_day: str) -> None:
    """Days on which nothing is offered to them, both included, like 2026-12-08. No reason."""
    with one_transaction() as now:
        specialist = db.session.get(Specialist, _user(email).id)
        if specialist is None:
            raise click.ClickException("This Family Specialist has no profile yet.")
        profiles.be_away(specialist, _day(first_day), _day(last_day), actor=COMMAND_LINE, now=now)


@specialists.command("list")
def list_specialists() -> None:
    """Every profile: e-mail address, capacity, languages, boroughs."""
    for profile in db.session.scalars(
        select(Specialist)
        .join(Specialist.user)
        .order_by(User.email)
        .options(joinedload(Specialist.user))
    ):
        columns = (
            profile.user.email,
            str(profile.capacity),
            ",".join(profile.languages),
            ",".join(profile.boroughs),
        )
        click.echo("\t".join(columns))


@offers.command("lapse")
def lapse() -> None:
    """Let the offers lapse that were not answered in time. Run it every few minutes."""
    with one_transaction() as now:
        lapsed = routing.lapse_unanswered(now=now)
    click.echo(f"Lapsed: {lapsed}")


def _user(email: str) -> User:
    user = user_with_email(email)
    if user is None:
        raise click.ClickException("There is no account with this e-mail address.")
    return user


def _day(text: str) -> date:
    try:
        return read_date(text)
    except Unreadable as error:
        raise click.ClickException(str(error)) from None
