"""What an agency saves of its referrals: where each stands, which may name its Family Specialist
but nobody of the family (security.md)."""

from datetime import datetime

from parents_partners.accounts.types import Actor
from parents_partners.audit.exports import Export
from parents_partners.core.clock import programme_zone
from parents_partners.core.local_time import local_day
from parents_partners.core.paging import every_row
from parents_partners.core.spreadsheets import Sheet
from parents_partners.referrals.queries import referrals_for
from parents_partners.referrals.types import Shown

REFERRALS = Export(
    name="referrals",
    title="Save the referrals as a file",
    list_page="referrals.referrals",
    heads=("Reference", "Received on", "Stage", "Where it stands"),
    asks_why=False,
)


def referrals_sheet(viewer: Actor, *, now: datetime) -> Sheet:
    """Every referral that the viewer may see, open or not."""
    zone = programme_zone()
    return Sheet(
        REFERRALS.heads,
        (
            (
                row.reference,
                local_day(row.received_at, zone),
                row.standing.stage.label,
                row.standing.words,
            )
            for row in every_row(
                lambda after: referrals_for(viewer, after, shown=Shown.ALL, now=now)
            )
        ),
    )
