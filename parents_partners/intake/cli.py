import click
from flask.cli import AppGroup

from parents_partners.core import clock
from parents_partners.core.db import db
from parents_partners.core.words import count_words
from parents_partners.intake import services

commands = AppGroup("drafts", help="Referrals that somebody is still typing.")


@commands.command("delete-old")
def delete_old() -> None:
    """Delete the drafts that nobody touched for draft_deleted_days days."""
    deleted = services.delete_old(now=clock.now())
    db.session.commit()
    click.echo(f"Deleted {count_words(deleted, 'draft')}.")
