from sqlalchemy import select, tuple_

from parents_partners.accounts.models import Organisation, Unit, User
from parents_partners.accounts.types import AccountRow
from parents_partners.core.db import db
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key


def accounts(*, after: str | None = None, size: int = PAGE_SIZE) -> Page[AccountRow]:
    """Everybody who has or had an account, by name. `after` is a page's `next_key`."""
    chosen = (
        select(
            User.id,
            User.public_id,
            User.name,
            User.email,
            User.role,
            Organisation.name,
            Unit.name,
            User.active,
        )
        .join(User.organisation)
        .outerjoin(User.unit)
        .order_by(User.name, User.id)
        .limit(size + 1)
    )
    match read_key(after):
        case (str() as name, int() as user_id):
            chosen = chosen.where(tuple_(User.name, User.id) > tuple_(name, user_id))
    rows = [AccountRow(*row) for row in db.session.execute(chosen)]
    return page_of(rows, lambda row: (row.name, row.id), size)
