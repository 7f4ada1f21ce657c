"""A duplicate is one step from the referral that goes on. Until now one could be marked with a
referral that was marked itself later, and whoever looked one step only did not find the family."""

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ONE_STEP_LESS = text(
    "UPDATE referral SET version = version + 1, duplicate_of_id = ("
    "SELECT original.duplicate_of_id FROM referral original"
    " WHERE original.id = referral.duplicate_of_id) "
    "WHERE duplicate_of_id IN (SELECT id FROM referral WHERE duplicate_of_id IS NOT NULL)"
)
TURNS = 32  # each halves the way of all of them


def upgrade():
    for _ in range(TURNS):
        if not op.get_bind().execute(ONE_STEP_LESS).rowcount:
            break


def downgrade():
    """One step was right before, too."""
