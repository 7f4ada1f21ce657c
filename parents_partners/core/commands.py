"""The command line's edge: what a command does is one transaction, as what a request does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from parents_partners.core import clock
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused


@contextmanager
def one_transaction() -> Iterator[datetime]:
    """Gives the time of this command, and commits at its end. A refusal undoes everything and
    ends the command with its words and exit code 1."""
    try:
        yield clock.now()
    except Refused as refused:
        db.session.rollback()
        raise click.ClickException("\n".join(refused.problems.values())) from None
    except AlreadyDone as done:
        db.session.rollback()
        raise click.ClickException(done.what) from None
    except BaseException:
        db.session.rollback()
        raise
    db.session.commit()
