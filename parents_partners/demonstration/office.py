"""What an administrator finds in the demonstration: an invitation that nobody used yet, an account
of somebody who left, and a name of an organisation that an import brought."""

from datetime import datetime, timedelta

from sqlalchemy import select

from parents_partners.accounts import passwords, services
from parents_partners.accounts.models import User
from parents_partners.accounts.types import AccountCommand, NewUser, Role
from parents_partners.core.db import db

SPELLING = "HARBORVIEW FAM. SERVICES"
INVITED = AccountCommand(
    name="Delphine Okonkwo-Reyes",
    email="delphine.okonkwo-reyes@example.org",
    role=Role.REFERRER,
    organisation="Dyckman Street Family Partners",
    title="Case Planner",
    phone="(212) 555-0186",
)
LEFT = AccountCommand(
    name="Terrence Abernathy",
    email="terrence.abernathy@example.org",
    role=Role.REFERRER,
    organisation="Gowanus Bridge Family Care",
    title="Case Planner",
    phone="(718) 555-0187",
)


def load_office(*, now: datetime) -> None:
    """Play it, by the administrator of the demonstration."""
    admin = db.session.scalars(
        select(User).where(User.role == Role.ADMIN).order_by(User.id).limit(1)
    ).one()
    actor = admin.as_actor()
    unknown_password = passwords.hashed(passwords.generated())
    left = services.add_user(
        NewUser(**vars(LEFT), password_hash=unknown_password),
        actor=actor,
        now=now - timedelta(days=200),
    )
    services.disable_user(left, actor=actor, now=now - timedelta(days=20))
    services.invite(INVITED, actor=actor, now=now - timedelta(days=1))
    services.known_or_new_organisation(SPELLING, actor=actor, now=now - timedelta(days=2))
